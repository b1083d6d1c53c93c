import type { DatePeriod } from './generalisation';

/** The mark of a year before Christ stands behind the date, a time behind that: `0044-03-15 (BC) 10:00:00`. */
const DATE = /^(\d{4,})-(\d{2})-(\d{2})( \(BC\))?(?: .*)?$/;

/**
 * The calendar period of a date or timestamp in canonical text: `2026-03-05`, `2026-W10` (ISO 8601), `2026-03`,
 * `2026-Q1`, `2026` or `2020s`, with ` (BC)` where the date has it. Nothing for text that is no date (`infinity`).
 */
export function formatPeriod(text: string, period: DatePeriod): string | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', era = ''] = match;
  switch (period) {
    case 'day':
      return `${year}-${month}-${day}${era}`;
    case 'week':
      return formatWeek(era === '' ? Number(year) : 1 - Number(year), Number(month), Number(day));
    case 'month':
      return `${year}-${month}${era}`;
    case 'quarter':
      return `${year}-Q${Math.ceil(Number(month) / 3)}${era}`;
    case 'year':
      return `${year}${era}`;
    case 'decade':
      return `${year.slice(0, -1)}0s${era}`;
  }
}

/** A week belongs to the year of its Thursday; `year` 0 is 1 BC. */
function formatWeek(year: number, month: number, day: number): string {
  const date = countDays(year, month, day);
  // Day 0, 1970-01-01, is a Thursday: 3 days after its week's Monday.
  const thursday = Math.floor((date + 3) / 7) * 7;
  const weekYear = [year - 1, year, year + 1].findLast((candidate) => countDays(candidate, 1, 1) <= thursday) ?? year;
  const week = Math.floor((thursday - countDays(weekYear, 1, 1)) / 7) + 1;
  const shownYear = String(weekYear > 0 ? weekYear : 1 - weekYear).padStart(4, '0');
  return `${shownYear}-W${String(week).padStart(2, '0')}${weekYear > 0 ? '' : ' (BC)'}`;
}

/** Days since 1970-01-01, proleptic Gregorian, counted in years that begin in March so that leap days come last. */
function countDays(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}
