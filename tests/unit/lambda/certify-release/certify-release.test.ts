import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  type CertifySurroundings,
  certifyRun,
  GateNotPassed,
  ReleaseNotCertified,
} from '../../../../lambda/certify-release/certify-release';
import { IncompleteWork } from '../../../../lambda/certify-release/read-tables';
import { UnfitPlan } from '../../../../lambda/shared/find-dataset';
import type { ReadColumns } from '../../../../lambda/solve-generalisation/read-histogram';
import { planForSide, type SidePlan } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { isInTable, MOST_TOKENS } from '../../../../lib/domain/exchange/erasure/token-table';
import { hashInput } from '../../../../lib/domain/exchange/rounds/find-repeated';
import { MOST_REPLACED } from '../../../../lib/domain/exchange/rounds/may-be-replaced';
import { type FixedLevels, settleLevels } from '../../../../lib/domain/privacy/hierarchies/fixed-levels';
import type { ErasureRecord } from '../../../../lib/domain/registry/conduct-records';
import type { LevelsRecord, ReleaseRecord } from '../../../../lib/domain/registry/round-records';
import type { RefusalRecord } from '../../../../lib/domain/registry/told-records';
import type { WorkflowRun } from '../../../../lib/domain/room/workflow-run';
import { conductOf, placedFor, releaseOf } from '../../../fixtures/conduct';
import { holdObjects } from '../../../fixtures/objects-in-memory';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { sha256 } from '../../audit/sha256';

const WORK = '_work/telco-retail-2026/usage/run-1/';
const PLACE = '_escrow/telco-retail-2026/telco-retail-usage/run-1/';
const SIDE_PLAN = planForSide(TELCO_RETAIL_PLAN, { kind: 'hosted' });
const PLAN = JSON.stringify(SIDE_PLAN);
const MARKED_PLAN = JSON.stringify({
  ...SIDE_PLAN,
  legs: SIDE_PLAN.legs.map((leg) => ({ ...leg, watermark: 0.002 })),
});
const ORDERS = JSON.stringify({ ordersVersion: 1, erased: ['d'.repeat(64)] });
const RUN: WorkflowRun = {
  agreement: 'telco-retail-2026',
  dataset: 'usage',
  run: 'run-1',
  delivery: 'telco-retail-2026/usage/upload/march.csv',
  taken: '2026-03-04T05:06:07.000Z',
  work: WORK,
  plan: { key: `${WORK}plan.json`, sha256: createHash('sha256').update(PLAN).digest('hex') },
  orders: { sha256: createHash('sha256').update(ORDERS).digest('hex') },
  hasClasses: true,
  hasMappings: false,
};
const RELEASED = { file: 'part-0.parquet', sha256: 'a'.repeat(64), bytes: 9 };
const SOLUTION = {
  solutionVersion: 1,
  levels: [1, 2],
  levelCounts: [4, 4],
  // Of age 12 rows show two of four values and 10 one, of postcode all show two of four; one row is suppressed.
  loss: ((12 * 0.5 + 10 * 0.25 + 22 * 0.5) / 2 + 1) / 23,
  entropy: 0.5,
  search: { mode: 'full-domain', metric: 'loss', cost: 0.25 },
  suppressedRows: 1,
};

const COUNTED: Readonly<Record<string, Table>> = {
  sizes_before: { subjects: [1], classes: [22] },
  values: {
    column: [0, 0, 0, 0, 1, 1, 1, 1],
    code: [0, 1, 2, 3, 3, 2, 1, 0],
    value: ['20', '21', '30', '40', '80331', '80332', '80401', '80501'],
  },
};

type Table = Readonly<Record<string, readonly unknown[]>>;

/** 23 rows came, 1 was suppressed; two classes of 10 subjects each, with both values of churned. */
const CLEANING: Readonly<Record<string, Table>> = {
  received: { rows: [23n] },
  rejected: { reason: ['age: not a whole number (64 bits)', 'age: missing'], rows: [0n, 0n], rejected: [0n, 0n] },
};
const MEASURED: Readonly<Record<string, Table>> = {
  cells: { rows: [22n], released_0: [22n], released_2: [22n], released_3: [11n], released_4: [22n], released_5: [22n] },
  class_rows: { place: [1, 0], rows: [12, 10], shown_0: ['[20,25)', '[30,35)'], shown_1: ['803*', '803*'] },
  settled: { place: [0, 1], subjects: [10, 12] },
  spanning: { number: [], place: [] },
  reference: { column: [0, 0], code: [0, 1], rows: [12, 12], missing: [false, false], value: ['false', 'true'] },
  written: { column: [0, 0, 0, 0], place: [1, 0, 0, 1], code: [1, 0, 1, 0], rows: [6, 5, 5, 6] },
  holders: {
    column: [0, 0, 0, 0],
    place: [0, 1, 0, 1],
    code: [0, 0, 1, 1],
    subjects: [5, 6, 5, 6],
    rows: [5, 6, 5, 6],
  },
  known: { column: [0, 0], place: [1, 0], subjects: [12, 10] },
  samples: { column: [9], total: [1], value: ['x'] },
};

/** Tables lie as JSON where Parquet would. */
const readColumns: ReadColumns = async (files, columns) => {
  const tables = files.map((file): Table => JSON.parse(new TextDecoder().decode(file)));
  return Object.fromEntries(columns.map((name) => [name, tables.flatMap((table) => table[name] ?? [])]));
};

const OF = { agreement: 'telco-retail-2026', dataset: 'usage', version: 1, run: 'run-0', at: '2026-01-01T00:00:00Z' };

async function certify(
  changes: {
    readonly measured?: Readonly<Record<string, Table>>;
    /** Rows of tables, as the manifest counts them. */
    readonly counted?: Readonly<Record<string, number>>;
    readonly solution?: object;
    readonly files?: readonly object[];
    readonly lose?: string;
    readonly orders?: string;
    readonly erasures?: readonly ErasureRecord[];
    readonly plan?: string;
    /** The version that has come into force since the run began. */
    readonly inForce?: SidePlan;
    readonly run?: WorkflowRun;
    readonly known?: readonly ReleaseRecord[];
    readonly kept?: FixedLevels;
    readonly beside?: number;
    readonly began?: string;
    readonly now?: string;
    readonly others?: readonly SidePlan[];
  } = {},
) {
  const landing = holdObjects();
  const lake = holdObjects();
  const leave = async (
    folder: string,
    version: string,
    tables: Readonly<Record<string, Table>>,
    files: readonly object[],
  ) => {
    const rows = Object.entries(tables).map(([name, table]) => [name, Object.values(table)[0]?.length ?? 0]);
    const manifest = {
      [version]: version === 'histogramVersion' ? 2 : 1,
      beside: changes.beside ?? 0,
      engine: 'Spark 3.5.6',
      tables: { ...Object.fromEntries(rows), ...(version === 'measureVersion' ? changes.counted : {}) },
      files,
    };
    await landing.write(`${WORK}${folder}/manifest.json`, JSON.stringify(manifest));
    for (const [name, table] of Object.entries(tables))
      await landing.write(
        `${WORK}${folder}/tables/table=${name}/part.parquet`,
        JSON.stringify(table, (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
      );
  };
  await landing.write(`${WORK}plan.json`, changes.plan ?? PLAN);
  await landing.write(`${WORK}orders.json`, changes.orders ?? ORDERS);
  await landing.write(`${WORK}solution/solution.json`, JSON.stringify(changes.solution ?? SOLUTION));
  await leave('cleaning', 'cleaningVersion', CLEANING, [{ file: 'march.csv', sha256: 'b'.repeat(64), bytes: 7 }]);
  await leave('histogram', 'histogramVersion', COUNTED, []);
  await leave(
    'measure/telco-retail-usage',
    'measureVersion',
    { ...MEASURED, ...changes.measured },
    changes.files ?? [RELEASED],
  );
  if (changes.lose !== undefined) landing.held.delete(`${WORK}${changes.lose}`);
  const recorded: ReleaseRecord[] = [];
  const erasures = new Map((changes.erasures ?? []).map((each) => [each.id, each]));
  const settled: LevelsRecord[] = [];
  const refused: RefusalRecord[] = [];
  const surroundings: CertifySurroundings = {
    landing,
    lake,
    readColumns,
    readRecord: async () => {
      const made: SidePlan = JSON.parse(changes.plan ?? PLAN);
      const plan = changes.inForce ?? made;
      const from = '2026-03-04T00:00:00.000Z';
      const versions =
        changes.inForce === undefined ? [placedFor(plan)] : [placedFor(made, { to: from }), placedFor(plan, { from })];
      const began = changes.began ?? '2026-01-01T00:00:00Z';
      return { plan, conduct: conductOf(plan, [], { began, versions }) };
    },
    readOthers: async () => changes.others ?? [],
    levels: {
      create: async (record) => changes.kept === undefined && settled.push(record) > 0,
      read: async () => changes.kept && { ...changes.kept, levels: [...changes.kept.levels], ...OF },
    },
    erasures: {
      list: async () => [...erasures.values()],
      change: async ([id], change) => {
        const before = erasures.get(id)!;
        erasures.set(id, change(before) ?? before);
        return erasures.get(id);
      },
    },
    releases: {
      list: async () => [...(changes.known ?? []), ...recorded],
      create: async (release) => {
        const isThere = (changes.known ?? []).some(({ round, leg }) => round === release.round && leg === release.leg);
        return !isThere && recorded.push(release) > 0;
      },
      change: async ([round, leg], change) => {
        const before = (changes.known ?? []).find((each) => each.round === round && each.leg === leg)!;
        const after = change(before);
        if (after !== undefined) recorded.push(after);
        return after ?? before;
      },
    },
    refusals: { create: async (refusal) => refused.push(refusal) > 0 },
    now: () => new Date(changes.now ?? '2026-03-04T05:06:07Z'),
    toolVersion: '0.1.0',
    log: recordLog().log,
  };
  const run = changes.run ?? RUN;
  const outcome = certifyRun({ ...run, taken: changes.now ?? run.taken }, surroundings);
  return { outcome, lake, recorded, refused, settled, erasures };
}

test('whose tokens are in a release is written beside it, by their first digits, before it is on record', async () => {
  const { outcome, lake } = await certify({ measured: { ...MEASURED, tokens: { high: [0xff0000, 1], low: [7, 2] } } });
  await outcome;
  const table = await lake.read(`${PLACE.slice(0, -1)}.tokens`);
  const isThere = (token: string) => isInTable(token.padEnd(32, '0'), async (from, to) => table.slice(from, to));
  expect(await Promise.all(['ff0000000007', '000001000002', '000001000003'].map(isThere))).toEqual([true, true, false]);
  expect(await lake.list(PLACE)).toEqual([`${PLACE}certificate.json`]);
});

test('more tokens than a function has room to sort are not read: such a release has no table', async () => {
  const { outcome, lake, recorded } = await certify({
    measured: { ...MEASURED, tokens: { high: [1], low: [2] } },
    counted: { tokens: MOST_TOKENS + 1 },
  });
  await outcome;
  expect([...lake.held.keys()]).toEqual([`${PLACE}certificate.json`]);
  expect(recorded).toHaveLength(1);
});

test('a release that keeps every promise is certified beside it, and on record for its round', async () => {
  const { outcome, lake, recorded } = await certify();
  await outcome;
  const text = new TextDecoder().decode(await lake.read(`${PLACE}certificate.json`));
  expect(JSON.parse(text)).toMatchObject({
    certificateVersion: 1,
    leg: { id: 'telco-retail-usage', to: 'retail' },
    rows: { received: 23, rejected: 0, suppressed: 1, released: 22 },
    worth: { subjects: expect.any(Number), completeness: expect.any(Number) },
    privacy: { k: 10, classes: 2, loss: 0.47, l: [{ column: 'churned', distinct: 2 }] },
    risk: { before: { prosecutor: 1, unique: 1 }, after: { prosecutor: 0.1 } },
    hashes: { plan: RUN.plan.sha256, output: RELEASED.sha256, input: recorded[0]!.input },
    tool: { name: 'barter-room', version: '0.1.0', engine: 'Spark 3.5.6' },
  });
  expect(text).not.toContain('march.csv');
  expect(recorded).toEqual([
    {
      agreement: 'telco-retail-2026',
      version: 1,
      round: '2026-02-26',
      leg: 'telco-retail-usage',
      datasetVersion: 1,
      state: 'prepared',
      sha256: RELEASED.sha256,
      certificate: createHash('sha256').update(text).digest('hex'),
      input: createHash('sha256')
        .update(`${'b'.repeat(64)}\n`)
        .digest('hex'),
      place: PLACE,
      value: expect.any(Number),
      figures: { subjects: 22, completeness: 0.9, loss: 0.47 },
      taken: '2026-03-04T05:06:07.000Z',
      certified: '2026-03-04T05:06:07.000Z',
      at: '2026-03-04T05:06:07.000Z',
    },
  ]);
});

test('a release in several files has the hash of what sha256sum says of them', async () => {
  const second = { ...RELEASED, file: 'part-1.parquet', sha256: 'c'.repeat(64) };
  const { outcome, recorded } = await certify({ files: [RELEASED, second] });
  await outcome;
  const lines = `${RELEASED.sha256}  part-0.parquet\n${second.sha256}  part-1.parquet\n`;
  expect(recorded[0]?.sha256).toBe(createHash('sha256').update(lines).digest('hex'));
});

test('one that a gate holds back is on record with what was found, for its giver', async () => {
  const written = { column: [0, 0, 0], place: [0, 0, 1], code: [0, 1, 1], rows: [5, 5, 12] };
  const { outcome, recorded, refused } = await certify({ measured: { written } });
  await expect(outcome).rejects.toThrow(GateNotPassed);
  expect(recorded).toEqual([]);
  expect(refused).toMatchObject([
    { id: 'run-1', dataset: 'usage', file: 'march.csv', error: 'GateNotPassed', at: '2026-03-04T05:06:07.000Z' },
  ]);
  expect(refused[0]?.problems).toEqual([expect.stringMatching(/^gate verification: .*churned/)]);
});

const EARLIER: ReleaseRecord = {
  agreement: 'telco-retail-2026',
  version: 1,
  round: '2026-02-26',
  leg: 'telco-retail-usage',
  datasetVersion: 1,
  state: 'final',
  sha256: 'e'.repeat(64),
  certificate: 'a'.repeat(64),
  place: '_escrow/telco-retail-2026/telco-retail-usage/run-0/',
  at: '2026-02-27T00:00:00Z',
};

test('who gives its receiver the same people by another agreement too is told so in the certificate', async () => {
  const twin = { ...SIDE_PLAN, agreement: { ...SIDE_PLAN.agreement, id: 'second', version: 3 } };
  const { outcome, lake } = await certify({ others: [twin] });
  await outcome;
  const { assumptions } = JSON.parse(new TextDecoder().decode(await lake.read(`${PLACE}certificate.json`)));
  expect(assumptions.at(-1)).toContain('also gets usage by agreement second, version 3');
});

test('where the round that was due has its release, it is for the next', async () => {
  const { outcome, recorded } = await certify({ known: [EARLIER] });
  await outcome;
  expect(recorded[0]?.round).toBe('2026-03-05');
});

describe('a second file while the first waits for its round', () => {
  const waits: ReleaseRecord = { ...EARLIER, state: 'prepared', taken: '2026-02-27T00:00:00Z', token: 'first' };
  const now = '2026-02-27T09:00:00.000Z';

  test('takes its place, on record, and ends its workflow', async () => {
    const replaced = [{ place: 'former/', sha256: 'f'.repeat(64), certificate: 'f'.repeat(64), at: waits.at }];
    const { outcome, recorded } = await certify({ known: [{ ...waits, replaced }], now });
    await outcome;
    const { place, sha256, certificate, at } = waits;
    expect(recorded).toMatchObject([{ round: '2026-02-26', state: 'prepared', place: PLACE, dismissed: ['first'] }]);
    expect(recorded[0]?.replaced).toEqual([...replaced, { place, sha256, certificate, at }]);
    expect(recorded[0]).not.toHaveProperty('token');
  });

  test('takes its place where both were taken in at the same moment, and remembers so many workflows', async () => {
    const many = Array.from({ length: MOST_REPLACED }, (_, at) => `earlier-${at}`);
    const { outcome, recorded } = await certify({ known: [{ ...waits, taken: now, dismissed: many }], now });
    await outcome;
    expect(recorded).toMatchObject([{ place: PLACE, dismissed: [...many.slice(1), 'first'] }]);
  });

  test.each<[string, Partial<ReleaseRecord>, RegExp]>([
    ['was taken in later', { taken: '2026-02-27T09:00:01Z' }, /for 2026-02-26 is newer, or has gone out meanwhile/],
    [
      'is being published',
      { sealed: now },
      /gone out meanwhile. The round of 2026-03-05 takes deliveries from 2026-03-01 12:00/,
    ],
    ['has gone out', { state: 'final' }, /gone out meanwhile. The round of 2026-03-05/],
  ])('does not where that %s, and is for no later round either', async (_, changed, why) => {
    const { outcome, recorded } = await certify({ known: [{ ...waits, ...changed }], now });
    await expect(outcome).rejects.toThrow(why);
    expect(recorded).toEqual([]);
  });

  test('is for the round that it came for, however long it was worked on', async () => {
    const run = { ...RUN, taken: now };
    const { outcome, recorded } = await certify({ known: [waits], run });
    await outcome;
    expect(recorded).toMatchObject([{ round: '2026-02-26', taken: now, at: '2026-03-04T05:06:07.000Z' }]);
  });
});

describe('the same files, handed in for another round', () => {
  const input = createHash('sha256')
    .update(`${'b'.repeat(64)}\n`)
    .digest('hex');

  test.each(['prepared', 'final'] as const)('are no delivery while the earlier release is %s', async (state) => {
    const { outcome, lake, recorded, settled } = await certify({ known: [{ ...EARLIER, state, input }] });
    await expect(outcome).rejects.toThrow('the same files were delivered for 2026-02-26');
    expect([lake.held.size, recorded, settled]).toEqual([0, [], []]);
  });

  test('are no delivery with an empty line more, of which the same rows are made', async () => {
    const first = await certify({});
    await first.outcome;
    const known = [{ ...EARLIER, state: 'final' as const, sha256: first.recorded[0]!.sha256, input: 'c'.repeat(64) }];
    const { outcome, recorded } = await certify({ known });
    await expect(outcome).rejects.toThrow('the same rows were delivered for 2026-02-26');
    expect(recorded).toEqual([]);
  });

  test.each<[string, Partial<ReleaseRecord>]>([
    ['what never went out', { state: 'revoked', input }],
    ['other files with other rows', { input: 'c'.repeat(64) }],
    ['what was certified before files were compared', {}],
    ['another leg', { leg: 'telco-bank-usage', input }],
  ])('are one after %s', async (_, changed) => {
    const { outcome, recorded } = await certify({ known: [{ ...EARLIER, ...changed }] });
    await outcome;
    expect(recorded).toHaveLength(1);
  });

  test('are the same under any names and in any order, and no others are', () => {
    const files = fc.uniqueArray(fc.record({ file: fc.string(), sha256: fc.stringMatching(/^[0-9a-f]{8}$/) }), {
      selector: (each) => each.sha256,
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(files, fc.nat(), (delivered, salt) => {
        const renamed = delivered.toReversed().map((each, index) => ({ ...each, file: `${salt}-${index}` }));
        expect(hashInput(renamed, sha256)).toBe(hashInput(delivered, sha256));
        expect(hashInput(delivered.slice(1), sha256)).not.toBe(hashInput(delivered, sha256));
      }),
      { seed: 3, numRuns: 50 },
    );
  });
});

test('nothing was due before the agreement was active', async () => {
  const { outcome, recorded } = await certify({ began: '2026-03-01T00:00:00Z' });
  await outcome;
  expect(recorded[0]?.round).toBe('2026-03-05');
});

test('told twice, it certifies once', async () => {
  const { outcome, lake, recorded } = await certify({ known: [{ ...EARLIER, place: PLACE, state: 'prepared' }] });
  await outcome;
  expect([lake.held.size, recorded]).toEqual([0, []]);
});

describe('a dataset that goes out by two legs, weekly and monthly', () => {
  const [weekly] = SIDE_PLAN.legs.filter(({ dataset }) => dataset === 'usage');
  const monthly = { ...weekly!, id: 'telco-lab-usage', to: 'lab', every: 'P1M' };
  const plan = JSON.stringify({ ...SIDE_PLAN, legs: [{ ...weekly!, every: 'P7D' }, monthly] });
  const run = { ...RUN, plan: { ...RUN.plan, sha256: createHash('sha256').update(plan).digest('hex') } };
  // Of the monthly leg nothing was measured: to certify it would fail.
  const paid: ReleaseRecord = { ...EARLIER, leg: monthly.id, round: '2026-03-01', place: '_escrow/earlier/' };

  test('certifies the leg that owes a release, and leaves the other to its own day', async () => {
    const { outcome, recorded } = await certify({ plan, run, known: [paid], now: '2026-03-12T09:00:00Z' });
    await outcome;
    expect(recorded.map(({ leg, round }) => [leg, round])).toEqual([[weekly!.id, '2026-03-12']]);
  });

  test('certifies neither where the version in force treats one of them otherwise', async () => {
    const made: SidePlan = JSON.parse(plan);
    const agreement = { ...made.agreement, version: 2 };
    for (const changed of made.legs.map(({ id }) => id)) {
      const legs = made.legs.map((leg) => (leg.id === changed ? { ...leg, watermark: 0.01 } : leg));
      const { outcome, recorded } = await certify({ plan, run, inForce: { ...made, agreement, legs }, known: [paid] });
      await expect(outcome).rejects.toThrow('treats it otherwise: deliver it again');
      expect(recorded).toEqual([]);
    }
  });

  test('does no more when it is told again', async () => {
    const own: ReleaseRecord = { ...EARLIER, round: '2026-03-12', place: PLACE, state: 'prepared' };
    const { outcome, recorded } = await certify({ plan, run, known: [paid, own], now: '2026-03-12T09:00:00Z' });
    await outcome;
    expect(recorded).toEqual([]);
  });
});

describe('a subject that is to be erased', () => {
  const ask = (id: string, subject: string, dataset = 'usage'): ErasureRecord => ({
    id,
    agreement: 'telco-retail-2026',
    dataset,
    subject: subject.repeat(64),
    key: 'arn:key',
    requestedAt: '2026-03-03T00:00:00Z',
    deadline: '2026-04-03T00:00:00Z',
    receivers: [{ leg: 'telco-retail-usage', party: 'retail', tokens: [], releases: [], confirmations: [] }],
  });
  const asked = [ask('left-out', 'd'), ask('too-late', 'e'), ask('another', 'f', 'purchases')];
  const tracked = (erasures: ReadonlyMap<string, ErasureRecord>) =>
    [...erasures.values()].map(({ id, receivers }) => [id, receivers[0]?.releases]);
  const TRACKED = [
    ['left-out', []],
    ['too-late', ['2026-02-26']],
    ['another', []],
  ];

  test('after the delivery was taken in is in the release, and its receiver has to erase it there too', async () => {
    const { outcome, erasures } = await certify({ erasures: asked });
    await outcome;
    expect(tracked(erasures)).toEqual(TRACKED);
  });

  test('is tracked by the call that comes after one that broke off', async () => {
    const known = [{ ...EARLIER, place: PLACE, state: 'prepared' as const }];
    const { outcome, erasures, recorded } = await certify({ erasures: asked, known });
    await outcome;
    expect([tracked(erasures), recorded]).toEqual([TRACKED, []]);
  });

  test('is asked for no more in a release that took the place of one with the person', async () => {
    const listed = asked.map(({ receivers, ...each }) => ({
      ...each,
      receivers: receivers.map((receiver) => ({ ...receiver, releases: ['2026-02-19', '2026-02-26'] })),
    }));
    const { outcome, erasures } = await certify({ erasures: listed });
    await outcome;
    expect(tracked(erasures)).toEqual([
      ['left-out', ['2026-02-19']],
      ['too-late', ['2026-02-19', '2026-02-26']],
      ['another', ['2026-02-19', '2026-02-26']],
    ]);
  });

  const TOKEN = `abcdef012345${'9'.repeat(20)}`;

  test.each<[string, Table | undefined, readonly string[], string?]>([
    ['is not asked for there, where the release is without the person', { high: [1], low: [2] }, []],
    ['is, where the release holds the token', { high: [1, 0xabcdef], low: [2, 0x012345] }, ['2026-02-26']],
    ['is, where nobody knows whose tokens it holds', undefined, ['2026-02-26']],
    ['is, where the token on record is none', { high: [1], low: [2] }, ['2026-02-26'], 'none'],
  ])('%s', async (_, tokens, releases, token = TOKEN) => {
    const [, tooLate] = asked;
    // Whether another waited in its place, with the person, or none.
    for (const before of [[], ['2026-02-26']]) {
      const receivers = tooLate!.receivers.map((each) => ({ ...each, tokens: [token], releases: before }));
      const { outcome, erasures } = await certify({
        erasures: [{ ...tooLate!, receivers }],
        measured: { ...MEASURED, ...(tokens === undefined ? {} : { tokens }) },
      });
      await outcome;
      expect(tracked(erasures)).toEqual([['too-late', releases]]);
    }
  });

  test('is not judged by orders that the job was not told', async () => {
    const { outcome } = await certify({ erasures: asked, orders: JSON.stringify({ erased: ['e'.repeat(64)] }) });
    await expect(outcome).rejects.toThrow('not those that its job was told');
  });
});

describe('rounds that follow one another', () => {
  const settledBy = (levels: readonly number[]) =>
    settleLevels(SIDE_PLAN.datasets[0]!, { levels, search: { mode: 'full-domain', metric: 'loss', cost: 0 } }, sha256);

  test('the first settles the levels, by its own', async () => {
    const { outcome, settled } = await certify();
    await outcome;
    expect(settled).toEqual([
      {
        ...settledBy([1, 2]),
        agreement: 'telco-retail-2026',
        dataset: 'usage',
        version: 1,
        run: 'run-1',
        at: '2026-03-04T05:06:07.000Z',
      },
    ]);
  });

  test('a later one at the same levels says what it tells beside the earlier, and what is missing', async () => {
    const tracks = { subjects: [1n, 11n], groups: [2n, 2n] };
    const known = [EARLIER, { ...EARLIER, round: '2026-01-01', place: '_escrow/gone/' }];
    const { outcome, lake } = await certify({ known, kept: settledBy([1, 2]), measured: { tracks }, beside: 1 });
    await outcome;
    const certificate = JSON.parse(new TextDecoder().decode(await lake.read(`${PLACE}certificate.json`)));
    expect(certificate.compositionRisk).toEqual({
      rounds: 2,
      missing: 1,
      subjects: 24,
      leastGroup: 1,
      singledOut: 2,
      marketer: 4 / 24,
    });
    expect(certificate.assumptions.at(-1)).toContain('over 2 releases');
    expect(certificate.assumptions.at(-1)).toContain('1 more is not here');
  });

  test('one that was certified meanwhile was not laid beside it, and that is said', async () => {
    const { outcome, lake } = await certify({ known: [EARLIER], kept: settledBy([1, 2]) });
    await outcome;
    const certificate = JSON.parse(new TextDecoder().decode(await lake.read(`${PLACE}certificate.json`)));
    expect(certificate.assumptions.at(-1)).toContain('1 release of this data set version came before');
    expect(certificate.assumptions.at(-1)).toContain('certified while this one was made');
  });

  test('where no round is left, no levels are kept', async () => {
    const { outcome, lake, recorded, settled } = await certify({
      known: [{ ...EARLIER, round: '2026-12-31' }],
      now: '2026-12-31T09:00:00Z',
    });
    await expect(outcome).rejects.toThrow('has no round left');
    expect([lake.held.size, recorded, settled]).toEqual([0, [], []]);
  });

  test('one that was solved at other levels at the same time is not certified', async () => {
    const { outcome, lake, recorded } = await certify({ kept: settledBy([0, 2]) });
    await expect(outcome).rejects.toThrow('have other levels');
    expect([lake.held.size, recorded]).toEqual([0, []]);
  });
});

test.each<[string, Parameters<typeof certify>[0], new (message: string) => Error]>([
  ['k is not reached', { measured: { settled: { place: [0, 1], subjects: [9, 12] } } }, ReleaseNotCertified],
  [
    'a class gives its value away',
    { measured: { written: { column: [0, 0, 0], place: [0, 0, 1], code: [0, 1, 1], rows: [5, 5, 12] } } },
    ReleaseNotCertified,
  ],
  ['rows do not add up', { measured: { cells: { ...MEASURED.cells, rows: [21] } } }, ReleaseNotCertified],
  ['more is suppressed than agreed', { solution: { ...SOLUTION, suppressedRows: 2 } }, ReleaseNotCertified],
  ['less is said to be lost than is', { solution: { ...SOLUTION, loss: 0.25 } }, GateNotPassed],
  ['levels are said to be finer', { solution: { ...SOLUTION, levels: [0, 2] } }, GateNotPassed],
  ['fewer rows are said to be suppressed', { solution: { ...SOLUTION, suppressedRows: 0 } }, GateNotPassed],
  [
    'the file shows what no level has',
    { measured: { class_rows: { ...MEASURED.class_rows, shown_0: ['[20,25)', '30'] } } },
    GateNotPassed,
  ],
  [
    'what the file shows was not counted',
    { measured: { class_rows: { place: [1, 0], rows: [12, 10] } } },
    IncompleteWork,
  ],
  ['nothing was solved', { solution: { solutionVersion: 1, gates: [] } }, ReleaseNotCertified],
  [
    'nothing is there to be searched',
    { lose: 'measure/telco-retail-usage/tables/table=samples/part.parquet' },
    IncompleteWork,
  ],
  [
    'it should be marked and is not',
    {
      plan: MARKED_PLAN,
      run: { ...RUN, plan: { ...RUN.plan, sha256: createHash('sha256').update(MARKED_PLAN).digest('hex') } },
    },
    IncompleteWork,
  ],
  ['the plan is another', { run: { ...RUN, plan: { ...RUN.plan, sha256: '0'.repeat(64) } } }, UnfitPlan],
  ['the job did not come to its end', { lose: 'measure/telco-retail-usage/manifest.json' }, Error],
  ['a table is gone', { lose: 'measure/telco-retail-usage/tables/table=written/part.parquet' }, IncompleteWork],
])('where %s, nothing is certified or put on record', async (_, changes, error) => {
  const { outcome, lake, recorded } = await certify(changes);
  await expect(outcome).rejects.toThrow(error);
  expect([lake.held.size, recorded]).toEqual([0, []]);
});

describe('where an amendment came into force meanwhile', () => {
  const amend = (legs: SidePlan['legs'], version = 2): SidePlan => ({
    ...SIDE_PLAN,
    agreement: { ...SIDE_PLAN.agreement, version },
    legs,
  });
  const [usage, ...others] = SIDE_PLAN.legs as [SidePlan['legs'][0], ...SidePlan['legs']];
  const stricter = amend([{ ...usage, watermark: 0.01 }, ...others]);

  test('what was treated otherwise is not certified, and neither is a leg that is left out', async () => {
    for (const inForce of [stricter, amend(others)]) {
      const { outcome, recorded } = await certify({ inForce });
      await expect(outcome).rejects.toThrow(
        /treated by version 1, and version 2, which is in force, treats it otherwise: deliver it again/,
      );
      expect(recorded).toEqual([]);
    }
  });

  test('what would be treated the same is', async () => {
    const { outcome, recorded } = await certify({ inForce: amend([{ ...usage, retain: 'P1D' }, ...others]) });
    await outcome;
    expect(recorded).toMatchObject([{ version: 1, round: '2026-02-26' }]);
  });

  test.each<[string, Partial<ReleaseRecord>]>([
    ['waits', {}],
    ['is promised, or its publication began', { sealed: '2026-03-04T05:00:00Z' }],
  ])('what %s, of a version that treated it otherwise, makes room for what is delivered again', async (_, sealed) => {
    const waiting = releaseOf(stricter, usage.id, '2026-02-26', { state: 'prepared', version: 1 });
    const again = JSON.stringify({ ...SIDE_PLAN, agreement: { ...SIDE_PLAN.agreement, version: 2 } });
    const run = { ...RUN, plan: { ...RUN.plan, sha256: createHash('sha256').update(again).digest('hex') } };
    const strict = { ...waiting, ...sealed, version: 7, token: 'second', dismissed: ['first'] };
    const { outcome, recorded } = await certify({ known: [strict], plan: again, run });
    await outcome;
    // Who publishes ends the workflows that wait for nothing now.
    const dismissed = ['first', 'second'];
    expect(recorded).toMatchObject([{ version: 2, round: '2026-02-26', place: PLACE, dismissed }]);
    expect(recorded[0]).not.toHaveProperty('token');
    expect(recorded[0]?.replaced).toMatchObject([{ place: waiting.place }]);
  });

  test('what waits and would go out does not, once the next round takes deliveries', async () => {
    const known = [releaseOf(SIDE_PLAN, usage.id, '2026-02-26', { state: 'prepared' })];
    const { outcome, recorded } = await certify({ known });
    await outcome;
    expect(recorded).toMatchObject([{ version: 1, round: '2026-03-05' }]);
  });
});
