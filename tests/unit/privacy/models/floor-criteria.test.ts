import fc from 'fast-check';
import { createClassMerger } from '../../../../lib/domain/privacy/histogram/class-merger';
import { countTuples } from '../../../../lib/domain/privacy/histogram/count-tuples';
import type { Histogram } from '../../../../lib/domain/privacy/histogram/histogram';
import { createFloorCriteria, judgeTable } from '../../../../lib/domain/privacy/models/floor-criteria';
import { createTCriterion } from '../../../../lib/domain/privacy/models/t-criterion';
import { arbitraryFloor, arbitraryTable } from '../arbitrary-table';
import { measureDistance } from '../solve-by-force';
import { countHistogram } from '../table';

/** A histogram of one column `c`, whose values `0`, `1` … have these rows of each sensitive value. */
function histogramOf(rowsOfValue: readonly (readonly number[])[], sensitive = ['low', 'high']): Histogram {
  const cells = rowsOfValue.flatMap((counts) => counts.map((rows, code) => ({ rows, code })));
  const rows = Uint32Array.from(rowsOfValue, (counts) => counts.reduce((sum, count) => sum + count, 0));
  return {
    tuples: rowsOfValue.length,
    columns: [
      {
        name: 'c',
        values: rowsOfValue.map((_, value) => String(value)),
        codes: Uint32Array.from(rowsOfValue.keys()),
      },
    ],
    rows,
    subjects: rows,
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [
      {
        name: 's',
        values: sensitive,
        offsets: Uint32Array.from({ length: rows.length + 1 }, (_, tuple) => tuple * sensitive.length),
        codes: Uint32Array.from(cells, ({ code }) => code),
        rows: Uint32Array.from(cells, (cell) => cell.rows),
      },
    ],
  };
}

function lossesOf(histogram: Histogram, atMost: number): number[] {
  const t = [{ column: 's', atMost, distance: 'equal' as const }];
  const criteria = createFloorCriteria({ k: 1, l: [], t, suppressAtMost: 0 }, histogram);
  return Array.from(judgeTable(countTuples(histogram, criteria.sensitive), criteria).losses);
}

test('a class too far away loses as many rows as its best parting would', () => {
  // Half of all rows are high. Of the second class 1 of 4 is low: it can keep 1 low and 1 high, and no more.
  expect(
    lossesOf(
      histogramOf([
        [3, 1],
        [1, 3],
      ]),
      0,
    ),
  ).toEqual([0.5, 0.5]);
  expect(
    lossesOf(
      histogramOf([
        [3, 1],
        [1, 3],
      ]),
      0.25,
    ),
  ).toEqual([0, 0]);
  expect(
    lossesOf(
      histogramOf([
        [2, 0],
        [0, 2],
      ]),
      0.25,
    ),
  ).toEqual([1, 1]);
});

test('distances that equal the agreed one are within it, whatever the rounding', () => {
  // 0.3 is no sum of powers of two, and one class is exactly so far away.
  expect(
    lossesOf(
      histogramOf([
        [8, 2],
        [2, 8],
      ]),
      0.3,
    ),
  ).toEqual([0, 0]);
  expect(
    lossesOf(
      histogramOf([
        [8, 2],
        [2, 8],
      ]),
      0.299999,
    ),
  ).not.toContain(0);
});

test('a floor that speaks of a column nobody counted is an error', () => {
  const floor = { k: 2, l: [{ column: 'unheard', atLeast: 2 }], t: [], suppressAtMost: 0 };
  expect(() => createFloorCriteria(floor, histogramOf([[1, 1]]))).toThrow('unheard');
});

test('distances are those of the definition', () => {
  fc.assert(
    fc.property(
      arbitraryTable(arbitraryFloor),
      fc.constantFrom('equal' as const, 'ordered' as const),
      (table, distance) => {
        const histogram = countHistogram(table);
        const [counts] = histogram.sensitive;
        const { farthest, measure } = createTCriterion(counts!, distance);
        const finest = countTuples(histogram, [counts!]);
        const distances = measure(finest.sensitive[0]!, finest.rows);
        const keys = table.rows.map(({ values }) => JSON.stringify(values));
        const expected = [...new Set(keys)].map((key) =>
          measureDistance(
            table.rows,
            table.rows.filter((_, row) => keys[row] === key),
            4,
            distance,
          ),
        );
        expect(distances).toHaveLength(expected.length);
        for (const [index, found] of distances.entries()) {
          expect(found).toBeCloseTo(expected[index]!, 12);
          expect(found).toBeLessThanOrEqual(farthest + 1e-12);
        }
      },
    ),
  );
});

test('classes counted from classes are those counted from tuples', () => {
  const table = fc.tuple(arbitraryTable(arbitraryFloor), fc.array(fc.nat(), { minLength: 6, maxLength: 6 }));
  fc.assert(
    fc.property(table, ([{ columns, ...rest }, levels]) => {
      const histogram = countHistogram({ columns, ...rest });
      // Level 1 merges even with odd values, level 2 all of them.
      const ladders = histogram.columns.map(({ values }) => ({
        kind: 'ladder' as const,
        levels: [1, 2, values.length].map((width) => ({
          shown: [...new Set(values.map((_, value) => Math.floor(value / width)))].map(String),
          codes: Uint32Array.from(values, (_, value) => Math.floor(value / width)),
          shares: new Float64Array(values.length).fill(1),
        })),
      }));
      const merger = createClassMerger(histogram, ladders);
      const finest = countTuples(histogram, histogram.sensitive);
      const low = columns.map((_, column) => levels[column]! % 2);
      const high = low.map((level, column) => level + (levels[column + 3]! % (3 - level)));
      const stepwise = merger.merge(merger.merge(finest, low), high);
      const direct = merger.merge(finest, high);
      expect(stepwise).toEqual(direct);
    }),
  );
});
