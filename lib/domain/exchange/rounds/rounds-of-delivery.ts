import type { PlannedLeg } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { type LegRound, roundOfDelivery } from './round-of-delivery';
import type { RoundsGiven } from './stand-releases';

/** For which rounds a delivery counts. */
export type DeliveryRounds =
  /** ISO dates, by leg; a leg that is not named has no part in the delivery. */
  | { readonly kind: 'counts'; readonly days: ReadonlyMap<string, string> }
  | Extract<LegRound, { readonly kind: 'too-early' | 'none-left' }>;

/**
 * The rounds that one delivery is for, by leg: the legs that owe a release now; where none does, those whose next round comes
 * first and takes deliveries; where none takes any yet, those whose release waits, of which it takes the place. A leg that is due
 * less often than another of its dataset is left out until its own day: who gives every week and every month gives the month's
 * release once.
 * @param legs of the dataset that is delivered, or of all that are delivered together
 * @param given how a leg's rounds stand that have a release
 * @param now when it was taken in: UTC, ISO 8601
 */
export function roundsOfDelivery(
  conduct: Pick<Conduct, 'versions' | 'began' | 'ending'>,
  legs: readonly PlannedLeg[],
  given: (leg: string) => RoundsGiven,
  now: string,
): DeliveryRounds {
  const found = legs.map((leg) => ({ leg: leg.id, ...roundOfDelivery(conduct, leg, given(leg.id), now) }));
  for (const kind of ['owed', 'next', 'replaces'] as const) {
    const days = found.flatMap((each) => (each.kind === kind ? [[each.leg, each.day] as const] : []));
    const first = days.map(([, day]) => day).sort()[0];
    if (first === undefined) continue;
    return { kind: 'counts', days: new Map(days.filter(([, day]) => kind !== 'next' || day === first)) };
  }
  const [early] = found
    .flatMap((each) => (each.kind === 'too-early' ? [each] : []))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return early === undefined ? { kind: 'none-left' } : { kind: 'too-early', day: early.day, from: early.from };
}
