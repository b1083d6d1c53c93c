/** What CloudFormation sends to a custom resource (its user guide, "Custom resource request objects"). */
export interface ResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** Puts the answer where CloudFormation waits for it. */
export type PutAnswer = (url: string, body: string) => Promise<void>;

/**
 * Does the work and tells CloudFormation how it ended. Whatever fails is told too: a request without an answer holds the
 * deployment up for an hour.
 * @param resource Its physical id: the same for every version, so that CloudFormation never deletes an old one.
 */
export async function answerCloudFormation(
  request: ResourceRequest,
  resource: string,
  work: () => Promise<void>,
  put: PutAnswer = putAnswer,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = request;
  const outcome = await work().then(
    () => ({ Status: 'SUCCESS' }),
    (error: unknown) => ({ Status: 'FAILED', Reason: explain(error) }),
  );
  const answer = { ...outcome, PhysicalResourceId: resource, StackId, RequestId, LogicalResourceId };
  await put(ResponseURL, JSON.stringify(answer));
}

/** CloudFormation takes answers of up to 4 KB. */
function explain(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1000);
}

async function putAnswer(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body });
  if (!response.ok) throw new Error(`CloudFormation did not take the answer (HTTP ${response.status}).`);
}
