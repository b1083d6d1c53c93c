import type { Plan } from '../agreement/plan';
import type { Conduct } from './conduct';
import { listRounds } from './list-rounds';
import { roundsOfDelivery } from './rounds-of-delivery';

/** For which rounds releases are made that are made at once. */
export type ChosenRounds =
  /** Days, by leg; a leg that is not named has no part in it. */
  | { readonly kind: 'chosen'; readonly days: ReadonlyMap<string, string> }
  /** `next`: days on which rounds are due, the earliest first. */
  | { readonly kind: 'not-due'; readonly next: readonly string[] }
  /** What is out is not taken back. */
  | { readonly kind: 'is-out'; readonly leg: string; readonly day: string }
  /** Every round that is due has its releases, and the next ones too. */
  | { readonly kind: 'all-out' };

/**
 * The round that is asked for, with the legs that are due in it; where none is asked for, those that releases are owed for, or
 * the next.
 * @param released days of the rounds that have a release of the leg
 */
export function chooseRounds(
  plan: Plan,
  conduct: Pick<Conduct, 'versions' | 'began' | 'ending'>,
  released: (leg: string) => ReadonlySet<string>,
  today: string,
  asked?: string,
): ChosenRounds {
  if (asked === undefined) {
    const days = roundsOfDelivery(conduct, plan.legs, released, today);
    return days.size === 0 ? { kind: 'all-out' } : { kind: 'chosen', days };
  }
  const due = listRounds(conduct, plan.term.ends);
  const legs = due.find(({ day }) => day === asked)?.legs;
  if (legs === undefined) return { kind: 'not-due', next: due.flatMap(({ day }) => (day > today ? [day] : [])) };
  const out = legs.find((leg) => released(leg).has(asked));
  if (out !== undefined) return { kind: 'is-out', leg: out, day: asked };
  return { kind: 'chosen', days: new Map(legs.map((leg) => [leg, asked])) };
}
