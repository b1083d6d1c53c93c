import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { decideReading, type ReleasedFile } from '../../lib/domain/enforcement/doors/decide-reading';
import { LINK_SECONDS } from '../../lib/domain/enforcement/doors/link-session';
import type { DecisionRequest } from '../../lib/domain/enforcement/policies/decide';
import type { Registry } from '../../lib/domain/registry/registry';
import type { RememberedPolicies } from '../../lib/policy/remember-policies';
import { type ApiCall, type ApiEvent, answerJson, readApiEvent, readReleaseName } from '../shared/api-event';
import { findCaller, refuseCaller } from '../shared/find-caller';
import type { LinkSigning } from '../shared/link-signer';
import type { Log } from '../shared/log';
import type { RecordAtDoor } from '../shared/record-at-door';

interface ReadingSurroundings {
  readonly registry: Registry;
  /** A permission is on record whole: the link names it. */
  readonly record: RecordAtDoor;
  readonly policiesOf: RememberedPolicies;
  /** Files under a prefix of the lake bucket. */
  readonly list: (prefix: string) => Promise<readonly ReleasedFile[]>;
  /** Links by which these files are read until `LINK_SECONDS` after `at`, in the same order. */
  readonly sign: (keys: readonly string[], signing: LinkSigning) => Promise<readonly string[]>;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Decides, counts what is asked for against the quota, puts the decision on record, and answers with a link for each file of a
 * release. What is counted cannot be more than was agreed, however many ask at once; what cannot be found out forbids.
 */
export async function answerReading(
  event: ApiEvent,
  surroundings: ReadingSurroundings,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { registry, record, policiesOf, list, sign, now, log } = surroundings;
  const call = readApiEvent(event);
  const at = now();
  const found = await findCaller(registry, call);
  if (found.kind === 'stranger') return refuseCaller(registry, call, 'read-release', at.toISOString(), { record, log });
  const purpose = event.queryStringParameters?.purpose;
  const request = describeRequest(call, found.party, event.pathParameters?.release, purpose);
  const { policies, engine } = policiesOf(found.on.plan);
  const grounds = { registry, policies, engine, list, now: at.toISOString() };
  const { decision, files } = await decideReading(request, found.on, grounds);
  await record(registry, decision, call.caller.account ?? 'none');
  const { effect, reason, clause, policy, leg } = decision;
  const said = { ...call.known, party: found.party, effect, reason, clause, policy, leg: leg ?? 'unknown' };
  log[effect === 'permit' ? 'info' : 'warn']('Reading decided', said);
  if (effect === 'forbid') return answerJson(403, { decision: effect, reason, clause });
  const signing = { decision: decision.id, at, roomAccount: call.roomAccount };
  const keys = files.map(({ key }) => key);
  const urls = await sign(keys, signing);
  const links = files.map(({ key, bytes }, index) => ({
    name: key.slice(key.lastIndexOf('/') + 1),
    bytes,
    url: urls[index] ?? '',
  }));
  const expiresAt = new Date(at.getTime() + LINK_SECONDS * 1000).toISOString();
  return answerJson(200, { decision: 'permit', files: links, expiresAt });
}

function describeRequest(
  { id, ip }: ApiCall,
  party: string,
  release: string | undefined,
  purpose: string | undefined,
): DecisionRequest {
  const { leg, round } = readReleaseName(release);
  const said = { ...(round && { round }), ...(purpose && { purpose: purpose.slice(0, 100) }), ...(ip && { ip }) };
  return { id, operation: 'read-release', party, ...(leg === undefined ? {} : { about: leg }), operands: said };
}
