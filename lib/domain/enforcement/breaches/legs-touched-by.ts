import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { DueMeasure } from './remedies-at';

/**
 * Ids of the legs by which a party gets less through a measure. A breach names the leg at which it was found, which may be one
 * that the party gives, or none of its own: a withdrawal is of that leg where the party gets it, and else of all that it gets.
 * `suspend-counterpart` takes what it gets from the party that it failed: at the other end of that leg, or whose data it is, where
 * the leg is none of its own; where it gets nothing from that one, as in a ring, all that it gets.
 * @param earlier versions before the one in force: a leg that this one has left out is known by the last of them that had it
 * @returns none for a measure that leaves what it gets as it is: `warn`, and `throttle`, which only slows it
 */
export function legsTouchedBy(
  plan: Plan,
  { do: measure, party, leg }: Pick<DueMeasure, 'do' | 'party' | 'leg'>,
  earlier: readonly Plan[],
): readonly string[] {
  const legs = allLegs(plan);
  const own = legs.filter(({ to }) => to === party);
  const found = [plan, ...earlier.toReversed()].flatMap(allLegs).find(({ id }) => id === leg);
  const orAll = (some: typeof own) => (some.length > 0 ? some : own).map(({ id }) => id);
  switch (measure) {
    case 'warn':
    case 'throttle':
      return [];
    case 'suspend-counterpart': {
      const failed = found?.from === party ? found.to : found?.from;
      return orAll(own.filter((each) => each.from === failed));
    }
    case 'suspend-party':
      return orAll([]);
    case 'revoke':
      // Of one that it got and that is left out nothing is left to withdraw.
      return found?.to === party ? own.flatMap(({ id }) => (id === leg ? [id] : [])) : orAll([]);
    // What ends, ends for all.
    case 'terminate':
      return legs.map(({ id }) => id);
  }
}
