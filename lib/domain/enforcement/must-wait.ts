import type { Plan } from '../agreement/plan/plan';
import { type EarlyEnd, lastDayOf } from '../registry/registered-agreement';

/**
 * Whether a version that all have signed waits for the first day of its term: while the one in force runs. Else a renewal that
 * is signed ahead of time would take everything back until it begins.
 * @param today ISO date, UTC
 */
export function mustWait(
  { term }: Pick<Plan, 'term'>,
  inForce: Pick<Plan, 'term'>,
  end: EarlyEnd,
  today: string,
): boolean {
  return term.starts > today && inForce.term.starts <= today && today <= lastDayOf(inForce, end);
}
