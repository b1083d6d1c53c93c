import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { decideUpload, MAX_UPLOAD, readUploadRequest } from '../../lib/domain/enforcement/doors/decide-upload';
import type { Registry } from '../../lib/domain/registry/registry';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import { type ApiEvent, answerJson, readApiEvent } from '../shared/api-event';
import { findCaller, refuseCaller } from '../shared/find-caller';
import type { Log } from '../shared/log';
import type { RecordAtDoor } from '../shared/record-at-door';
import type { SignedUpload, UploadToSign } from './sign-upload';

interface UploadSurroundings {
  readonly registry: Registry;
  /** A permission is on record whole: the link names it. */
  readonly record: RecordAtDoor;
  readonly policiesOf: RememberedPolicies;
  readonly sign: (upload: UploadToSign) => Promise<SignedUpload>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Decides, puts that on record, and answers with a link for one file or says why not. What cannot be found out forbids. */
export async function answerUpload(
  event: ApiEvent,
  { registry, record, policiesOf, sign, now, log }: UploadSurroundings,
): Promise<APIGatewayProxyStructuredResultV2> {
  const call = readApiEvent(event);
  const at = now();
  const found = await findCaller(registry, call);
  if (found.kind === 'stranger')
    return refuseCaller(registry, call, 'request-upload', at.toISOString(), { record, log });
  const { on, party } = found;
  const grounds = { ...policiesOf(on.plan), id: call.id, now: at.toISOString() };
  const { decision, permitted } = decideUpload(readUploadRequest(call.body), party, on, grounds);
  await record(registry, decision, call.caller.account ?? 'none');
  const { effect, reason, clause } = decision;
  log[effect === 'permit' ? 'info' : 'warn']('Upload decided', { ...call.known, party, effect, reason, clause });
  if (permitted === undefined) {
    const remedy = REMEDIES[reason] ?? REMEDIES.other;
    return answerJson(reason === 'malformed-request' ? 400 : 403, { decision: 'forbid', reason, clause, remedy });
  }
  const { key, upload } = permitted;
  const signed = await sign({ key, ...upload, decision: decision.id, at, roomAccount: call.roomAccount });
  return answerJson(201, { decision: 'permit', ...signed });
}

/** What would be right. */
const REMEDIES: Readonly<Record<string, string>> = {
  'malformed-request':
    'Send { "dataset", "file", "bytes", "sha256" }: the size of the file and the SHA-256 of its content, in lower-case hexadecimal.',
  'outside-term': 'Deliver on a day of the term.',
  'not-your-dataset': 'Name a dataset that your party gives under this agreement.',
  'file-name':
    'Use letters, digits, points, hyphens and underscores; begin and end with a letter or digit, e.g. usage-2026-03-01.csv.',
  'file-size': `Send between 1 byte and ${MAX_UPLOAD} bytes; more goes by parts, with your party's role.`,
  other: 'Ask the other parties: the agreement is not signed by all, suspended, ended or not in force yet.',
};
