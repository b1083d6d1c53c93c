import { type LifecycleAct, moveAgreement } from '../../agreement/lifecycle';
import { citeClause } from '../../agreement/plan/cite-clause';
import type { Plan } from '../../agreement/plan/plan';
import { listUnattested } from '../../exchange/entitlements/plan-exit';
import { listReceivedLegs } from '../../exchange/peers/list-received-legs';
import type { CurrentRecord } from '../../registry/agreement-records';
import type { Conduct } from '../../registry/conduct';
import { lastDayOf } from '../../registry/registered-agreement';
import { remediesAt } from '../breaches/remedies-at';

/**
 * Takes the steps that follow from the agreement and the clock alone: it begins on its first day, goes on by the version that
 * waits for its own, ends after its last or by a remedy, and is settled when everybody has attested that what it received is
 * destroyed, or nobody received anything.
 * @param now UTC, ISO 8601
 * @returns the record as it was where nothing is due
 */
export function advanceAgreement(
  plan: Plan,
  current: CurrentRecord,
  conduct: AdvancingConduct,
  now: string,
): CurrentRecord {
  const renewal = findRenewal(plan, current, conduct, now);
  if (renewal !== undefined) {
    const { waiting: _, ...rest } = current;
    return advanceAgreement(renewal, { ...rest, version: renewal.agreement.version }, conduct, now);
  }
  const due = findDue(plan, current, conduct, now);
  if (due === undefined) return current;
  const move = moveAgreement(current.state, { ...due, at: now, by: 'room' });
  if (move.kind === 'refused') return current;
  const { transition } = move;
  const next = { ...current, state: transition.to, history: [...current.history, transition] };
  return advanceAgreement(plan, next, conduct, now);
}

/** What its steps hang on, beside the clock. */
type AdvancingConduct = Pick<Conduct, 'versions' | 'breaches' | 'attestations' | 'earlier' | 'releases'>;

/** The version that has waited and is next: on its first day, or where the one in force is over before that. */
function findRenewal(
  plan: Plan,
  { state, ending, waiting }: CurrentRecord,
  { versions, breaches }: AdvancingConduct,
  now: string,
): Plan | undefined {
  if (waiting === undefined || (state !== 'signed' && state !== 'active' && state !== 'suspended')) return undefined;
  const next = versions.find(({ plan: { agreement } }) => agreement.version === waiting)?.plan;
  const today = now.slice(0, 10);
  if (next === undefined || (today < next.term.starts && today <= plan.term.ends)) return undefined;
  // What has ended by notice, or by a remedy, is not renewed.
  const isOver = ending !== undefined && ending.lastDay < next.term.starts && ending.lastDay < today;
  return isOver || remediesAt(plan, breaches, now, versions).some((each) => each.do === 'terminate') ? undefined : next;
}

function findDue(
  plan: Plan,
  current: CurrentRecord,
  conduct: AdvancingConduct,
  now: string,
): { readonly act: LifecycleAct; readonly reason: string; readonly clause: string } | undefined {
  const today = now.slice(0, 10);
  const { state, ending } = current;
  switch (state) {
    case 'signed':
    case 'active':
    case 'suspended': {
      const last = lastDayOf(plan, current);
      if (today > last) {
        const noticed = ending !== undefined && ending.lastDay === last && last < plan.term.ends;
        return noticed
          ? { act: 'end', reason: ending.reason, clause: ending.clause }
          : { act: 'end', reason: 'its term is over', clause: citeClause(plan, 'access.term', 'term.ends') };
      }
      const measure = remediesAt(plan, conduct.breaches, now, conduct.versions).find((each) => each.do === 'terminate');
      if (measure !== undefined)
        return { act: 'end', reason: `${measure.trigger} by ${measure.party}`, clause: measure.clause };
      if (state !== 'signed' || today < plan.term.starts) return undefined;
      return { act: 'begin', reason: 'its term begins', clause: citeClause(plan, 'access.term', 'term.starts') };
    }
    case 'ended': {
      if (listUnattested(plan, conduct).length > 0) return undefined;
      const clause = citeClause(plan, 'exit.destruction', 'term.exit.destroyWithin');
      // Of a peer’s room: what others gave is settled in theirs.
      const reason =
        listReceivedLegs(plan, conduct).length === 0
          ? 'nothing was received from here'
          : 'everybody has attested that what it received is destroyed';
      return { act: 'settle', reason, clause };
    }
    case 'draft':
    case 'settled':
      return undefined;
  }
}
