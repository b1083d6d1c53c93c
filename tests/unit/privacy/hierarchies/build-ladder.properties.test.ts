import fc from 'fast-check';
import type { ColumnType } from '../../../../lib/domain/agreement/plan/plan';
import type { Generalisation } from '../../../../lib/domain/privacy/hierarchies/generalisation';
import { climb, hierarchy, prefixes, widths } from '../climb';

const STRING: ColumnType = { kind: 'string' };
const INTEGER: ColumnType = { kind: 'integer' };
const DOUBLE: ColumnType = { kind: 'double' };
const DATE: ColumnType = { kind: 'date' };

describe('whatever the values', () => {
  const date = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10));
  const cases: readonly [string, ColumnType, Generalisation, fc.Arbitrary<string>][] = [
    ['widths of integers', INTEGER, widths('3', '6', '60'), fc.integer().map(String)],
    [
      'widths of doubles',
      DOUBLE,
      widths('0.1', '0.5', '1e3'),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    ],
    ['prefixes', STRING, prefixes(4, 2, 1), fc.string({ unit: 'grapheme', maxLength: 6 })],
    ['weeks', DATE, { kind: 'dates', periods: ['day', 'week'] }, date],
    ['months', DATE, { kind: 'dates', periods: ['day', 'month', 'quarter', 'year', 'decade'] }, date],
    ['a hierarchy', STRING, hierarchy('a;1;x b;1;x c;2;x d;3;y'), fc.constantFrom('a', 'b', 'c', 'd')],
    ['nothing', STRING, { kind: 'none' }, fc.string()],
  ];

  test.each(cases)(
    'levels of %s merge whole values of the level below, and shares add up',
    (_, type, generalisation, value) => {
      fc.assert(
        fc.property(fc.uniqueArray(fc.option(value), { maxLength: 40 }), (values) => {
          const { levels } = climb(generalisation, type, values);
          for (const [index, { shown, codes, shares }] of levels.entries()) {
            expect(codes).toHaveLength(values.length);
            expect(new Set(codes).size).toBe(shown.length);
            expect(new Set(shown).size).toBe(shown.length);
            expect(shares).toHaveLength(shown.length);
            expect(Math.min(1, ...shares)).toBeGreaterThan(0);
            const whole = shares.reduce((sum, part) => sum + part, 0);
            if (generalisation.kind === 'hierarchy') expect(whole).toBeLessThanOrEqual(1 + 1e-9);
            else if (values.length > 0) expect(whole).toBeCloseTo(1, 9);
            const below = levels[index - 1];
            if (!below) continue;
            const parents = new Map<number, number>();
            const torn = [...codes].filter((code, place) => {
              const child = below.codes[place]!;
              const parent = parents.get(child) ?? code;
              parents.set(child, code);
              return parent !== code || !(shares[code]! >= below.shares[child]! - 1e-12);
            });
            expect(torn).toEqual([]);
          }
          if (generalisation.kind !== 'none' && values.length > 0) expect(levels.at(-1)!.shown).toHaveLength(1);
        }),
      );
    },
  );
});
