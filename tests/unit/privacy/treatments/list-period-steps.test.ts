import fc from 'fast-check';
import { listPeriodSteps } from '../../../../lib/domain/privacy/treatments/list-period-steps';

const MINUTES_A_DAY = 24 * 60;

/** As the engines choose, of values so many minutes apart: the first that is wide enough. */
function choosePeriod(minutes: number, type: 'date' | 'timestamp', k: number): string {
  const steps = listPeriodSteps(type, k);
  const found = steps.find(({ atMost, units }) => minutes <= atMost * (units === 'days' ? MINUTES_A_DAY : 1));
  return (found ?? steps.at(-1)!).period;
}

test.each([
  [1, 'week'],
  [70, 'week'],
  [71, 'month'],
  [280, 'month'],
  [281, 'quarter'],
  [901, 'year'],
  [3651, 'decade'],
  [3_652_058, 'decade'],
])('days %d apart, shared by ten: %s', (days, period) => {
  expect(choosePeriod(days * MINUTES_A_DAY, 'date', 10)).toBe(period);
});

test.each([
  [1, 8, 'week'],
  [1, 7, 'month'],
  [1, 2, 'month'],
])('days %d apart, shared by %d: %s', (days, k, period) => {
  expect(choosePeriod(days * MINUTES_A_DAY, 'date', k)).toBe(period);
});

test.each([
  [0.001, 'minute'],
  [10.1, 'hour'],
  [601, 'day'],
  [10 * MINUTES_A_DAY + 1, 'week'],
  [5000 * MINUTES_A_DAY, 'decade'],
])('moments %d minutes apart, shared by ten: %s', (minutes, period) => {
  expect(choosePeriod(minutes, 'timestamp', 10)).toBe(period);
});

test('what differs is never shown to its own day or moment, however near it lies and however many share it', () => {
  const anyK = fc.integer({ min: 2, max: 1_000_000 });
  fc.assert(
    fc.property(anyK, fc.integer({ min: 1, max: 4_000_000 }), (k, days) => {
      expect(choosePeriod(days * MINUTES_A_DAY, 'date', k)).not.toBe('day');
      for (const { atMost } of listPeriodSteps('timestamp', k)) expect(atMost).toBeLessThan(2 ** 31);
    }),
    { seed: 4, numRuns: 200 },
  );
});
