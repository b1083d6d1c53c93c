import { DURATION_PATTERN } from './duration';

const DAY = 86_400_000;

/**
 * Whole days in an ISO 8601 duration, whenever it starts: the fewest, so that what may be kept that long never is kept
 * longer (P1M gives 28, P1Y 365). Counted from 1 February after a leap year, where months and years are shortest.
 * @throws RangeError for text that is no duration.
 */
export function fewestDays(duration: string): number {
  const match = DURATION_PATTERN.exec(duration);
  if (match === null) throw new RangeError(`No ISO 8601 duration: ${duration}`);
  const count = (group: number) => Number(match[group] ?? 0);
  const calendar = Date.UTC(2025, 1 + count(1) * 12 + count(2), 1) - Date.UTC(2025, 1, 1);
  const clock = ((count(5) * 60 + count(6)) * 60 + count(7)) * 1000;
  return Math.floor((calendar + clock) / DAY) + count(3) * 7 + count(4);
}
