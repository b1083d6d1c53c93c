import fc from 'fast-check';
import type { PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import type { RowCounts } from '../../../../lib/domain/privacy/certificate/certificate';
import { judgeSolved, lossOf } from '../../../../lib/domain/privacy/certificate/judge-solved';
import { measureLoss } from '../../../../lib/domain/privacy/certificate/measure-loss';
import type { ShownRows } from '../../../../lib/domain/privacy/certificate/release-measurement';
import { buildLadder } from '../../../../lib/domain/privacy/hierarchies/build-ladder';
import type { Generalisation } from '../../../../lib/domain/privacy/hierarchies/generalisation';
import type { Ladder } from '../../../../lib/domain/privacy/hierarchies/ladder';
import { addPopulation } from '../../../../lib/domain/privacy/histogram/add-population';
import { solveRegions } from '../../../../lib/domain/privacy/regions/solve-regions';
import type { Solution } from '../../../../lib/domain/privacy/search/solution';
import { solveGeneralisation } from '../../../../lib/domain/privacy/search/solve-generalisation';
import { arbitraryFloor, arbitraryModels, arbitraryTable, fitPopulation } from '../arbitrary-table';
import { countHistogram, type Hierarchy, type Table } from '../table';

type Mode = 'full-domain' | 'multidimensional';

/** The release of a table, as its file would show it. */
function release(table: Table<Generalisation>, mode: Mode, type: 'string' | 'integer' | 'date' = 'string') {
  const { floor } = table;
  const types = table.columns.map(() => ({ kind: type }));
  const delivered = countHistogram(table);
  const histogram = floor.population?.kind === 'counts' ? addPopulation(delivered, floor.population, types) : delivered;
  const ladders = table.columns.map(({ hierarchy }, column): Ladder => {
    const ladder = buildLadder(hierarchy, { kind: type }, histogram.columns[column]!);
    if (ladder.kind !== 'ladder') throw new Error('The table holds values its hierarchies lack.');
    return ladder;
  });
  const problem = { histogram, ladders, types, weights: table.columns.map(({ weight }) => weight), floor };
  const solution = mode === 'full-domain' ? solveGeneralisation(problem) : solveRegions(problem);
  if (solution.kind !== 'solved') return undefined;
  const dataset = {
    columns: table.columns.map(({ name }, index) => ({ name, type: types[index], treatment: { kind: 'generalise' } })),
    classColumns: table.columns.map(({ name, hierarchy }) => ({ column: name, generalisation: hierarchy, weight: 1 })),
    privacy: floor,
    recoding: { mode, metric: 'loss' },
  } as unknown as PlannedDataset;
  const released = delivered.rows.reduce((sum, rows, tuple) => sum + (solution.classOf[tuple]! < 0 ? 0 : rows), 0);
  const rows: RowCounts = {
    received: table.rows.length,
    rejected: 0,
    rejectedBy: [],
    suppressed: table.rows.length - released,
    released,
  };
  const shown = listShown(solution, delivered.rows).filter(
    (_, index) => table.columns[index]!.hierarchy.kind !== 'none',
  );
  return { dataset, solution, rows, shown, values: delivered.columns };
}

function listShown({ shown, classOf }: Solution, rows: Uint32Array): readonly ShownRows[] {
  return shown.map(({ name, values, codes }) => {
    const sums = new Map<string | null, number>();
    for (const [tuple, count] of rows.entries()) {
      const text = values[codes[classOf[tuple]!]!] ?? null;
      if (classOf[tuple]! >= 0) sums.set(text, (sums.get(text) ?? 0) + count);
    }
    return { column: name, texts: [...sums.keys()], rows: [...sums.values()] };
  });
}

type Release = NonNullable<ReturnType<typeof release>>;

function judge({ dataset, solution, rows, shown, values }: Release) {
  const measured = measureLoss(dataset, { rows: rows.released, shown }, values, solution.levels);
  const failures = judgeSolved(dataset, measured, solution, rows);
  return { failures, loss: measured && lossOf(measured, rows) };
}

const asNumbers = (table: Table): Table => {
  const digits = (text: string) => String('abcde'.indexOf(text) * 10);
  return {
    ...table,
    columns: table.columns.map(({ hierarchy, ...column }) => ({
      ...column,
      hierarchy:
        hierarchy.kind === 'none'
          ? hierarchy
          : { ...hierarchy, rows: hierarchy.rows.map(([leaf, ...groups]) => [digits(leaf!), ...groups]) },
    })),
    rows: table.rows.map(({ values, ...row }) => ({
      ...row,
      values: values.map((value) => value && digits(value)),
    })),
  };
};

test.each([
  ['any floor', arbitraryFloor],
  ['every model', arbitraryModels],
])('%s: what is measured in the file is what the levels lose', (_, floor) => {
  const tables = arbitraryTable(floor).map(fitPopulation);
  const property = fc.property(tables, (table) => {
    const made = release(table, 'full-domain');
    if (!made || table.columns.length === 0) return;
    const { failures, loss } = judge(made);
    expect([failures, loss]).toEqual([[], expect.closeTo(made.rows.received === 0 ? 0 : made.solution.loss, 12)]);
  });
  fc.assert(property, { seed: 11, numRuns: 150 });
});

test.each(['string', 'integer'] as const)('of regions of %s, and never less', (type) => {
  const property = fc.property(arbitraryTable(arbitraryFloor), (table) => {
    const made = release(type === 'string' ? table : asNumbers(table), 'multidimensional', type);
    if (!made || table.columns.length === 0) return;
    const { failures, loss } = judge(made);
    expect(failures).toEqual([]);
    expect(loss).toBeGreaterThanOrEqual(made.rows.received === 0 ? 0 : made.solution.loss - 1e-12);
  });
  fc.assert(property, { seed: 12, numRuns: 150 });
});

const NUMBER = fc.integer({ min: -40, max: 90 }).map(String);
const DATE = fc
  .integer({ min: 0, max: 900 })
  .map((day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10));
test.each<['integer' | 'date', fc.Arbitrary<string>, Generalisation, RegExp]>([
  ['integer', NUMBER, { kind: 'widths', widths: ['10', '50'] }, /^(<-?\d+|≥-?\d+|\[-?\d+,-?\d+\)|\*)$/],
  [
    'date',
    DATE,
    { kind: 'dates', periods: ['month', 'year'] },
    /^(\d{4}(-\d\d)?|(\.\.|\d{4}-\d\d)\/(\.\.|\d{4}-\d\d)|\*)$/,
  ],
])('regions of %s lie on the grid, and what they lose is told by the file', (type, value, hierarchy, form) => {
  const cell = fc.tuple(fc.option(value, { freq: 9 }), fc.option(value, { freq: 9 }));
  const property = fc.property(fc.array(cell, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (cells, k) => {
    const table: Table<Generalisation> = {
      columns: ['a', 'b'].map((name) => ({ name, hierarchy, weight: 1 })),
      rows: cells.map((values, index) => ({ values, subject: String(index), sensitive: 0 })),
      sensitive: ['s'],
      floor: { k, l: [], t: [], suppressAtMost: 0 },
    };
    const made = release(table, 'multidimensional', type);
    if (!made) return;
    expect(judge(made).failures).toEqual([]);
    for (const { texts } of made.shown)
      for (const text of texts) {
        if (text !== null) expect(text).toMatch(form);
        for (const bound of type === 'integer' ? (text?.match(/-?\d+/g) ?? []) : [])
          expect(Math.abs(Number(bound) % 10)).toBe(0);
      }
  });
  fc.assert(property, { seed: 13, numRuns: 150 });
});

test.each([
  ['a number of the delivery as a bound', '[12,20)'],
  ['a number of the delivery', '12'],
])('%s is not borne out where widths are agreed', (_, text) => {
  const hierarchy = { kind: 'widths', widths: ['10'] } as const;
  const made = release(
    {
      columns: [{ name: 'a', hierarchy, weight: 1 }],
      rows: ['12', '13', '25', '26'].map((value, index) => ({ values: [value], subject: String(index), sensitive: 0 })),
      sensitive: ['s'],
      floor: { k: 2, l: [], t: [], suppressAtMost: 0 },
    },
    'multidimensional',
    'integer',
  )!;
  expect(judge(made).failures).toEqual([]);
  const shown = [{ ...made.shown[0]!, texts: made.shown[0]!.texts.with(0, text) }];
  expect(judge({ ...made, shown }).failures).toEqual([expect.stringContaining('that it does not have')]);
});

const LETTERS: Hierarchy = {
  kind: 'hierarchy',
  file: 'letters.csv',
  rows: [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
    ['d', 'y'],
  ],
};
const TABLE: Table = {
  columns: [{ name: 'letter', hierarchy: LETTERS, weight: 1 }],
  rows: [...'aabbccdd'].map((value, index) => ({ values: [value], subject: String(index), sensitive: 0 })),
  sensitive: ['low'],
  floor: { k: 4, l: [], t: [], suppressAtMost: 0 },
};
const MADE = release(TABLE, 'full-domain')!;
const LETTER: ShownRows = MADE.shown[0]!;

test('two groups of two letters of four', () => {
  expect(LETTER).toEqual({ column: 'letter', texts: ['x', 'y'], rows: [4, 4] });
  expect(judge(MADE)).toEqual({ failures: [], loss: 0.5 });
});

test.each<[string, Partial<Release>, string]>([
  ['a loss that is too low', { solution: { ...MADE.solution, loss: 0.49 } }, 'lose more, or less, than was solved'],
  ['a loss that is too high', { solution: { ...MADE.solution, loss: 0.51 } }, 'lose more, or less, than was solved'],
  ['a level below', { solution: { ...MADE.solution, levels: [0] } }, 'letter shows values that it does not have'],
  ['a level above', { solution: { ...MADE.solution, levels: [2] } }, 'letter shows values that it does not have'],
  ['no such level', { solution: { ...MADE.solution, levels: [3] } }, 'letter shows values that it does not have'],
  ['no level', { solution: { ...MADE.solution, levels: [] } }, 'letter shows values that it does not have'],
  ['a value as it came', { shown: [{ ...LETTER, texts: ['x', 'c'] }] }, 'letter shows values that it does not have'],
  ['all alike', { shown: [{ ...LETTER, texts: ['*'], rows: [8] }] }, 'letter shows values that it does not have'],
  ['a row that is not counted', { shown: [{ ...LETTER, rows: [4, 3] }] }, 'was not measured'],
  ['nothing counted', { shown: [] }, 'was not measured'],
  ['nothing known of the delivery', { values: [] }, 'was not measured'],
  [
    'regions where levels are agreed',
    { solution: { ...MADE.solution, search: { ...MADE.solution.search, mode: 'multidimensional' } } },
    'not generalised in the way that is agreed',
  ],
  [
    'rows that are gone',
    { rows: { ...MADE.rows, suppressed: 4, released: 4 }, shown: [{ ...LETTER, rows: [4, 0] }] },
    'lose more, or less',
  ],
])('%s is not borne out by the file', (_case, changes, said) => {
  expect(judge({ ...MADE, ...changes }).failures).toEqual([expect.stringContaining(said)]);
});

test('marks leave open what they would have lost, and no more', () => {
  const rows = { ...MADE.rows, marked: 1, released: 7 };
  const marked = { ...MADE, rows, shown: [{ ...LETTER, rows: [4, 3] }] };
  expect(judge(marked)).toEqual({ failures: [], loss: 0.5 });
  const lossy = (loss: number) => judge({ ...marked, solution: { ...MADE.solution, loss } }).failures;
  expect([lossy(0.43), lossy(0.44), lossy(0.56), lossy(0.57)].map(({ length }) => length)).toEqual([1, 0, 0, 1]);
});
