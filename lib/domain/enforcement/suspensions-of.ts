import { allLegs } from '../agreement/all-legs';
import type { Plan } from '../agreement/plan';
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
 * Whose entitlements stand still now. `suspend-party`: all that the party gets. `suspend-counterpart`: what it gets from the
 * party that it failed; where it gets nothing from that one, as in a ring, all that it gets.
 * @param due what remedies ask for now
 */
export function suspensionsOf(plan: Plan, due: readonly DueMeasure[]): readonly Suspension[] {
  const legs = allLegs(plan);
  return due.flatMap(({ do: measure, party, leg, breach, clause, from }) => {
    if (measure !== 'suspend-party' && measure !== 'suspend-counterpart') return [];
    const own = legs.filter(({ to }) => to === party);
    const failed = legs.find(({ id }) => id === leg);
    const inReturn = own.filter((each) => each.from === failed?.to);
    const still = measure === 'suspend-counterpart' && inReturn.length > 0 ? inReturn : own;
    return [{ party, legs: still.map(({ id }) => id), breach, clause, from }];
  });
}
