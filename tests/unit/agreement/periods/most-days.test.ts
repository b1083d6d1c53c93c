import fc from 'fast-check';
import { addDuration } from '../../../../lib/domain/agreement/periods/duration';
import { fewestDays } from '../../../../lib/domain/agreement/periods/fewest-days';
import { mostDays } from '../../../../lib/domain/agreement/periods/most-days';

test.each([
  ['P1D', 1],
  ['P2W', 14],
  ['P1M', 31],
  ['P2M', 62],
  ['P3M', 92],
  ['P6M', 184],
  ['P8M', 245],
  ['P1Y', 366],
  ['P4Y', 1461],
  ['PT36H', 2],
])('%s is %i days at the most', (duration, days) => {
  expect(mostDays(duration)).toBe(days);
});

test('what is no duration is refused', () => {
  expect(() => mostDays('30 days')).toThrow(RangeError);
});

test('no start makes a duration longer, and it is never shorter than the fewest', () => {
  const start = fc.date({ min: new Date('2024-01-01'), max: new Date('2090-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(start, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 40 }), (date, years, months) => {
      const [from, duration] = [date.toISOString().slice(0, 10), `P${years}Y${months}M3D`];
      const lasts = (Date.parse(addDuration(from, duration)) - Date.parse(from)) / 86_400_000;
      expect(lasts).toBeLessThanOrEqual(mostDays(duration));
      expect(fewestDays(duration)).toBeLessThanOrEqual(mostDays(duration));
    }),
  );
});
