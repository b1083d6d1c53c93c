import fc from 'fast-check';
import { planNoise } from '../../../../lib/domain/privacy/treatments/plan-noise';

const makeNoise = (epsilon: number, range: number) =>
  ({ kind: 'noise', epsilon, bottom: '0', top: String(range), step: '1' }) as const;

/** The chances of −most … most steps, from the binary digits: exact but for the rounding of doubles. */
function spread(thresholds: readonly number[]): ReadonlyMap<number, number> {
  let geometric = new Map([[0, 1]]);
  thresholds.forEach((threshold, digit) => {
    const chance = threshold / 2 ** 32;
    const next = new Map<number, number>();
    for (const [value, share] of geometric) {
      next.set(value, (next.get(value) ?? 0) + share * (1 - chance));
      next.set(value + 2 ** digit, (next.get(value + 2 ** digit) ?? 0) + share * chance);
    }
    geometric = next;
  });
  const difference = new Map<number, number>();
  for (const [added, p] of geometric) {
    for (const [taken, q] of geometric) difference.set(added - taken, (difference.get(added - taken) ?? 0) + p * q);
  }
  return difference;
}

test.each([
  [1, 1],
  [1, 10],
  [0.5, 4],
  [3, 2],
])('epsilon %d over %d steps: the chances are those of discrete Laplace, but for less than 2^-26', (epsilon, range) => {
  const { thresholds, most } = planNoise(makeNoise(epsilon, range));
  const a = Math.exp(-epsilon / range);
  let difference = 0;
  for (const [steps, chance] of spread(thresholds)) {
    expect(Math.abs(steps)).toBeLessThanOrEqual(most);
    difference += Math.abs(chance - ((1 - a) / (1 + a)) * a ** Math.abs(steps));
  }
  expect(difference / 2).toBeLessThan(2 ** -26);
});

test('two values of the range differ in the odds of any result by e^epsilon at most, where it is drawn often enough to tell', () => {
  const [epsilon, range] = [1, 8];
  const chances = spread(planNoise(makeNoise(epsilon, range)).thresholds);
  for (const [steps, chance] of chances) {
    const other = chances.get(steps + range);
    if (chance < 1e-6 || other === undefined || other < 1e-6) continue;
    expect(Math.abs(Math.log(chance / other))).toBeLessThan(epsilon + 1e-3);
  }
});

test('thresholds fall, are whole numbers of 32 bits, and are as many as are needed', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.0001, max: 100, noNaN: true }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      (epsilon, range) => {
        const { thresholds } = planNoise(makeNoise(epsilon, range));
        expect(
          thresholds.every((threshold) => Number.isInteger(threshold) && threshold > 0 && threshold < 2 ** 31 + 1),
        ).toBe(true);
        expect(thresholds).toEqual(thresholds.toSorted((left, right) => right - left));
      },
    ),
  );
});

test('a plan stays what it was: its numbers are part of every release', () => {
  expect(planNoise({ kind: 'noise', epsilon: 0.5, bottom: '-20', top: '1000', step: '0.1' })).toEqual({
    thresholds: PINNED,
    most: 2 ** PINNED.length - 1,
  });
});

const PINNED = [
  2147431014, 2147378379, 2147273110, 2147062573, 2146641498, 2145799347, 2144115049, 2140746467, 2134009418,
  2120536248, 2093597333, 2039778835, 1932614507, 1722004941, 1328668877, 717716916, 166198924, 6948196, 11277,
];
