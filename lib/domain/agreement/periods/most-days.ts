import { addDuration, DURATION_PATTERN } from './duration';

const DAY = 86_400_000;
/** The first of every month of four years, one of them a leap year: nothing lasts longer from another day. */
const STARTS = Array.from({ length: 48 }, (_, month) => new Date(Date.UTC(2024, month, 1)).toISOString());

/**
 * Whole days in an ISO 8601 duration, whenever it starts: the most, so that what is kept that long is there until the calendar
 * says that it is over (P1M gives 31, P1Y 366). A part of a day counts as one.
 * @throws RangeError for text that is no duration.
 */
export function mostDays(duration: string): number {
  if (!DURATION_PATTERN.test(duration)) throw new RangeError(`No ISO 8601 duration: ${duration}`);
  const lasts = STARTS.map((start) => Date.parse(addDuration(start, duration)) - Date.parse(start));
  return Math.ceil(Math.max(...lasts) / DAY);
}
