import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { listRounds } from './list-rounds';
import { type DeliveryRounds, roundsOfDelivery } from './rounds-of-delivery';
import type { RoundsGiven } from './stand-releases';

/** For which rounds releases are made that are made at once. */
type ChosenRounds =
  /** Days, by leg; a leg that is not named has no part in it. */
  | { readonly kind: 'chosen'; readonly days: ReadonlyMap<string, string> }
  /** `next`: days on which rounds are due, the earliest first. */
  | { readonly kind: 'not-due'; readonly next: readonly string[] }
  /** What is out is not taken back. */
  | { readonly kind: 'is-out'; readonly leg: string; readonly day: string }
  /** Every round that is due has its releases; the next takes none yet, or there is none. */
  | Exclude<DeliveryRounds, { readonly kind: 'counts' }>;

/**
 * The round that is asked for, with the legs that are due in it; where none is asked for, those that releases are owed for, or
 * the next.
 * @param given the leg's rounds that have a release
 * @param now UTC, ISO 8601
 */
export function chooseRounds(
  plan: Plan,
  conduct: Pick<Conduct, 'versions' | 'began' | 'ending'>,
  given: (leg: string) => RoundsGiven,
  now: string,
  asked?: string,
): ChosenRounds {
  if (asked === undefined) {
    const rounds = roundsOfDelivery(conduct, plan.legs, given, now);
    return rounds.kind === 'counts' ? { kind: 'chosen', days: rounds.days } : rounds;
  }
  const due = listRounds(conduct, plan.term.ends);
  const legs = due.find(({ day }) => day === asked)?.legs;
  if (legs === undefined)
    return { kind: 'not-due', next: due.flatMap(({ day }) => (day > now.slice(0, 10) ? [day] : [])) };
  const out = legs.find((leg) => given(leg).has(asked));
  if (out !== undefined) return { kind: 'is-out', leg: out, day: asked };
  return { kind: 'chosen', days: new Map(legs.map((leg) => [leg, asked])) };
}
