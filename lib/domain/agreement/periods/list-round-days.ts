import { addDuration } from './duration';
import { inDays } from './period-of';

/** The days on which a leg is due: counted from the start each time, so that a month that is short does not shorten those after it. */
export function listRoundDays(starts: string, every: string, last: string): readonly string[] {
  const period = inDays(every);
  const days = new Set<string>();
  for (let times = 0; ; times += 1) {
    const day = addDuration(starts, period, times).slice(0, 10);
    if (day > last) return [...days];
    days.add(day);
  }
}
