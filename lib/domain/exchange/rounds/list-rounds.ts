import { addDuration } from '../../agreement/periods/duration';
import { listRoundDays } from '../../agreement/periods/list-round-days';
import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { lastDayOf } from '../../registry/registered-agreement';

/** One period's deliveries: the legs whose delivery is due on the same day wait for one another. */
export interface DueRound {
  /** ISO date, UTC: the first day of the term, then every period of each leg. */
  readonly day: string;
  readonly legs: readonly string[];
}

/**
 * The rounds that have become due up to a day, the earliest first, and the legs of each: those of every signed version for the
 * time in which it was in force. A round is of the version that is in force when its day begins, so that an amendment makes
 * nothing due for the days before it was signed, that day included. None before the agreement was active, none after its last
 * day.
 */
export function listRounds(
  { versions, began = '', ...ends }: Pick<Conduct, 'versions' | 'began' | 'ending' | 'ended'>,
  today: string,
): readonly DueRound[] {
  const held = versions.filter(({ from, to }) => to === undefined || from < to);
  return held.flatMap(({ plan, from, to }, at) => {
    const last = [lastDayOf(plan, ends), today].reduce((a, b) => (a < b ? a : b));
    // Who signs last on the first day of the term owes that day's delivery: nobody owed anything before.
    const first = at === 0 ? from.slice(0, 10) : firstWholeDay(from);
    return listRoundsOf(plan, last).filter(
      ({ day }) => day >= first && day >= began.slice(0, 10) && (to === undefined || beginOf(day) < to),
    );
  });
}

function listRoundsOf(plan: Plan, last: string): readonly DueRound[] {
  const days = new Map<string, readonly string[]>();
  const legs = new Map<string, string[]>();
  for (const { id, every } of allLegs(plan)) {
    if (!days.has(every)) days.set(every, listRoundDays(plan.term.starts, every, last));
    for (const day of days.get(every)!) {
      const due = legs.get(day);
      if (due === undefined) legs.set(day, [id]);
      else due.push(id);
    }
  }
  return [...legs].map(([day, due]) => ({ day, legs: due })).sort((a, b) => (a.day < b.day ? -1 : 1));
}

function firstWholeDay(instant: string): string {
  const day = instant.slice(0, 10);
  return beginOf(day) < instant ? addDuration(day, 'P1D').slice(0, 10) : day;
}

function beginOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}
