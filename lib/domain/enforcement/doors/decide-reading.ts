import { periodOf } from '../../agreement/periods/period-of';
import type { BudgetRecord, DecisionRecord } from '../../registry/door-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { Registry } from '../../registry/registry';
import { roundPrefix } from '../../room/release-prefix';
import { type DecisionContext, type DecisionRequest, decide } from '../policies/decide';
import { describeRefusal } from '../policies/describe-refusal';
import type { PolicyEngine } from '../policies/policy-engine';

/** A file of a release, as it lies in the lake bucket. */
export interface ReleasedFile {
  readonly key: string;
  readonly bytes: number;
}

interface DecidedReading {
  readonly decision: DecisionRecord;
  /** What may be read where it is permitted. */
  readonly files: readonly ReleasedFile[];
}

interface ReadingGrounds extends Pick<DecisionContext, 'policies' | 'now'> {
  readonly registry: Registry;
  readonly engine: PolicyEngine;
  /** Files under a prefix of the lake bucket. */
  readonly list: (prefix: string) => Promise<readonly ReleasedFile[]>;
}

/**
 * Whether a party may read a release by links, and counts what it asked for against its quota. What is counted cannot be more
 * than was agreed, however many ask at once: the change of the count is what decides.
 */
export async function decideReading(
  request: DecisionRequest,
  { plan, conduct }: AgreementOnRecord,
  { registry, policies, engine, list, now }: ReadingGrounds,
): Promise<DecidedReading> {
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
