/** How a state of Amazon States Language tries again. */
export function retry(errors: readonly string[]) {
  return {
    ErrorEquals: errors,
    IntervalSeconds: 10,
    BackoffRate: 2,
    MaxAttempts: 6,
    MaxDelaySeconds: 300,
    JitterStrategy: 'FULL',
  };
}

/**
 * A job whose room-wide number of runs is reached: nothing is wrong with the delivery, so it waits its turn. On average some 7
 * minutes between two tries, five days in all: then somebody is told.
 */
export const WAIT_FOR_TURN = {
  ...retry(['Glue.ConcurrentRunsExceededException', 'Glue.ResourceNumberLimitExceededException']),
  IntervalSeconds: 30,
  MaxDelaySeconds: 900,
  MaxAttempts: 1000,
};

/** Faults of Lambda itself, and of the network; what else a function throws is its answer. */
export const RETRY_LAMBDA = [
  retry([
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.TooManyRequestsException',
  ]),
  // It ended without an answer, or a call of its own had none and could not be made again, as what is streamed to S3 cannot: each
  // of them can be asked again, and does nothing twice.
  { ...retry(['Lambda.Unknown', 'Runtime.ExitError', 'Sandbox.Timedout', 'TimeoutError']), MaxAttempts: 2 },
];
