import type { Plan } from '../agreement/plan';
import { legsTouchedBy } from './legs-touched-by';
import type { DueMeasure } from './remedies-at';

/** A party that gets nothing for the time being, or nothing by some legs. */
interface Suspension {
  readonly party: string;
  /** Ids of the legs to it that stand still. */
  readonly legs: readonly string[];
  readonly breach: string;
  readonly clause: string;
  readonly from: string;
}

/**
 * Whose entitlements stand still now, and by which legs (`legsTouchedBy`).
 * @param due what remedies ask for now
 */
export function suspensionsOf(plan: Plan, due: readonly DueMeasure[]): readonly Suspension[] {
  return due.flatMap((measure) => {
    if (measure.do !== 'suspend-party' && measure.do !== 'suspend-counterpart') return [];
    const { party, breach, clause, from } = measure;
    return [{ party, legs: legsTouchedBy(plan, measure), breach, clause, from }];
  });
}
