import { ROOM_EVENTS } from '../../domain/enforcement/room-events';
import { QUARANTINE_TAG } from '../../domain/room/quarantine-tag';
import { RETRY_LAMBDA, retry, WAIT_FOR_TURN } from '../shared/retry-faults';

/** What states name that are not functions or jobs. */
export interface WorkflowNames {
  /** E.g. `aws`. */
  readonly partition: string;
  /** Names of buckets. */
  readonly landing: string;
  readonly lake: string;
  /** Name of the room's event bus. */
  readonly bus: string;
}

/** FLEX jobs wait for machines: a day, then somebody is told. */
export const JOB_SECONDS = 86_400;
/** Every step that does something: refused, failed or timed out, it ends in a notice. */
export function catchInto(next: string) {
  return [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: next }];
}

/** Of a step that works on a delivery, which is then worked on no more. */
const CATCH = catchInto('FindDelivery');

/** Marks a delivered file, so that nobody reads it: the landing bucket sees to that. */
export function quarantine(key: string, next: string, parts: WorkflowNames) {
  return {
    Type: 'Task',
    Resource: callService(parts, 'aws-sdk:s3:putObjectTagging'),
    Parameters: {
      Bucket: parts.landing,
      'Key.$': key,
      Tagging: { TagSet: [{ Key: QUARANTINE_TAG.key, Value: QUARANTINE_TAG.value }] },
    },
    TimeoutSeconds: 60,
    Retry: [retry(['States.TaskFailed', 'States.Timeout'])],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.unmarked', Next: next }],
    ResultPath: null,
    Next: next,
  };
}

/**
 * Has the room write to whoever gave the delivery; the name of an error, not its cause, which may quote a row.
 * @param problems where what is wrong stands, in words that quote none
 */
export function tellGiver(key: string, parts: WorkflowNames, problems?: string) {
  const Detail = {
    'delivery.$': key,
    'run.$': '$$.Execution.Name',
    'error.$': '$.failure.Error',
    ...(problems === undefined ? {} : { 'problems.$': problems }),
  };
  return {
    Type: 'Task',
    Resource: callService(parts, 'events:putEvents'),
    Parameters: {
      Entries: [
        {
          Source: ROOM_EVENTS.source,
          DetailType: ROOM_EVENTS.deliveryWithheld,
          EventBusName: parts.bus,
          Detail,
        },
      ],
    },
    TimeoutSeconds: 60,
    Retry: [retry(['States.TaskFailed', 'States.Timeout'])],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.untold', Next: 'TellWhy' }],
    ResultPath: null,
    Next: 'TellWhy',
  };
}

export function callService({ partition }: WorkflowNames, action: string): string {
  return `arn:${partition}:states:::${action}`;
}

export function callFunction(arn: string, seconds: number) {
  return {
    Type: 'Task',
    Resource: arn,
    TimeoutSeconds: seconds,
    Retry: RETRY_LAMBDA,
    Catch: CATCH,
  };
}

export function runJob(job: string, parts: WorkflowNames) {
  return {
    Type: 'Task',
    Resource: callService(parts, 'glue:startJobRun.sync'),
    Parameters: {
      JobName: job,
      Arguments: {
        '--landing': parts.landing,
        '--lake': parts.lake,
        '--agreement.$': '$.run.agreement',
        '--dataset.$': '$.run.dataset',
        '--run.$': '$.run.run',
        '--delivery.$': '$.run.delivery',
        '--orders-sha256.$': '$.run.orders.sha256',
      },
    },
    TimeoutSeconds: JOB_SECONDS,
    // Not a failed run: the same rows would fail again, and cost as much.
    Retry: [
      WAIT_FOR_TURN,
      retry(['Glue.ThrottlingException', 'Glue.InternalServiceException', 'Glue.OperationTimeoutException']),
    ],
    Catch: CATCH,
    ResultPath: null,
  };
}

/** Anything but the one answer that lets it go on goes elsewhere. */
export function choose(only: object, otherwise: string) {
  return { Type: 'Choice', Choices: [only], Default: otherwise };
}

export function giveReason(format: string) {
  return { Type: 'Pass', Parameters: { 'Error.$': format }, ResultPath: '$.failure', Next: 'FindDelivery' };
}
