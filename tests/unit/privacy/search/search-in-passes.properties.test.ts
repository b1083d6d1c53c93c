import fc from 'fast-check';
import type { Ladder } from '../../../../lib/domain/privacy/hierarchies/ladder';
import type { Histogram } from '../../../../lib/domain/privacy/histogram/histogram';
import type { PrivacyFloor } from '../../../../lib/domain/privacy/models/privacy-floor';
import { solveGeneralisation } from '../../../../lib/domain/privacy/search/solve-generalisation';

/** Eight columns of eight values, shown as eight, four, two or one: 65,536 nodes, enough to be searched in passes. */
const COLUMNS = 8;
const LADDER: Ladder = {
  kind: 'ladder',
  levels: [8, 4, 2, 1].map((size, level) => ({
    shown: Array.from({ length: size }, (_, code) => `${level}.${code}`),
    codes: Uint32Array.from({ length: 8 }, (_, value) => (value * size) >> 3),
    shares: new Float64Array(size).fill(1 / size),
  })),
};

/** A row is a subject, and its eight values are the octal digits of a number. */
const arbitraryRows = fc
  .array(fc.nat({ max: 8 ** 3 - 1 }), { minLength: 8, maxLength: 16 })
  .chain((seeds) =>
    fc.integer({ min: 1, max: 8 ** 5 - 1 }).map((spread) => seeds.map((seed) => (seed * spread * 521) % 8 ** COLUMNS)),
  );

const digitOf = (row: number, column: number) => Math.floor(row / 8 ** column) % 8;

function pose(rows: readonly number[], floor: PrivacyFloor) {
  const tuples = [...new Set(rows)];
  const counts = Uint32Array.from(tuples, (tuple) => rows.filter((row) => row === tuple).length);
  const histogram: Histogram = {
    tuples: tuples.length,
    columns: Array.from({ length: COLUMNS }, (_, column) => ({
      name: `c${column}`,
      values: ['0', '1', '2', '3', '4', '5', '6', '7'],
      codes: Uint32Array.from(tuples, (tuple) => digitOf(tuple, column)),
    })),
    rows: counts,
    subjects: counts,
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [],
  };
  const ladders = Array.from({ length: COLUMNS }, () => LADDER);
  return { histogram, ladders, weights: ladders.map(() => 1), floor };
}

/** The least loss of all nodes, each looked at by itself: keys grow by a column at a time. */
function findLeast(rows: readonly number[], { k, suppressAtMost }: PrivacyFloor): number {
  const digits = Array.from({ length: COLUMNS }, (_, column) => rows.map((row) => digitOf(row, column)));
  const limit = suppressAtMost * rows.length + 1e-9;
  let least = Number.POSITIVE_INFINITY;
  const visit = (column: number, keys: Float64Array, shown: number) => {
    if (column === COLUMNS) {
      const suppressed = countSmall(keys, k);
      if (suppressed <= limit) least = Math.min(least, shown + (suppressed / rows.length) * (1 - shown));
      return;
    }
    for (let level = 0; level < 4; level++) {
      const own = digits[column]!;
      const longer = keys.map((key, index) => key * 8 + (own[index]! >> level));
      visit(column + 1, longer, shown + 1 / (8 >> level) / COLUMNS);
    }
  };
  visit(0, new Float64Array(rows.length), 0);
  return least;
}

/** Rows whose key fewer than k share. */
function countSmall(keys: Float64Array, k: number): number {
  const sorted = keys.toSorted();
  let small = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to += 1;
    if (to - from < k) small += to - from;
    from = to;
  }
  return small;
}

test('whenever a search in passes is ended, the true optimum is within the gap that it has proven', () => {
  const floors = fc.record({
    k: fc.constantFrom(2, 3, 5),
    l: fc.constant([]),
    t: fc.constant([]),
    suppressAtMost: fc.constantFrom(0, 0.1, 0.25),
  });
  const property = fc.property(arbitraryRows, floors, (rows, floor) => {
    const least = findLeast(rows, floor);
    const problem = pose(rows, floor);
    const exact = solveGeneralisation(problem);
    if (exact.kind !== 'solved') throw new Error('The most general level meets any floor.');
    expect(exact.search.cost).toBeCloseTo(least, 12);
    expect(exact.search.gap).toBe(0);
    let before = 1;
    for (const classes of [1, 300, 3_000]) {
      const ended = solveGeneralisation({ ...problem, budget: { classes } });
      if (ended.kind !== 'solved') throw new Error('The most general level meets any floor.');
      const { cost, gap = Number.NaN } = ended.search;
      expect(cost).toBeGreaterThanOrEqual(least - 1e-12);
      expect(cost * (1 - gap)).toBeLessThanOrEqual(least + 1e-12);
      expect(cost * (1 - gap)).toBeGreaterThanOrEqual(before === 1 ? 0 : before - 1e-12);
      before = cost * (1 - gap);
    }
  });
  fc.assert(property, { numRuns: 3, seed: 15 });
});
