import { addDuration } from '../agreement/duration';
import type { PlannedLeg } from '../agreement/plan';
import type { Conduct } from './conduct';
import { listRounds } from './list-rounds';

/**
 * The round that a leg's release is for: the one that was due last, or, where that has its release or nothing was due yet, the
 * next. ISO date.
 * @param released days of the leg's rounds that have one
 */
export function roundOfDelivery(
  conduct: Pick<Conduct, 'versions' | 'began' | 'ending'>,
  leg: PlannedLeg,
  released: ReadonlySet<string>,
  today: string,
): string | undefined {
  const ahead = addDuration(today, leg.every).slice(0, 10);
  const days = listRounds(conduct, ahead).flatMap(({ day, legs }) => (legs.includes(leg.id) ? [day] : []));
  const last = days.findLastIndex((day) => day <= today);
  return days.slice(Math.max(0, last)).find((day) => !released.has(day));
}
