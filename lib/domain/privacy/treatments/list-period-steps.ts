import { OWN_VALUE_IN } from './own-value-in';

/** What a merged date or moment is shown as the beginning of. */
export type ShownPeriod = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'decade';

/** A period to show, for groups whose values lie no further apart than so many `units`. */
export interface PeriodStep {
  readonly atMost: number;
  readonly units: 'minutes' | 'days';
  readonly period: ShownPeriod;
}

/** Beyond it are no values: from the first day of the year 1 to the last of 9999. */
const MOST_DAYS = 3_652_059;
const MOST = { days: MOST_DAYS, minutes: MOST_DAYS * 24 * 60 };

const PERIODS = [
  { length: 1, units: 'minutes', period: 'minute' },
  { length: 60, units: 'minutes', period: 'hour' },
  { length: 1, units: 'days', period: 'day' },
  { length: 7, units: 'days', period: 'week' },
  { length: 28, units: 'days', period: 'month' },
  { length: 90, units: 'days', period: 'quarter' },
  { length: 365, units: 'days', period: 'year' },
  { length: 3652, units: 'days', period: 'decade' },
] as const;

/**
 * What the median of a group of `k` subjects or more is cut to, by how far the group's values lie apart: the shortest period
 * that is at least that distance divided by k, else the longest. A date's own day, and a moment itself, would be one
 * subject's: they are shown only where all of the group have the same. Of dates short periods are left out (see `OWN_VALUE_IN`).
 */
export function listPeriodSteps(type: 'date' | 'timestamp', k: number): readonly PeriodStep[] {
  const isShown = ({ length, units, period }: (typeof PERIODS)[number]) =>
    type === 'timestamp' || (units === 'days' && period !== 'day' && length * k >= OWN_VALUE_IN);
  return PERIODS.filter(isShown).map(({ length, units, period }) => ({
    atMost: Math.min(length * k, MOST[units]),
    units,
    period,
  }));
}
