import fc from 'fast-check';
import { addDuration } from '../../../../lib/domain/agreement/periods/duration';
import { fewestDays } from '../../../../lib/domain/agreement/periods/fewest-days';

test.each([
  ['P1D', 1],
  ['P2W', 14],
  ['P1M', 28],
  ['P3M', 89],
  ['P1Y', 365],
  ['P4Y', 1461],
  ['P1Y2M3W4D', 365 + 59 + 21 + 4],
  ['PT23H59M59S', 0],
  ['PT36H', 1],
  ['P9999Y', 3_652_059],
])('%s is %i days at the fewest', (duration, days) => {
  expect(fewestDays(duration)).toBe(days);
});

test('what is no duration is refused', () => {
  expect(() => fewestDays('30 days')).toThrow(RangeError);
});

test('no start makes a duration shorter, and some start makes it as short', () => {
  const lasts = (start: string, duration: string) =>
    (Date.parse(addDuration(start, duration)) - Date.parse(start)) / 86_400_000;
  const start = fc.date({ min: new Date('2024-01-01'), max: new Date('2090-12-31'), noInvalidDate: true });
  const count = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(start, fc.integer({ min: 0, max: 5 }), count, count, (date, years, months, days) => {
      const duration = `P${years}Y${months}M${days}D`;
      expect(lasts(date.toISOString().slice(0, 10), duration)).toBeGreaterThanOrEqual(fewestDays(duration));
      expect(lasts('2025-02-01', duration)).toBe(fewestDays(duration));
    }),
  );
});
