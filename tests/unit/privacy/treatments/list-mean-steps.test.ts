import fc from 'fast-check';
import { listMeanSteps } from '../../../../lib/domain/privacy/treatments/list-mean-steps';

const CENTS = { kind: 'decimal', precision: 4, scale: 2 } as const;

/** As the engines choose: the first that is wide enough. */
function chooseStep(spread: number, k: number, centre: 'mean' | 'median' = 'mean'): string {
  const steps = listMeanSteps({ kind: 'integer' }, k, centre);
  return steps.find(({ atMost }) => spread <= Number(atMost))!.text;
}

test('steps of a decimal go from its last digit to its first', () => {
  expect(listMeanSteps(CENTS, 10, 'mean').map(({ text }) => text)).toEqual([
    '0.01',
    '0.02',
    '0.05',
    '0.1',
    '0.2',
    '0.5',
    '1',
    '2',
    '5',
    '10',
    '20',
    '50',
  ]);
  expect(listMeanSteps(CENTS, 10, 'mean')[3]).toEqual({ atMost: '100', text: '0.1' });
});

test.each([
  [0, 10, '1'],
  [10, 10, '1'],
  [11, 10, '2'],
  [50, 10, '5'],
  [51, 10, '10'],
  [1_000_000, 5, '200000'],
])('values %d apart, shared by %d: %s', (spread, k, step) => {
  expect(chooseStep(spread, k)).toBe(step);
});

test.each([
  [0, 10, '1'],
  [1, 10, '5'],
  [50, 10, '5'],
  [51, 10, '10'],
  [1, 2, '50'],
  [9, 3, '20'],
  [1, 49, '2'],
  [1, 50, '1'],
])('medians of values %d apart, shared by %d: %s', (spread, k, step) => {
  expect(chooseStep(spread, k, 'median')).toBe(step);
});

test('where a type has too few digits for a median, it has its greatest step', () => {
  const steps = listMeanSteps({ kind: 'decimal', precision: 1, scale: 1 }, 2, 'median');
  expect(steps).toEqual([
    { atMost: '0', text: '0.1' },
    { atMost: '10', text: '0.5' },
  ]);
});

test('the greatest step is one that the type holds', () => {
  expect(BigInt(listMeanSteps({ kind: 'integer' }, 2, 'mean').at(-1)!.text)).toBeLessThan(2n ** 63n);
});

test('who left can be anybody between the least and the greatest of the group', () => {
  const group = fc.tuple(
    fc.integer({ min: 2, max: 20 }),
    fc.array(fc.nat({ max: 100_000 }), { minLength: 22, maxLength: 60 }),
  );
  fc.assert(
    fc.property(group, ([k, values]) => {
      const step = (of: readonly number[]) => Number(chooseStep(Math.max(...of) - Math.min(...of), k));
      const [before, after] = [values, values.slice(1)];
      // A shown mean is any within half a step: so is what the sums can differ by, and with it who left.
      const unknown = before.length * step(before) + after.length * step(after);
      expect(unknown).toBeGreaterThanOrEqual(2 * (Math.max(...after) - Math.min(...after)));
    }),
    { seed: 11, numRuns: 200 },
  );
});
