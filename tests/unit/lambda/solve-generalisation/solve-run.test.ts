import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { UnfitPlan } from '../../../../lambda/shared/find-dataset';
import type { ReadColumns } from '../../../../lambda/solve-generalisation/read-histogram';
import { solveRun } from '../../../../lambda/solve-generalisation/solve-run';
import type { Plan, PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import { type FixedLevels, settleLevels } from '../../../../lib/domain/privacy/hierarchies/fixed-levels';
import { InconsistentHistogram } from '../../../../lib/domain/privacy/histogram/assemble-histogram';
import type { WorkflowRun } from '../../../../lib/domain/room/workflow-run';
import { spreadHistogram } from '../../../fixtures/histogram-tables';
import { holdObjects } from '../../../fixtures/objects-in-memory';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { sha256 } from '../../audit/sha256';
import { countHistogram, type Table } from '../../privacy/table';

const TOWNS = [
  ['Aix', 'south'],
  ['Arles', 'south'],
  ['Lille', 'north'],
];
const hierarchy = { kind: 'hierarchy', file: 'towns.csv', rows: TOWNS } as const;
const row = (town: string, subject: string) => ({ values: [town], subject, sensitive: 0 });
const TABLE: Table = {
  columns: [{ name: 'town', hierarchy, weight: 1 }],
  rows: [row('Aix', 'p'), row('Aix', 'q'), row('Arles', 'r'), row('Lille', 's'), row('Lille', 't')],
  sensitive: ['low'],
  floor: { k: 2, l: [], t: [], suppressAtMost: 0 },
};

function planWith(change: Partial<PlannedDataset> = {}): Plan {
  const [usage] = TELCO_RETAIL_PLAN.datasets;
  const town = {
    ...usage!.columns[3]!,
    name: 'town',
    treatment: { kind: 'generalise', generalisation: hierarchy },
  } as const;
  const dataset = {
    ...usage!,
    columns: [town],
    classColumns: [{ column: 'town', generalisation: hierarchy, weight: 1 }],
  };
  return { ...TELCO_RETAIL_PLAN, datasets: [{ ...dataset, privacy: TABLE.floor, ...change }] };
}

/** Files that hold rows as JSON, in place of Parquet. */
const readJson: ReadColumns = async (files, columns) => {
  const rows = files.flatMap((file) => JSON.parse(new TextDecoder().decode(file)) as Record<string, unknown>[]);
  return Object.fromEntries(
    columns.map((column) => [column, rows.flatMap((each) => (column in each ? [each[column]] : []))]),
  );
};

const OF = { agreement: 'telco-retail-2026', dataset: 'usage', version: 1, run: 'run-0', at: '2026-01-01T00:00:00Z' };

async function leaveRun(table: Table = TABLE, plan: Plan = planWith()) {
  const objects = holdObjects();
  const work = '_work/telco-retail-2026/usage/run-1/';
  const text = JSON.stringify(plan);
  const run: WorkflowRun = {
    agreement: 'telco-retail-2026',
    dataset: 'usage',
    run: 'run-1',
    delivery: 'telco-retail-2026/usage/upload/march.csv',
    taken: '2026-03-04T05:06:07.000Z',
    work,
    plan: { key: `${work}plan.json`, sha256: createHash('sha256').update(text).digest('hex') },
    orders: { sha256: '' },
    hasClasses: true,
    hasMappings: false,
  };
  await objects.write(run.plan.key, text);
  const spread = spreadHistogram({ ...countHistogram(table), sensitive: [] });
  const tables = Object.fromEntries(Object.entries(spread).map(([name, rows]) => [name, rows.length]));
  for (const [name, rows] of Object.entries(spread)) {
    // In two files, as an engine of many machines would.
    await objects.write(`${work}histogram/tables/table=${name}/part-0.parquet`, JSON.stringify(rows.slice(1)));
    await objects.write(`${work}histogram/tables/table=${name}/part-1.parquet`, JSON.stringify(rows.slice(0, 1)));
  }
  await objects.write(`${work}histogram/manifest.json`, JSON.stringify({ histogramVersion: 2, tables }));
  const { log, lines } = recordLog();
  const readText = (name: string) => new TextDecoder().decode(objects.held.get(`${work}solution/${name}`));
  const linesOf = (name: string) =>
    gunzipSync(objects.held.get(`${work}solution/${name}/part-0.jsonl.gz`) ?? new Uint8Array())
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return {
    run,
    objects,
    work,
    lines,
    linesOf,
    textOf: readText,
    solve: (fixed?: FixedLevels, remaining = 900_000) =>
      solveRun(run, {
        objects,
        readColumns: readJson,
        levels: { read: async () => fixed && { ...fixed, levels: [...fixed.levels], ...OF } },
        remaining: () => remaining,
        log,
      }),
  };
}

test('the solution lies beside the run: levels, classes and whose tuple is of which', async () => {
  const { solve, textOf, linesOf } = await leaveRun();
  expect(await solve()).toEqual({ kind: 'solved' });
  expect(JSON.parse(textOf('solution.json'))).toMatchObject({
    solutionVersion: 1,
    levels: [1],
    classes: 2,
    suppressedRows: 0,
    gates: [
      { gate: 'hierarchy', passed: true },
      { gate: 'privacy', passed: true },
    ],
  });
  const shown = Object.fromEntries(linesOf('classes').map((each) => [each.class, each.shown_0]));
  const towns = linesOf('class_of').map((each) => [each.tuple, shown[each.class]]);
  expect(towns).toEqual([
    [0, 'south'],
    [1, 'south'],
    [2, 'north'],
  ]);
});

test('a search that would outlast the function ends with what it found, and says what is proven of it', async () => {
  const { solve, textOf, lines } = await leaveRun();
  expect(await solve(undefined, 1_000)).toEqual({ kind: 'solved' });
  const { search, levels } = JSON.parse(textOf('solution.json'));
  expect(search).toMatchObject({ mode: 'full-domain', endedBy: 'clock' });
  expect(search.gap).toBeGreaterThan(0);
  expect(levels).toHaveLength(1);
  expect(lines.at(-1)?.[2]).toMatchObject({ endedBy: 'clock', gap: search.gap });
});

describe('a later round', () => {
  const settled = (level: number, plan = planWith()) =>
    settleLevels(
      plan.datasets[0]!,
      { levels: [level], search: { mode: 'full-domain', metric: 'loss', cost: 0 } },
      sha256,
    );

  test('has the levels of the first, even where others would lose less', async () => {
    const { solve, textOf } = await leaveRun();
    expect(await solve(settled(2))).toEqual({ kind: 'solved' });
    expect(JSON.parse(textOf('solution.json'))).toMatchObject({ levels: [2], search: { isFixed: true } });
  });

  test.each<[string, FixedLevels, string]>([
    ['at whose levels the floor cannot be met', settled(0), 'At the levels of the earlier rounds'],
    [
      'whose columns are generalised in another way',
      { ...settled(1), ladders: '0'.repeat(64) },
      'generalised in another way by now',
    ],
    ['of regions', { ...settled(1), mode: 'multidimensional', levels: [] }, 'multidimensional mode'],
  ])('%s needs a new version', async (_, fixed, reason) => {
    const { solve, textOf } = await leaveRun();
    expect(await solve(fixed)).toMatchObject({ kind: 'withheld', gate: 'privacy', problems: [expect.any(String)] });
    const failed = JSON.parse(textOf('solution.json')).gates.at(-1);
    expect(failed.finding).toContain(reason);
    expect(failed.remedy).toContain('Agree on a new version of the dataset (an amendment that raises its `version`)');
  });
});

test('solved again it is the same, byte for byte', async () => {
  const { solve, objects } = await leaveRun();
  await solve();
  const before = new Map(objects.held);
  await solve();
  expect(objects.held).toEqual(before);
});

test('a floor that cannot be met withholds; the reason lies with the raw data', async () => {
  const { solve, textOf, objects } = await leaveRun(TABLE, planWith({ privacy: { ...TABLE.floor, k: 9 } }));
  expect(await solve()).toMatchObject({ kind: 'withheld', gate: 'privacy', problems: [expect.any(String)] });
  expect(JSON.parse(textOf('solution.json')).gates[1]).toMatchObject({ passed: false });
  expect([...objects.held.keys()].filter((key) => key.includes('class'))).toEqual([]);
});

test('a value that the hierarchy lacks withholds, and is not logged', async () => {
  const table = { ...TABLE, rows: [...TABLE.rows, row('Gotham', 'u')] };
  const { solve, lines, textOf } = await leaveRun(table);
  const answer = await solve();
  expect(answer).toMatchObject({
    kind: 'withheld',
    gate: 'hierarchy',
    problems: [expect.stringContaining('lacks a value')],
  });
  expect(textOf('solution.json')).toContain('Gotham');
  expect(JSON.stringify([lines, answer])).not.toContain('Gotham');
});

test.each<[string, (kept: Awaited<ReturnType<typeof leaveRun>>) => Promise<void>]>([
  [
    'a file of the histogram is gone',
    async ({ objects, work }) => void objects.held.delete(`${work}histogram/tables/table=tuples/part-1.parquet`),
  ],
  [
    'the manifest is of another version',
    ({ objects, work }) => objects.write(`${work}histogram/manifest.json`, '{"histogramVersion":2}'),
  ],
  [
    'a count is no number',
    ({ objects, work }) =>
      objects.write(
        `${work}histogram/tables/table=tuples/part-1.parquet`,
        '[{"tuple":0,"rows":-1,"subjects":1,"code_0":0}]',
      ),
  ],
])('nothing is solved where %s', async (_, damage) => {
  const kept = await leaveRun();
  await damage(kept);
  await expect(kept.solve()).rejects.toThrow(InconsistentHistogram);
  expect([...kept.objects.held.keys()].filter((key) => key.includes('solution'))).toEqual([]);
});

test.each<[string, (kept: Awaited<ReturnType<typeof leaveRun>>) => Promise<void>]>([
  ['the plan was changed', ({ objects, run }) => objects.write(run.plan.key, JSON.stringify(planWith({ version: 2 })))],
])('nothing is solved where %s', async (_, damage) => {
  const kept = await leaveRun();
  await damage(kept);
  await expect(kept.solve()).rejects.toThrow(UnfitPlan);
});

test('nor by a plan that another version of the room wrote, though it is the one that the delivery was taken in under', async () => {
  const kept = await leaveRun(TABLE, { ...planWith(), planVersion: 2 as 1 });
  await expect(kept.solve()).rejects.toThrow('was written by another version of the room');
});

test('nor for a dataset without classes, or one that the plan does not have', async () => {
  const { privacy: _, ...bare } = planWith().datasets[0]!;
  const kept = await leaveRun(TABLE, { ...planWith(), datasets: [bare] });
  await expect(kept.solve()).rejects.toThrow(UnfitPlan);
  const other = await leaveRun(TABLE, planWith({ id: 'other' }));
  await expect(other.solve()).rejects.toThrow(UnfitPlan);
});

test('where a leg has a watermark, it also says whose classes can spare somebody', async () => {
  const plan = planWith();
  const marked = plan.legs.map((leg) => (leg.dataset === 'usage' ? { ...leg, watermark: 0.01 } : leg));
  const { solve, linesOf } = await leaveRun(TABLE, { ...plan, legs: marked });
  expect(await solve()).toEqual({ kind: 'solved' });
  // Classes of two or three subjects can spare nobody.
  const markable = linesOf('markable/telco-retail-usage');
  expect(markable).toEqual(linesOf('classes').map((_, index) => ({ class: index, markable: 0 })));
});
