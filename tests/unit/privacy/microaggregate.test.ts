import fc from 'fast-check';
import { microaggregate, type ValueCounts } from '../../../lib/domain/privacy/microaggregate';

const integer = { kind: 'integer' } as const;
const mean = (k: number) => ({ kind: 'microaggregate', k, centre: 'mean' }) as const;
const median = (k: number) => ({ kind: 'microaggregate', k, centre: 'median' }) as const;
const count = (...counted: readonly (readonly [value: string, rows: number, subjects: number])[]): ValueCounts => ({
  values: counted.map(([value]) => value),
  rows: counted.map(([, rows]) => rows),
  subjects: counted.map(([, , subjects]) => subjects),
});

test.each<[string, ValueCounts, number, (string | null)[]]>([
  ['no value', count(), 2, []],
  ['too few subjects', count(['1', 9, 1], ['2', 9, 0]), 2, [null, null]],
  ['one heavy subject beside others', count(['1', 1, 1], ['2', 98, 1], ['3', 1, 1]), 2, ['2', '2', '2']],
  [
    'values that only known subjects have join the next',
    count(['1', 1, 2], ['2', 1, 0], ['3', 1, 2]),
    2,
    ['1', '3', '3'],
  ],
  ['half way up', count(['1', 1, 1], ['2', 1, 1]), 2, ['2', '2']],
  ['half way down below 0', count(['-2', 1, 1], ['-1', 1, 1]), 2, ['-2', '-2']],
  ['to 0 without a sign', count(['-1', 1, 1], ['1', 2, 2], ['-0', 1, 0]), 2, ['0', '0', '0']],
  [
    'the largest numbers',
    count(['9223372036854775806', 1, 1], ['9223372036854775807', 1, 1]),
    2,
    ['9223372036854775807', '9223372036854775807'],
  ],
])('%s', (_, counts, k, expected) => {
  expect(microaggregate(counts, integer, mean(k))).toEqual(expected);
});

test('medians are values of the group, the lower one of two', () => {
  expect(microaggregate(count(['1', 1, 1], ['5', 1, 1], ['6', 2, 2], ['9', 5, 3]), integer, median(2))).toEqual([
    '1',
    '1',
    '6',
    '9',
  ]);
  const dates = count(['2020-01-01', 2, 1], ['2021-01-01', 1, 1], ['9999-12-31', 1, 1]);
  expect(microaggregate(dates, { kind: 'date' }, median(3))).toEqual(['2020-01-01', '2020-01-01', '2020-01-01']);
});

test('decimals keep the digits of their column', () => {
  const type = { kind: 'decimal', precision: 38, scale: 3 } as const;
  expect(microaggregate(count(['0.001', 1, 1], ['0.002', 1, 1]), type, mean(2))).toEqual(['0.002', '0.002']);
  expect(() => microaggregate(count(['0.0001', 2, 2]), type, mean(2))).toThrow('not of its column');
});

test('every group has k subjects, values keep their order, and the total moves by less than a unit for each row', () => {
  const cells = fc.array(
    fc.record({ rows: fc.integer({ min: 1, max: 9 }), subjects: fc.integer({ min: 0, max: 3 }) }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(cells, fc.integer({ min: 2, max: 9 }), fc.integer({ min: -999, max: 999 }), (given, k, start) => {
      const counts = count(
        ...given.map(({ rows, subjects }, index) => [String(start + 3 * index), rows, subjects] as const),
      );
      const shown = microaggregate(counts, integer, mean(k));
      if (shown[0] === null) {
        expect(given.reduce((sum, { subjects }) => sum + subjects, 0)).toBeLessThan(k);
        return;
      }
      for (const value of new Set(shown)) {
        const members = [...given.keys()].filter((index) => shown[index] === value);
        expect(members.reduce((sum, index) => sum + given[index]!.subjects, 0)).toBeGreaterThanOrEqual(k);
        const total = members.reduce((sum, index) => sum + given[index]!.rows, 0);
        const sum = members.reduce((sum, index) => sum + given[index]!.rows * (start + 3 * index), 0);
        expect(Math.abs(Number(value) - sum / total)).toBeLessThanOrEqual(0.5);
      }
      expect(shown.map(Number)).toEqual(shown.map(Number).toSorted((left, right) => left - right));
    }),
  );
});
