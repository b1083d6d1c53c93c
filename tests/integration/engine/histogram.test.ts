import fc from 'fast-check';
import type { Histogram, SensitiveCounts } from '../../../lib/domain/privacy/histogram/histogram';
import { generalise, makeColumn, makeDataset, withEngine } from './engine-trial';
import {
  countDistinct,
  groupBy,
  groupByTuple,
  makePeople,
  type Person,
  people,
  steadyPeople,
  toJsonLines,
} from './random-rows';

function nameTuple({ columns }: Histogram, tuple: number): string {
  return JSON.stringify(columns.map(({ values, codes }) => values[codes[tuple]!]));
}

function compareCodes(one: readonly number[], other: readonly number[]): number {
  const column = one.findIndex((code, index) => code !== other[index]);
  return column < 0 ? 0 : one[column]! - other[column]!;
}

/** The same figures, by the definitions, and tuples in the order of their values. */
function expectCounts(histogram: Histogram, rows: readonly Person[], bySubject: boolean): void {
  const groups = groupByTuple(rows);
  const tuples = Array.from({ length: histogram.tuples }, (_, tuple) => nameTuple(histogram, tuple));
  expect(new Set(tuples)).toEqual(new Set(groups.keys()));
  expect(tuples.length).toBe(groups.size);
  const codesOf = Array.from(tuples, (_, tuple) => histogram.columns.map(({ codes }) => codes[tuple]!));
  expect(codesOf).toEqual(codesOf.toSorted(compareCodes));
  tuples.forEach((name, tuple) => {
    expect(histogram.rows[tuple]).toBe(groups.get(name)!.length);
  });

  const placesOf = new Map(
    [
      ...groupBy(
        rows.filter(({ id }) => bySubject && id !== null),
        ({ id }) => id!,
      ),
    ].map(([id, own]) => [id, [...groupByTuple(own).keys()].sort()]),
  );
  const settled = tuples.map((name) => [...placesOf.values()].filter((places) => places.join() === name).length);
  expect([...histogram.subjects]).toEqual(bySubject ? settled : [...histogram.rows]);
  const { offsets, tuples: spanned } = histogram.spanning;
  const spanning = Array.from(offsets.subarray(1), (end, subject) =>
    [...spanned.subarray(offsets[subject], end)].map((tuple) => tuples[tuple]!).sort(),
  );
  const expected = [...placesOf.values()].filter((places) => places.length > 1);
  expect(spanning.map((places) => places.join()).sort()).toEqual(expected.map((places) => places.join()).sort());

  for (const counted of histogram.sensitive) expectHolders(histogram, counted, rows, bySubject);
  for (const { name, values, offsets: starts, codes, rows: counts } of histogram.sensitive) {
    const order = name === 'pay' ? (value: string) => Number(value) : (value: string) => value;
    const present = [...new Set(rows.map((row) => row[name as 'illness' | 'pay']))];
    const sorted = present
      .filter((value) => value !== null)
      .sort((left, right) => (order(left) < order(right) ? -1 : 1));
    expect(values).toEqual(present.includes(null) ? [...sorted, null] : sorted);
    tuples.forEach((tuple, index) => {
      const cells = Array.from({ length: starts[index + 1]! - starts[index]! }, (_, cell) => {
        const at = starts[index]! + cell;
        return [values[codes[at]!], counts[at]];
      });
      const grouped = groupBy(groups.get(tuple)!, (row) => String(row[name as 'illness' | 'pay']));
      expect(new Map(cells.map(([value, count]) => [String(value), count]))).toEqual(
        new Map([...grouped].map(([value, own]) => [value, own.length])),
      );
    });
  }
}

/** Per subject and illness the tuples in which it has it; pay is not asked for. */
function expectHolders(histogram: Histogram, counted: SensitiveCounts, rows: readonly Person[], bySubject: boolean) {
  const { name, values, offsets, codes, holders } = counted;
  if (!bySubject || name !== 'illness') {
    expect(holders).toBeUndefined();
    return;
  }
  const nameCell = (cell: number) => {
    const tuple = offsets.findIndex((end) => end > cell) - 1;
    return `${nameTuple(histogram, tuple)} ${values[codes[cell]!]}`;
  };
  const named = rows.filter(({ id }) => id !== null);
  const cellsOf = [...groupBy(named, ({ id, illness }) => `${id} ${illness}`).values()].map((own) =>
    [...groupByTuple(own).keys()].map((tuple) => `${tuple} ${own[0]!.illness}`).sort(),
  );
  const spanning = Array.from(holders!.spanning.offsets.subarray(1), (end, holder) =>
    [...holders!.spanning.cells.subarray(holders!.spanning.offsets[holder]!, end)].map(nameCell).sort().join(),
  );
  const expected = cellsOf.filter((cells) => cells.length > 1).map((cells) => cells.join());
  expect(spanning.toSorted()).toEqual(expected.toSorted());
  const alone = cellsOf.filter((cells) => cells.length === 1).map(([cell]) => cell);
  for (const [cell, count] of holders!.subjects.entries())
    expect(count).toBe(alone.filter((other) => other === nameCell(cell)).length);
}

/** With l alone, and each subject's rows in one tuple every other time, holders are counted with the tuples. */
test('counts holders where nobody has rows in several tuples, and where somebody has', async () => {
  const full = makePeople('token');
  const dataset = { ...full, privacy: { ...full.privacy!, t: [] } };
  let settled = 0;
  await withEngine(async ({ engine, path, write }) => {
    await fc.assert(
      fc.asyncProperty(people, fc.boolean(), async (some, together) => {
        const rows = together
          ? some.map((row) => ({ ...row, age: some[0]!.age, town: some[0]!.town, code: some[0]!.code }))
          : some;
        await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
        const histogram = await engine.histogram(dataset);
        expect(histogram.sensitive.map(({ name }) => name)).toEqual(['illness']);
        if (histogram.spanning.tuples.length === 0) settled += 1;
        expectCounts(histogram, rows, true);
      }),
      { numRuns: 25 },
    );
  });
  expect(settled).toBeGreaterThan(5);
  expect(settled).toBeLessThan(25);
});

test.each([['token' as const], ['none' as const]])('counts what is there (subject: %s)', async (subject) => {
  const dataset = makePeople(subject);
  await withEngine(async ({ engine, path, write }) => {
    await fc.assert(
      fc.asyncProperty(people, fc.boolean(), async (some, steady) => {
        const rows = steady ? steadyPeople(some) : some;
        await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
        const histogram = await engine.histogram(dataset);
        expectCounts(histogram, rows, subject === 'token');
        expect(histogram.columns.map(({ name }) => name)).toEqual(['age', 'town', 'code']);
        expect(countDistinct(histogram.columns[1]!.values)).toBe(countDistinct(rows.map(({ town }) => town)));
      }),
      { numRuns: 25 },
    );
  });
});

test('values are canonical text, sorted as their type is', async () => {
  const dataset = makeDataset(
    [
      makeColumn('i', 'integer', { role: 'quasi' }),
      makeColumn('d', 'double', { role: 'quasi' }),
      makeColumn('m', 'decimal', { role: 'quasi' }),
      makeColumn('t', 'timestamp', { role: 'quasi' }),
      makeColumn('w', 'date', generalise({ kind: 'dates', periods: ['month'] })),
      makeColumn('b', 'boolean', { role: 'quasi' }),
    ],
    { classes: ['i', 'd', 'm', 't', 'b'], privacy: { k: 2, l: [], t: [], suppressAtMost: 1 } },
  );
  const lines = [
    '10,1e21,10.5,2026-01-02T03:04:05,2026-02-01,yes',
    '9,0.50,9,2026-01-02,2026-01-31,0',
    ',,,,,',
    '-1,-0,-1,2026-01-02T03:04:05.5Z,0999-01-01,1',
  ];
  await withEngine(async ({ engine, path, write }) => {
    await engine.clean(dataset, write('x.csv', `i,d,m,t,w,b\n${lines.join('\n')}\n`), path('q.csv'));
    const { columns } = await engine.histogram(dataset);
    expect(Object.fromEntries(columns.map(({ name, values }) => [name, values]))).toEqual({
      i: ['-1', '9', '10', null],
      d: ['0', '0.5', '1e+21', null],
      m: ['-1.0000', '9.0000', '10.5000', null],
      t: ['2026-01-02 00:00:00', '2026-01-02 03:04:05', '2026-01-02 03:04:05.5', null],
      w: ['0999-01-01', '2026-01-31', '2026-02-01', null],
      b: ['false', 'true', null],
    });
  });
});
