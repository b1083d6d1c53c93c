import fc from 'fast-check';
import { createDistance } from '../../../../lib/domain/privacy/models/class-distances';

/** By the definitions, value by value. */
function measureSlowly(own: readonly number[], all: readonly number[], ordered: boolean): number {
  const total = (rows: readonly number[]) => rows.reduce((sum, count) => sum + count, 0);
  const differences = all.map((rows, code) => own[code]! / total(own) - rows / total(all));
  if (!ordered) return differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / 2;
  let cumulated = 0;
  let sum = 0;
  for (const difference of differences) {
    cumulated += difference;
    sum += Math.abs(cumulated);
  }
  return all.length < 2 ? 0 : sum / (all.length - 1);
}

const distributions = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9)), { minLength: 1, maxLength: 12 })
  .map((pairs) => ({
    all: pairs.map(([rows, part]) => Math.max(rows, part)),
    own: pairs.map(([rows, part], index) => (index === 0 ? Math.max(1, Math.min(rows, part)) : Math.min(rows, part))),
  }));

test.each(['equal', 'ordered'] as const)('%s is what the definition says', (measure) => {
  fc.assert(
    fc.property(distributions, ({ all, own }) => {
      const codes = own.flatMap((rows, code) => (rows > 0 ? [code] : []));
      const distance = createDistance(all, measure)({ codes, rows: codes.map((code) => own[code]!) });
      expect(distance).toBeCloseTo(measureSlowly(own, all, measure === 'ordered'), 12);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['equal', [1, 0], 0.5],
  ['equal', [1, 1], 0],
  ['ordered', [1, 0], 0.5],
  ['ordered', [1, 1], 0],
] as const)('%s of %j to an even spread is %d', (measure, own, expected) => {
  const codes = own.flatMap((rows, code) => (rows > 0 ? [code] : []));
  expect(createDistance([5, 5], measure)({ codes, rows: codes.map((code) => own[code]!) })).toBeCloseTo(expected, 12);
});

test('a value that the delivery does not have is as far as can be', () => {
  expect(createDistance([1, 2], 'equal')({ codes: [0, 0xffff_ffff], rows: [5, 1] })).toBe(1);
});
