import type { PlannedLeg } from '../agreement/plan';
import type { Conduct } from './conduct';
import { roundOfDelivery } from './round-of-delivery';

/**
 * The rounds that one delivery is for, by leg: the legs that owe a release now, or, where none does, those whose next round
 * comes first. A leg that is due less often than another of its dataset is left out until its own day: who gives every week
 * and every month gives the month's release once.
 * @param legs of the dataset that is delivered, or of all that are delivered together
 * @param released days of the leg's rounds that have one
 * @returns ISO dates; a leg that is not named has no part in the delivery, and with none no round is left
 */
export function roundsOfDelivery(
  conduct: Pick<Conduct, 'versions' | 'began' | 'ending'>,
  legs: readonly PlannedLeg[],
  released: (leg: string) => ReadonlySet<string>,
  today: string,
): ReadonlyMap<string, string> {
  const days = legs.flatMap((leg) => {
    const day = roundOfDelivery(conduct, leg, released(leg.id), today);
    return day === undefined ? [] : [[leg.id, day] as const];
  });
  const first = days.map(([, day]) => day).sort()[0] ?? today;
  const until = first > today ? first : today;
  return new Map(days.filter(([, day]) => day <= until));
}
