import { addDuration } from '../agreement/duration';

/** The first day of the period that a day is in: periods are counted from a first day on. */
export function periodOf(first: string, every: string, day: string): string {
  let start = first;
  for (let times = 1; ; times += 1) {
    const next = addDuration(first, every, times).slice(0, 10);
    if (next > day) return start;
    start = next;
  }
}
