import fc from 'fast-check';
import { groupNeighbours } from '../../../lib/domain/privacy/treatments/group-neighbours';
import { keepTuples, makeColumn, makeDataset, makeTask, queryDuckDb, withEngine } from './engine-trial';

interface Row {
  readonly who: number;
  readonly town: number;
  readonly pay: number;
}

const K = 3;
const CENTS = 4;

function makePay(centre: 'mean' | 'median') {
  const type = { kind: 'decimal', precision: 18, scale: CENTS } as const;
  return makeColumn('pay', 'decimal', { treatment: { kind: 'microaggregate', k: K, centre }, releasedAs: type });
}

/** In last digits, as far as they are needed. */
const STEPS = [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));

/** Half way away from 0. */
function roundTo(value: number, step: number): number {
  const steps = Math.round(Math.abs(value) / step);
  return (value < 0 ? -steps : steps) * step;
}

/** What each group shows by the rows of `towns` alone, by a count of its own; in units of the last digit. */
function centreByHand(rows: readonly Row[], towns: ReadonlySet<number>, centre: 'mean' | 'median') {
  const values = [...new Set(rows.map(({ pay }) => pay))].sort((left, right) => left - right);
  const least = new Map<number, number>();
  for (const { who, pay } of rows) least.set(who, Math.min(pay, least.get(who) ?? Number.POSITIVE_INFINITY));
  const newcomers = values.map((value) => [...least.values()].filter((own) => own === value).length);
  const groups = groupNeighbours(newcomers, K);
  const shown = new Map<number, { readonly sharers: number; readonly centre: number }>();
  for (const group of new Set(groups.flatMap((each) => each ?? []))) {
    const own = rows.filter(({ pay, town }) => groups[values.indexOf(pay)] === group && towns.has(town));
    if (own.length === 0) continue;
    const pays = own.map(({ pay }) => pay).sort((left, right) => left - right);
    const mean = pays.reduce((sum, pay) => sum + pay, 0) / pays.length;
    const exact = centre === 'mean' ? roundTo(mean, 1) : pays[Math.ceil(pays.length / 2) - 1]!;
    const spread = pays.at(-1)! - pays[0]!;
    const isWide = (each: number) => spread === 0 || centre === 'mean' || K * each >= 50;
    const step = STEPS.find((each) => K * each >= spread && isWide(each))!;
    const sharers = new Set(own.map(({ who }) => who)).size;
    shown.set(group, { sharers, centre: roundTo(exact, step) });
  }
  const large = [...shown].filter(([, { sharers }]) => sharers >= K).map(([group]) => group);
  return (pay: number): number | null => {
    const group = groups[values.indexOf(pay)];
    if (group === null || group === undefined || large.length === 0) return null;
    const from = large.filter((each) => each <= group).at(-1) ?? large[0]!;
    return shown.get(from)!.centre;
  };
}

const rowsOf = fc.array(
  fc.record({ who: fc.nat({ max: 14 }), town: fc.nat({ max: 3 }), pay: fc.integer({ min: -30_000, max: 90_000 }) }),
  { minLength: 12, maxLength: 40 },
);

const write = (units: number) => `${units < 0 ? '-' : ''}${(Math.abs(units) / 10 ** CENTS).toFixed(CENTS)}`;

test.each(['mean', 'median'] as const)(
  'a group shows the %s of its rows that have a class, and of no other',
  async (centre) => {
    const dataset = makeDataset(
      [
        makeColumn('row', 'integer'),
        makeColumn('who', 'string', { role: 'identifier', treatment: { kind: 'keep' } }),
        makeColumn('town', 'integer', { role: 'quasi' }),
        makePay(centre),
      ],
      { subject: 'who', classes: ['town'], privacy: { k: 1, l: [], t: [], suppressAtMost: 1 } },
    );
    await withEngine(async ({ engine, path, write: save }) => {
      for (const [run, rows] of fc.sample(rowsOf, { seed: 3, numRuns: 12 }).entries()) {
        const lines = rows.map(({ who, town, pay }, row) =>
          JSON.stringify({ row, who: `p${who}`, town: String(town), pay: write(pay) }),
        );
        await engine.clean(dataset, save(`p${run}.jsonl`, `${lines.join('\n')}\n`), path('q.csv'));
        const histogram = await engine.histogram(dataset);
        const { values, codes } = histogram.columns[0]!;
        const solution = keepTuples(histogram, (tuple) => values[codes[tuple]!] === '0');
        await engine.release(makeTask(dataset, path(`r${run}.parquet`), { solution }));
        const found = await queryDuckDb(
          `SELECT row, CAST(pay AS VARCHAR) FROM '${path(`r${run}.parquet`)}' ORDER BY row`,
        );
        const show = centreByHand(rows, new Set([1, 2, 3]), centre);
        const expected = [...rows.entries()]
          .filter(([, { town }]) => town !== 0)
          .map(([row, { pay }]) => {
            const shown = show(pay);
            return [String(row), shown === null ? null : write(shown)];
          });
        expect(found).toEqual(expected);
      }
    });
  },
);

test('two receivers whose marks differ are shown the same, so that neither can be taken from the other', async () => {
  const dataset = makeDataset(
    [makeColumn('who', 'string', { role: 'identifier', treatment: { kind: 'keep' } }), makePay('mean')],
    { subject: 'who' },
  );
  const lines = Array.from({ length: 200 }, (_, who) =>
    JSON.stringify({ who: `p${who}`, pay: `${(who * 37) % 1000}` }),
  );
  await withEngine(async ({ engine, path, write: save }) => {
    await engine.clean(dataset, save('p.jsonl', `${lines.join('\n')}\n`), path('q.csv'));
    const release = async (name: string, watermark?: number) => {
      const task = makeTask(dataset, path(name));
      const leg = { ...task.leg, ...(watermark !== undefined && { watermark }) };
      const { marked } = await engine.release({ ...task, leg });
      const rows = await queryDuckDb(`SELECT who, CAST(pay AS VARCHAR) FROM '${path(name)}'`);
      return { marked, shown: new Map(rows.map(([who, pay]) => [String(who), String(pay)])) };
    };
    const all = await release('all.parquet');
    const some = await release('some.parquet', 0.1);
    expect(some.marked).toBeGreaterThan(5);
    const means = new Set(all.shown.values());
    expect([...some.shown.values()].filter((pay) => !means.has(pay))).toEqual([]);
    // All but groups that are too small by now.
    const same = [...some.shown].filter(([who, pay]) => all.shown.get(who) === pay).length;
    expect(same).toBeGreaterThan(some.shown.size / 3);
  });
});

test.each([0, 1, 10, 14, 19, 27, 28])(
  'a mean is exact to the last of 28 digits, %d of them behind the point',
  async (scale) => {
    const type = { kind: 'decimal', precision: 28, scale } as const;
    const treatment = { kind: 'microaggregate', k: 2, centre: 'mean' } as const;
    const dataset = makeDataset([
      makeColumn('row', 'integer'),
      makeColumn('pay', 'decimal', { type, treatment, releasedAs: type }),
    ]);
    const most = 10n ** 28n - 1n;
    // Pairs of neighbours, one of them far apart.
    const pairs = [
      [-most, -most],
      [-1n, -1n],
      [0n, 1n],
      [10n ** 26n, 3n * 10n ** 26n],
      [most - 4n, most],
    ] as const;
    const point = (units: bigint) => {
      const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
      const [whole, behind] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
      return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? '.' : ''}${behind}`;
    };
    const lines = pairs.flat().map((units, row) => JSON.stringify({ row, pay: point(units) }));
    await withEngine(async ({ engine, path, write: save }) => {
      await engine.clean(dataset, save('p.jsonl', `${lines.join('\n')}\n`), path('q.csv'));
      await engine.release(makeTask(dataset, path('r.parquet')));
      const found = await queryDuckDb(`SELECT row, CAST(pay AS VARCHAR) FROM '${path('r.parquet')}' ORDER BY row`);
      const shown = [-most, -most, -1n, -1n, 1n, 1n, 2n * 10n ** 26n, 2n * 10n ** 26n, most - 1n, most - 1n];
      expect(found).toEqual(shown.map((units, row) => [String(row), point(units)]));
    });
  },
);
