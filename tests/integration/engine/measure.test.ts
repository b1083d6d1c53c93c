import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import fc from 'fast-check';
import type { PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import { judgeSolved } from '../../../lib/domain/privacy/certificate/judge-solved';
import { measureLoss } from '../../../lib/domain/privacy/certificate/measure-loss';
import { keepTuples, makeTask, queryDuckDb, solve, withEngine } from './engine-trial';
import {
  countDistinct,
  groupBy,
  groupByTuple,
  makePeople,
  maskCode,
  type Person,
  people,
  type SubjectTreatment,
  steadyPeople,
  toJsonLines,
} from './random-rows';

type Sensitive = 'illness' | 'pay';

/** Values in the column's own order, null last. */
function listInOrder(rows: readonly Person[], name: Sensitive): readonly (string | null)[] {
  const order = name === 'pay' ? (value: string) => Number(value) : (value: string) => value;
  const values = [...new Set(rows.map((row) => row[name]))];
  const present = values.filter((value) => value !== null).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return values.includes(null) ? [...present, null] : present;
}

function measureT(own: readonly Person[], all: readonly Person[], name: Sensitive, ordered: boolean): number {
  const share = (rows: readonly Person[], value: string | null) =>
    rows.filter((row) => row[name] === value).length / rows.length;
  const differences = listInOrder(all, name).map((value) => share(own, value) - share(all, value));
  if (!ordered) return differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / 2;
  let cumulated = 0;
  const sum = differences.reduce((total, difference) => {
    cumulated += difference;
    return total + Math.abs(cumulated);
  }, 0);
  return differences.length < 2 ? 0 : sum / (differences.length - 1);
}

/** Of those who have an illness, the greatest share that have the same one; 1 where nobody has any. */
function measureShared(own: readonly Person[], bySubject: boolean): number {
  const count = (rows: readonly Person[]) => (bySubject ? countDistinct(rows.map(({ id }) => id)) : rows.length);
  const known = own.filter(({ illness }) => illness !== null);
  const most = Math.max(0, ...[...groupBy(known, ({ illness }) => illness!).values()].map(count));
  return most >= count(known) ? 1 : most / count(known);
}

/** What the measurement must say, from the rows themselves. */
function measurePeople(accepted: readonly Person[], released: readonly Person[], dataset: PlannedDataset) {
  const classes = [...groupByTuple(released).values()];
  const bySubject = dataset.subject !== undefined;
  const count = (rows: readonly Person[]) => (bySubject ? countDistinct(rows.map(({ id }) => id)) : rows.length);
  const sets = [
    ...groupBy(
      released.filter(({ id }) => id !== null),
      ({ id }) => id!,
    ).values(),
  ].map((own) => [...groupByTuple(own).keys()].sort().join());
  const followed = dataset.columns[0]?.releasedAs !== undefined && bySubject;
  const linked = followed && sets.some((set) => set.includes('],['));
  const groups = [...groupBy(sets, (set) => set).values()].map((own) => own.length);
  // Rows that name nobody are nobody to be found.
  const known = (linked ? groups : classes.map(count)).filter((size) => size > 0);
  return {
    rows: released.length,
    subjects: count(released),
    riskAfter: expect.objectContaining({ prosecutor: known.length === 0 ? 0 : 1 / Math.min(...known) }),
    completeness: completenessOf(released, dataset),
    classes: expect.objectContaining({
      k: Math.min(...classes.map(count)),
      classes: classes.length,
      l: [
        {
          column: 'illness',
          distinct: Math.min(
            // What nobody is named for is nobody's.
            ...classes.map((own) =>
              countDistinct(
                own.flatMap(({ id, illness }) => (illness === null || (bySubject && id === null) ? [] : [illness])),
              ),
            ),
          ),
          shared: expect.closeTo(Math.max(...classes.map((own) => measureShared(own, bySubject))), 9),
        },
      ],
      t: [
        { column: 'illness', measure: 'equal', ...farthest('illness', false) },
        { column: 'pay', measure: 'ordered', ...farthest('pay', true) },
      ],
      ...(linked && { linkedK: Math.min(...groups) }),
    }),
    linked,
  };
  function farthest(name: Sensitive, ordered: boolean) {
    const from = (all: readonly Person[]) =>
      expect.closeTo(Math.max(...classes.map((own) => measureT(own, all, name, ordered))), 9);
    return { distance: from(accepted), ofReleased: from(released) };
  }
}

function completenessOf(rows: readonly Person[], dataset: PlannedDataset) {
  const names = dataset.columns.flatMap(({ name, releasedAs }) => (releasedAs ? [name as keyof Person] : []));
  // A code of one character shows none of it.
  const tells = (row: Person, name: keyof Person) =>
    row[name] !== null && (name !== 'code' || maskCode(row.code) !== '***');
  const present = rows.reduce((sum, row) => sum + names.filter((name) => tells(row, name)).length, 0);
  return expect.closeTo(present / (rows.length * names.length), 9);
}

test.each<[SubjectTreatment]>([['token'], ['keep'], ['drop'], ['none']])(
  'measures what is written (subject: %s)',
  async (subject) => {
    const dataset = makePeople(subject);
    await withEngine(async ({ engine, path, write }) => {
      await fc.assert(
        fc.asyncProperty(people, fc.boolean(), fc.integer({ min: 1, max: 4 }), async (some, steady, every) => {
          const rows = steady ? steadyPeople(some) : some;
          await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
          const histogram = await engine.histogram(dataset);
          const suppress = (tuple: number) => histogram.tuples > 1 && tuple % (every + 1) === 1;
          const solution = keepTuples(histogram, suppress);
          const task = makeTask(dataset, path('r.parquet'), { solution });
          await engine.release(task);
          const measured = await engine.measure(task);

          const dropped = new Set(
            [...Array(histogram.tuples).keys()]
              .filter(suppress)
              .map((tuple) => JSON.stringify(histogram.columns.map(({ values, codes }) => values[codes[tuple]!]))),
          );
          const released = [...groupByTuple(rows)].flatMap(([tuple, own]) => (dropped.has(tuple) ? [] : own));
          const { linked, ...expected } = measurePeople(rows, released, dataset);
          expect(measured).toMatchObject(expected);
          if (!linked) expect(measured.classes).not.toHaveProperty('linkedK');
          expect(measured.sha256).toBe(
            createHash('sha256')
              .update(readFileSync(path('r.parquet')))
              .digest('hex'),
          );
        }),
        { numRuns: 25 },
      );
    });
  },
);

test.each<[SubjectTreatment]>([['token'], ['drop'], ['none']])(
  'measures what is written where tuples are too many to be numbered (subject: %s)',
  async (subject) => {
    const dataset = makePeople(subject);
    const rows = Array.from({ length: 2200 }, (_, n): Person => {
      const own = n % 1100;
      return {
        id: `p${own}`,
        age: String(own),
        town: `t${own}`,
        code: null,
        illness: own % 3 ? 'flu' : null,
        pay: null,
      };
    });
    await withEngine(async ({ engine, path, write }) => {
      await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
      const histogram = await engine.histogram(dataset);
      expect(histogram.tuples).toBe(1100);
      const solution = keepTuples(histogram, (tuple) => tuple % 7 === 1);
      const task = makeTask(dataset, path('r.parquet'), { solution });
      await engine.release(task);
      const { values, codes } = solution.shown.find(({ name }) => name === 'town')!;
      const shown = new Set(Array.from(codes, (code) => values[code]));
      const { linked: _, ...expected } = measurePeople(
        rows,
        rows.filter(({ town }) => shown.has(town)),
        dataset,
      );
      expect(await engine.measure(task)).toMatchObject(expected);
      const [[wrong]] = (await queryDuckDb(
        `SELECT count(*)::INTEGER FROM '${path('r.parquet')}' WHERE substr(town, 2) <> age`,
      )) as [[number]];
      expect(wrong).toBe(0);
    });
  },
);

describe('a release that was changed after it was written', () => {
  const rows = Array.from(
    { length: 60 },
    (_, n): Person => ({
      id: `p${n % 30}`,
      age: String((n % 30) % 2),
      town: 'Aston',
      code: 'ab1',
      illness: n % 3 === 0 ? 'flu' : 'cold',
      pay: '1.0000',
    }),
  );

  test.each<[SubjectTreatment, string, string]>([
    ['token', 'another class', `REPLACE (CASE WHEN row = 0 THEN 'Bexley' ELSE town END AS town)`],
    ['token', 'a class of its own by null', 'REPLACE (CASE WHEN row = 0 THEN NULL ELSE code END AS code)'],
    ['token', 'one subject for all', `REPLACE ('0123456789abcdef' AS id)`],
    ['drop', 'another class', `REPLACE (CASE WHEN row = 0 THEN 'Bexley' ELSE town END AS town)`],
    ['drop', 'a row from one class in another', `REPLACE (CASE WHEN row = 0 THEN '[0,2)' ELSE age END AS age)`],
    ['none', 'a class of its own', `REPLACE (CASE WHEN row = 0 THEN 'Bexley' ELSE town END AS town)`],
  ])('(subject: %s) into %s measures less than k', async (subject, _, change) => {
    const dataset = makePeople(subject, { privacy: { k: 10, l: [], t: [], suppressAtMost: 0 } });
    await withEngine(async ({ engine, path, write }) => {
      await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
      const solution = solve(dataset, await engine.histogram(dataset));
      const task = makeTask(dataset, path('r.parquet'), { solution });
      await engine.release(task);
      const before = await engine.measure(task);
      expect(before.classes?.k).toBeGreaterThanOrEqual(10);
      await queryDuckDb(
        `COPY (SELECT * EXCLUDE (row) FROM (SELECT * ${change} FROM (SELECT *, file_row_number AS row FROM '${path('r.parquet')}'))) TO '${path('changed.parquet')}'`,
      );
      renameSync(path('changed.parquet'), path('r.parquet'));
      const after = await engine.measure(task);
      expect(after.classes?.k).toBeLessThan(10);
      expect(after.sha256).not.toBe(before.sha256);
    });
  });

  test.each([
    ['hidden altogether', 10, '*'],
    ['coarser', 10, '[0,2)'],
    ['finer', 20, '0'],
  ])('into ages that are %s keeps k, and is not what was solved', async (_, k, shown) => {
    const dataset = makePeople('token', { privacy: { k, l: [], t: [], suppressAtMost: 0 } });
    await withEngine(async ({ engine, path, write }) => {
      const { received, rejected, rejectedBy } = await engine.clean(
        dataset,
        write('p.jsonl', toJsonLines(rows)),
        path('q.csv'),
      );
      const histogram = await engine.histogram(dataset);
      const solution = solve(dataset, histogram);
      const task = makeTask(dataset, path('r.parquet'), { solution });
      await engine.release(task);
      const judge = async () => {
        const measured = await engine.measure(task);
        const { suppressedRows: suppressed, levels } = solution;
        const counts = { received, rejected, rejectedBy, suppressed, released: measured.rows };
        const lost = measureLoss(dataset, measured, histogram.columns, levels);
        return { k: measured.classes?.k ?? 0, failures: judgeSolved(dataset, lost, solution, counts) };
      };
      expect((await judge()).failures).toEqual([]);
      const changed = `SELECT * REPLACE ('${shown}' AS age) FROM '${path('r.parquet')}'`;
      await queryDuckDb(`COPY (${changed}) TO '${path('changed.parquet')}'`);
      renameSync(path('changed.parquet'), path('r.parquet'));
      const after = await judge();
      expect(after.k).toBeGreaterThanOrEqual(k);
      expect(after.failures).toEqual(['age shows values that it does not have at its level']);
    });
  });

  test('a sensitive value that the delivery does not have is as far away as can be', async () => {
    const dataset = makePeople('token');
    await withEngine(async ({ engine, path, write }) => {
      await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
      const solution = keepTuples(await engine.histogram(dataset));
      const task = makeTask(dataset, path('r.parquet'), { solution });
      await engine.release(task);
      await queryDuckDb(`COPY (SELECT * REPLACE (9.5 AS pay) FROM '${path('r.parquet')}') TO '${path('c.parquet')}'`);
      renameSync(path('c.parquet'), path('r.parquet'));
      expect((await engine.measure(task)).classes?.t[1]).toEqual({
        column: 'pay',
        distance: 1,
        ofReleased: 1,
        measure: 'ordered',
      });
    });
  });
});

test('risk before is that of the untreated values, masks included', async () => {
  const dataset = makePeople('drop', { privacy: { k: 1, l: [], t: [], suppressAtMost: 0 } });
  const person = { age: '1', town: 'Aston', illness: 'flu', pay: '1.0000' };
  const rows = ['ab1', 'ab2', 'ab2'].map((code, n) => ({ ...person, id: `p${n}`, code }));
  await withEngine(async ({ engine, path, write }) => {
    await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
    const solution = keepTuples(await engine.histogram(dataset));
    const task = makeTask(dataset, path('r.parquet'), { solution });
    await engine.release(task);
    const { riskBefore, riskAfter } = await engine.measure(task);
    expect(riskBefore).toEqual({ prosecutor: 1, journalist: 1, marketer: 2 / 3, unique: 1 / 3 });
    expect(riskAfter).toEqual({ prosecutor: 1 / 3, journalist: 1 / 3, marketer: 1 / 3, unique: 0 });
  });
});
