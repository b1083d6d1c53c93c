import fc from 'fast-check';
import type { PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import { assembleHistogram, InconsistentHistogram } from '../../../../lib/domain/privacy/histogram/assemble-histogram';
import type { Histogram } from '../../../../lib/domain/privacy/histogram/histogram';
import { codeName, type HistogramTables } from '../../../../lib/domain/privacy/histogram/histogram-layout';
import type { PrivacyFloor } from '../../../../lib/domain/privacy/models/privacy-floor';
import { type Cell, type RowsOf, spreadHistogram } from '../../../fixtures/histogram-tables';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { arbitraryTable } from '../arbitrary-table';
import { countHistogram, type Table } from '../table';

const FLOOR: PrivacyFloor = { k: 2, l: [{ column: 's', atLeast: 1 }], t: [], suppressAtMost: 0 };
const tables = arbitraryTable(fc.constant(FLOOR)).filter(({ rows }) => rows.length > 0);

function datasetOf({ columns, floor }: Table): PlannedDataset {
  const [usage] = TELCO_RETAIL_PLAN.datasets;
  const classColumns = columns.map(({ name, hierarchy, weight }) => ({
    column: name,
    generalisation: hierarchy,
    weight,
  }));
  return { ...usage!, classColumns, privacy: floor };
}

function toTables(rows: RowsOf, columns: number): HistogramTables {
  const numbers = (list: readonly Readonly<Record<string, Cell>>[], name: string) =>
    Uint32Array.from(list, (row) => Number(row[name]));
  const texts = (list: RowsOf['values']) => ({
    column: numbers(list, 'column'),
    code: numbers(list, 'code'),
    value: list.map(({ value }) => (value === undefined || value === null ? null : String(value))),
  });
  const { tuples, values, spanning, sensitive, sensitive_values, holders } = rows;
  return {
    tuples: {
      tuple: numbers(tuples, 'tuple'),
      rows: numbers(tuples, 'rows'),
      subjects: numbers(tuples, 'subjects'),
      codes: Array.from({ length: columns }, (_, index) => numbers(tuples, codeName(index))),
    },
    values: texts(values),
    spanning: { subject: numbers(spanning, 'subject'), tuple: numbers(spanning, 'tuple') },
    sensitive: {
      column: numbers(sensitive, 'column'),
      tuple: numbers(sensitive, 'tuple'),
      code: numbers(sensitive, 'code'),
      rows: numbers(sensitive, 'rows'),
      subjects: numbers(sensitive, 'subjects'),
    },
    holders: {
      column: numbers(holders, 'column'),
      holder: numbers(holders, 'holder'),
      tuple: numbers(holders, 'tuple'),
      code: numbers(holders, 'code'),
    },
    sensitiveValues: texts(sensitive_values),
  };
}

/** Within a tuple or a subject the order means nothing: put it in one. */
function inOrder(histogram: Histogram): RowsOf {
  const rows = spreadHistogram(histogram);
  const sort = <T extends Readonly<Record<string, Cell>>>(list: readonly T[], names: readonly string[]) =>
    [...list].sort((a, b) => names.reduce((found, name) => found || Number(a[name]) - Number(b[name]), 0));
  return {
    ...rows,
    spanning: sort(rows.spanning, ['subject', 'tuple']),
    sensitive: sort(rows.sensitive, ['column', 'tuple', 'code']),
    holders: sort(rows.holders, ['column', 'holder', 'tuple']),
  };
}

test('whatever the order of the rows, the histogram is the one that was counted', () => {
  fc.assert(
    fc.property(tables, fc.infiniteStream(fc.nat({ max: 1000 })), (table, random) => {
      const histogram = countHistogram(table);
      const spread = spreadHistogram(histogram);
      const shuffle = <T>(list: readonly T[]): readonly T[] =>
        list
          .map((each) => [random.next().value ?? 0, each] as const)
          .sort(([a], [b]) => a - b)
          .map(([, each]) => each);
      const shuffled: RowsOf = {
        tuples: shuffle(spread.tuples),
        values: shuffle(spread.values),
        spanning: shuffle(spread.spanning),
        sensitive: shuffle(spread.sensitive),
        sensitive_values: shuffle(spread.sensitive_values),
        holders: shuffle(spread.holders),
      };
      const read = assembleHistogram(datasetOf(table), toTables(shuffled, table.columns.length));
      expect(inOrder(read)).toEqual(inOrder(histogram));
    }),
  );
});

const TABLE: Table = {
  columns: [
    { name: 'age', hierarchy: { kind: 'none' }, weight: 1 },
    { name: 'town', hierarchy: { kind: 'none' }, weight: 1 },
  ],
  rows: [
    { values: ['30', 'a'], subject: 'p', sensitive: 0 },
    { values: ['30', 'a'], subject: 'q', sensitive: 1 },
    { values: ['40', 'b'], subject: 'p', sensitive: 0 },
    { values: ['40', null], subject: 'r', sensitive: 2 },
  ],
  sensitive: ['low', 'high', null],
  floor: FLOOR,
};
const SPREAD = spreadHistogram(countHistogram(TABLE));

const first = <T>(list: readonly T[], change: (each: T) => T) =>
  list.map((each, at) => (at === 0 ? change(each) : each));

test.each<[string, Partial<RowsOf>]>([
  ['a tuple is missing', { tuples: SPREAD.tuples.slice(1) }],
  ['a tuple is there twice', { tuples: [...SPREAD.tuples, SPREAD.tuples[0]!] }],
  ['a code has no value', { tuples: first(SPREAD.tuples, (tuple) => ({ ...tuple, code_1: 9 })) }],
  ['a value is missing', { values: SPREAD.values.slice(1) }],
  ['a value stands twice', { values: SPREAD.values.map((value) => ({ ...value, value: 'same' })) }],
  ['a value is of no column', { values: first(SPREAD.values, (value) => ({ ...value, column: 2 })) }],
  ['a tuple has more subjects than rows', { tuples: first(SPREAD.tuples, (tuple) => ({ ...tuple, subjects: 7 })) }],
  ['a tuple has no subject', { spanning: [], tuples: SPREAD.tuples.map((tuple) => ({ ...tuple, subjects: 0 })) }],
  ['part of a subject is missing', { spanning: SPREAD.spanning.slice(1) }],
  ['a subject is twice in one tuple', { spanning: SPREAD.spanning.map(() => ({ subject: 0, tuple: 0 })) }],
  ['a subject is in no tuple', { spanning: first(SPREAD.spanning, (each) => ({ ...each, tuple: 99 })) }],
  ['sensitive rows are missing', { sensitive: SPREAD.sensitive.slice(1) }],
  ['a sensitive value is counted twice', { sensitive: [...SPREAD.sensitive, SPREAD.sensitive[0]!] }],
  ['a sensitive value has no text', { sensitive: first(SPREAD.sensitive, (cell) => ({ ...cell, code: 7 })) }],
  ['a value has more holders than rows', { sensitive: first(SPREAD.sensitive, (cell) => ({ ...cell, subjects: 7 })) }],
  ['a value has no holder', { sensitive: SPREAD.sensitive.map((cell) => ({ ...cell, subjects: 0 })), holders: [] }],
  ['part of a holder is missing', { holders: SPREAD.holders.slice(1) }],
  ['a holder is twice in one tuple', { holders: SPREAD.holders.map((each) => ({ ...each, tuple: 0 })) }],
  ['a holder has a value that nobody has there', { holders: SPREAD.holders.map((each) => ({ ...each, code: 2 })) }],
  [
    'a sensitive column is not of the floor',
    { sensitive: first(SPREAD.sensitive, (cell) => ({ ...cell, column: 1 })) },
  ],
])('is refused where %s', (_, broken) => {
  const read = (rows: RowsOf) => assembleHistogram(datasetOf(TABLE), toTables(rows, 2));
  expect(() => read(SPREAD)).not.toThrow();
  expect(() => read({ ...SPREAD, ...broken })).toThrow(InconsistentHistogram);
});
