import { addDuration } from './duration';
import { fewestDays } from './fewest-days';

/**
 * The first day of the period that a day is in: periods are counted from a first day on. Found by halving, so that a day far
 * from the first costs no more than one near it.
 */
export function periodOf(first: string, every: string, day: string): string {
  if (day <= first) return first;
  const period = inDays(every);
  const startOf = (times: number) => addDuration(first, period, times).slice(0, 10);
  const elapsed = Math.floor((Date.parse(day) - Date.parse(first)) / DAY_MS);
  let [low, high] = [0, Math.floor(elapsed / fewestDays(period))];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (startOf(middle) <= day) low = middle;
    else high = middle - 1;
  }
  return startOf(low);
}

/** Periods go by days: whatever is shorter begins anew every day. */
export function inDays(every: string): string {
  return fewestDays(every) < 1 ? 'P1D' : every;
}

const DAY_MS = 24 * 60 * 60 * 1000;
