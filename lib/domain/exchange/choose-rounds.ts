import type { Plan } from '../agreement/plan';
import type { Conduct } from './conduct';
import { listRounds } from './list-rounds';
import { roundOfDelivery } from './round-of-delivery';

/** Which round the release of each leg is for, where all are made at once. */
export type ChosenRounds =
  /** Days, by leg. */
  | { readonly kind: 'chosen'; readonly days: ReadonlyMap<string, string> }
  /** `next`: days on which rounds are due, the earliest first. */
  | { readonly kind: 'not-due'; readonly next: readonly string[] }
  /** What is out is not taken back. `day`: of the round; none where every round that is due has its release. */
  | { readonly kind: 'is-out'; readonly leg: string; readonly day?: string };

/**
 * The round that is asked for, for the legs that are due in it; for others, and where none is asked for, the one that was due
 * last, or the next.
 * @param released days of the rounds that have a release of the leg
 */
export function chooseRounds(
  plan: Plan,
  conduct: Pick<Conduct, 'began' | 'ending'>,
  released: (leg: string) => ReadonlySet<string>,
  today: string,
  asked?: string,
): ChosenRounds {
  const due = listRounds(plan, conduct, plan.term.ends);
  const wanted = due.find(({ day }) => day === asked);
  if (asked !== undefined && wanted === undefined)
    return { kind: 'not-due', next: due.flatMap(({ day }) => (day > today ? [day] : [])) };
  const days = new Map<string, string>();
  for (const leg of plan.legs) {
    const own = released(leg.id);
    const day = wanted?.legs.includes(leg.id) ? wanted.day : roundOfDelivery(plan, conduct, leg, own, today);
    if (day === undefined) return { kind: 'is-out', leg: leg.id };
    if (own.has(day)) return { kind: 'is-out', leg: leg.id, day };
    days.set(leg.id, day);
  }
  return { kind: 'chosen', days };
}
