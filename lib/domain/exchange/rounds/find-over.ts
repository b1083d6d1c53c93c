import { citeClause } from '../../agreement/plan/cite-clause';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { Conduct } from '../../registry/conduct';
import { lastDayOf } from '../../registry/registered-agreement';
import type { EntitlementReason } from '../entitlements/entitlement';

/** Why nothing is granted, and what in the agreement says so. */
export interface Closed {
  readonly reason: EntitlementReason;
  readonly clause: string;
}

/**
 * What closes an agreement by its term and its state alone, whatever else happened: a record that cannot be read changes nothing
 * of it. Undefined while it is not over.
 * @param now UTC, ISO 8601
 */
export function findOver(
  plan: Pick<SidePlan, 'term' | 'clauses'>,
  conduct: Pick<Conduct, 'state' | 'removed' | 'ending' | 'ended'>,
  now: string,
): Closed | undefined {
  const { state, removed, ending } = conduct;
  if (removed) return { reason: 'removed', clause: citeClause(plan, 'access.signed', 'parties') };
  const term = (place: string) => citeClause(plan, 'access.term', place);
  if (state === 'ended' || state === 'settled') return { reason: 'not-active', clause: term('term') };
  if (now.slice(0, 10) <= lastDayOf(plan, conduct)) return undefined;
  const isNotice = ending !== undefined && ending.lastDay < plan.term.ends;
  return { reason: 'after-term', clause: isNotice ? ending.clause : term('term.ends') };
}
