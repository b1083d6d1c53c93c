import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { LINK_SECONDS } from '../../lib/domain/enforcement/decide-upload';
import { periodOf } from '../../lib/domain/enforcement/period-of';
import { type DecisionContext, type DecisionRequest, decide } from '../../lib/domain/enforcement/policies/decide';
import { describeRefusal } from '../../lib/domain/enforcement/policies/describe-refusal';
import type { Registry } from '../../lib/domain/enforcement/registry/registry';
import type { BudgetRecord, DecisionRecord } from '../../lib/domain/enforcement/registry/registry-records';
import { roundPrefix } from '../../lib/domain/room/release-prefix';
import type { PlanPolicies, RememberedPolicies } from '../../lib/policy/remember-policies';
import { type ApiCall, type ApiEvent, answerJson, readApiEvent, readReleaseName } from '../api-event';
import { type FoundCaller, findCaller, refuseCaller } from '../find-caller';
import type { Log } from '../log';
import type { LinkSigning } from './released-files';

/** A file of a release, as it lies in the lake bucket. */
export interface ReleasedFile {
  readonly key: string;
  readonly bytes: number;
}

export interface ReadingSurroundings {
  readonly registry: Registry;
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
  const { registry, sign, now, log } = surroundings;
  const call = readApiEvent(event);
  const at = now();
  const found = await findCaller(registry, call);
  if (found.kind === 'stranger') return refuseCaller(registry, call, 'read-release', at.toISOString(), log);
  const purpose = event.queryStringParameters?.purpose;
  const request = describeRequest(call, found.party, event.pathParameters?.release, purpose);
  const { decision, files } = await decideReading(request, found, surroundings, at.toISOString());
  await registry.decisions(call.agreement).create(decision);
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

interface DecidedReading {
  readonly decision: DecisionRecord;
  readonly files: readonly ReleasedFile[];
}

async function decideReading(
  request: DecisionRequest,
  { on }: Extract<FoundCaller, { readonly kind: 'party' }>,
  { registry, policiesOf, list }: ReadingSurroundings,
  now: string,
): Promise<DecidedReading> {
  const { plan, conduct } = on;
  const { policies, engine }: PlanPolicies = policiesOf(plan);
  const judge = (used: DecisionContext['used']) => decide(request, { plan, policies, conduct, used, now }, engine);
  const leg = plan.legs.find(({ id }) => id === request.about);
  const { round } = request.operands;
  // Without a look at the files first: whoever may not read it learns nothing of them.
  const atFirst = judge(ONE_REQUEST);
  if (atFirst.effect === 'forbid' || leg === undefined || round === undefined) return { decision: atFirst, files: [] };
  if (leg.via.kind !== 'api')
    return { decision: describeRefusal(atFirst, 'delivered-another-way', `legs.${leg.id}.via`), files: [] };
  const agreement = plan.agreement.id;
  const files = await list(roundPrefix(agreement, leg, round));
  const asked = { requests: 1, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  const period = `${periodOf(plan.term.starts, leg.every, now.slice(0, 10))}T00:00:00Z`;
  const budgets = registry.budgets(agreement);
  if ((await budgets.read(leg.id, period)) === undefined)
    await budgets.create({ agreement, leg: leg.id, period, requests: 0, bytes: 0 });
  const read = await readByLinks(registry, agreement, leg.id, period.slice(0, 10));
  let decision = describeRefusal(atFirst, 'not-counted', `legs.${leg.id}.quota`);
  await budgets.change([leg.id, period], (before) => {
    const after = addUp({ ...before, bytes: Math.max(before.bytes, read) }, asked);
    decision = judge(after);
    return decision.effect === 'permit' ? after : undefined;
  });
  return { decision, files };
}

/** Bytes that the stream of accesses tells of: a link that is used again and again reads more than it was given for. */
async function readByLinks(registry: Registry, agreement: string, leg: string, period: string): Promise<number> {
  const usage = await registry.usage(agreement).read();
  return usage?.periods.find((each) => each.leg === leg && each.period === period)?.bytes ?? 0;
}

const ONE_REQUEST = { requests: 1, bytes: 0 } as const;

function addUp(before: BudgetRecord, { requests, bytes }: DecisionContext['used']): BudgetRecord {
  return { ...before, requests: before.requests + requests, bytes: before.bytes + bytes };
}
