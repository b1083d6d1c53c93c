import { isSuspending } from '../../agreement/plan/measures';
import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { legsTouchedBy } from './legs-touched-by';
import { listHolds } from './list-holds';
import type { DueMeasure } from './remedies-at';

/** A party that gets nothing for the time being, or nothing by some legs. */
export interface Suspension {
  readonly party: string;
  /** Ids of the legs to it that stand still. */
  readonly legs: readonly string[];
  readonly breach: string;
  readonly clause: string;
  readonly from: string;
}

/**
 * Whose entitlements stand still now, and by which legs (`legsTouchedBy`); between peers also what two of them withhold from each
 * other by the word of one (`listHolds`).
 * @param due what remedies ask for now
 * @param now UTC, ISO 8601
 */
export function suspensionsOf(
  plan: Plan,
  due: readonly DueMeasure[],
  conduct: Pick<Conduct, 'breaches' | 'told' | 'earlier' | 'versions'>,
  now: string,
): readonly Suspension[] {
  const own = due.flatMap((measure) => {
    if (!isSuspending(measure.do)) return [];
    const { party, breach, clause, from } = measure;
    return [{ party, legs: legsTouchedBy(plan, measure, conduct.earlier), breach, clause, from }];
  });
  return [...own, ...listHolds(plan, conduct, now)];
}
