import { addDuration } from '../../agreement/periods/duration';
import type { PlannedLeg } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { listRounds } from './list-rounds';
import { opensAt } from './opens-at';
import type { RoundsGiven } from './stand-releases';

/** What a delivery is to one of its dataset's legs. */
export type LegRound =
  /** `owed`: for the round that was due last; `next`: for the one to come; `replaces`: in the place of what waits. ISO dates. */
  | { readonly kind: 'owed' | 'next' | 'replaces'; readonly day: string }
  /** `day`: of the round that takes it, `from` that moment on. */
  | { readonly kind: 'too-early'; readonly day: string; readonly from: string }
  | { readonly kind: 'none-left' };

/**
 * The round that a leg's release is for: the one that was due last, while it has none; then the next, once that takes
 * deliveries; before that, the one that was due last once more, as long as its release waits. What comes when it has gone out
 * is too early: a second file must not become the next period's.
 * @param given the leg's rounds that have a release
 * @param now UTC, ISO 8601
 */
export function roundOfDelivery(
  conduct: Pick<Conduct, 'versions' | 'began' | 'ending'>,
  leg: PlannedLeg,
  given: RoundsGiven,
  now: string,
): LegRound {
  const today = now.slice(0, 10);
  const ahead = addDuration(today, leg.every, 2).slice(0, 10);
  const days = listRounds(conduct, ahead).flatMap(({ day, legs }) => (legs.includes(leg.id) ? [day] : []));
  const at = days.findLastIndex((day) => day <= today);
  const [last, next, later] = [days[at], days[at + 1], days[at + 2]];
  if (last !== undefined && !given.has(last)) return { kind: 'owed', day: last };
  const isOpen = (day: string, before: string | undefined) =>
    before === undefined || Date.parse(now) >= Date.parse(opensAt(day, before));
  if (next !== undefined && given.get(next) !== 'given' && isOpen(next, last)) return { kind: 'next', day: next };
  if (last !== undefined && given.get(last) === 'waits') return { kind: 'replaces', day: last };
  const [day, before] = next !== undefined && given.get(next) === 'given' ? [later, next] : [next, last];
  if (day === undefined || before === undefined) return { kind: 'none-left' };
  return { kind: 'too-early', day, from: opensAt(day, before) };
}
