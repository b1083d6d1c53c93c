import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { sha256 } from '../../../lib/audit/node-crypto';
import type { Expression } from '../../../lib/domain/agreement/expressions/expression';
import { parseExpression } from '../../../lib/domain/agreement/expressions/parse-expression';
import type { ColumnType, PlannedDataset, PlannedLeg } from '../../../lib/domain/agreement/plan/plan';
import { solveDataset } from '../../../lib/domain/exchange/gates/solve-dataset';
import { hashInput } from '../../../lib/domain/exchange/rounds/find-repeated';
import { certifyRelease } from '../../../lib/domain/privacy/certificate/certify-release';
import { judgeSolved } from '../../../lib/domain/privacy/certificate/judge-solved';
import { measureLoss } from '../../../lib/domain/privacy/certificate/measure-loss';
import type { ReleaseMeasurement } from '../../../lib/domain/privacy/certificate/release-measurement';
import type { Solution } from '../../../lib/domain/privacy/search/solution';
import type { Treatment } from '../../../lib/domain/privacy/treatments/treatment';
import type { CleanDelivery, DeliveredFile } from '../../../lib/engine/engine';
import { padKey } from '../../../lib/engine/sql/key-pads';
import { chooseMarkable } from '../../../lib/rehearsal/choose-markable';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { openSparkSession, type SparkSession } from '../../local-cloud/glue/spark-session';
import { generalise, makeColumn, makeDataset, makeTask, queryDuckDb, solve, withEngine } from '../engine/engine-trial';
import { makePeople, people, toJsonLines } from '../engine/random-rows';
import { makeAllWritten, WRITTEN } from '../engine/written-values';
import { ODD_TEXTS } from './odd-texts';
import { OWN_KEYS, runThroughSpark, type SparkTrialOptions } from './spark-trial';

let buckets: string;
let session: SparkSession;
let runs = 0;

beforeAll(() => {
  buckets = mkdtempSync(join(tmpdir(), 'spark-'));
  mkdirSync(join(buckets, 'events'));
  const settings = {
    'spark.eventLog.enabled': 'true',
    'spark.eventLog.dir': `file://${buckets}/events`,
    // As with many rows: small files are not made one.
    'spark.sql.adaptive.coalescePartitions.enabled': 'false',
  };
  session = openSparkSession({ scratch: buckets, buckets, settings });
});

afterAll(async () => {
  await session.close();
  rmSync(buckets, { recursive: true, force: true });
});

/** Takes a delivery through both engines and expects the same of all that comes out. */
async function expectSame(
  dataset: PlannedDataset,
  name: string,
  content: string | Uint8Array,
  options: SparkTrialOptions = {},
) {
  let result: Awaited<ReturnType<typeof runThroughSpark>> | undefined;
  await withEngine(async ({ engine, write, path }) => {
    const file = write(name, content);
    const { explain: _, erased, ...more } = options;
    const cleaned = await engine.clean(dataset, file, path('quarantine.csv'), erased);
    const { rejected, rejectedBy, received, files } = cleaned;
    const histogram = dataset.privacy && (await engine.histogram(dataset));
    const solution = histogram && solveDataset(dataset, dataset.privacy!, histogram, { kind: 'free' }).solution;
    const given = makeTask(dataset, path('release.parquet'), { keys: OWN_KEYS, ...(solution && { solution }) });
    const leg = { ...given.leg, ...more };
    const solved = histogram && solution && { histogram, solution };
    const task = { ...given, leg, ...(solved && chooseMarkable(dataset, leg, solved)) };
    const { marked } = await engine.release(task);
    const { sha256: __, ...measurement } = await engine.measure(task);
    const spark = await runThroughSpark(session, buckets, dataset, file, `run-${runs++}`, options);
    result = spark;
    expect(spark.cleaning).toEqual({ received, rejected, rejectedBy });
    expect(spark.files).toEqual(files);
    expect(spark.histogram).toEqual(histogram);
    expect(spark.measurement).toEqual(measurement);
    expect(spark.marked).toBe(marked);
    if (histogram && solution) {
      const lost = measureLoss(dataset, measurement, histogram.columns, solution.levels);
      const { suppressedRows: suppressed } = solution;
      const rows = { received, rejected, rejectedBy, suppressed, marked, released: measurement.rows };
      expect(judgeSolved(dataset, lost, solution, rows)).toEqual([]);
    }
    expect(certify(dataset, leg, { ...spark, ...spark.cleaning })).toBe(
      certify(dataset, leg, { ...cleaned, measurement, solution, marked }),
    );
    expect(await readSorted(spark.release)).toEqual(await readSorted(path('release.parquet')));
    // Engines write what a file of types of its own gives in their own way.
    const shown = name.endsWith('.parquet') ? 'row, reason' : '* EXCLUDE (file)';
    expect(await readQuarantine(spark.quarantine, shown)).toEqual(await readQuarantine(path('quarantine.csv'), shown));
  });
  return result!;
}

/** The bytes of the certificate as canonical JSON, but for the engine's name and the hash of the file that it wrote in its own way. */
function certify(
  dataset: PlannedDataset,
  leg: PlannedLeg,
  made: Omit<CleanDelivery, 'files'> & {
    readonly files: readonly DeliveredFile[];
    readonly measurement: Omit<ReleaseMeasurement, 'sha256'>;
    readonly solution: Solution | undefined;
    readonly marked: number;
  },
): string {
  const { received, rejected, rejectedBy, files, measurement, solution, marked } = made;
  const certificate = certifyRelease({
    plan: { ...TELCO_RETAIL_PLAN, datasets: [], legs: [] },
    dataset,
    leg,
    rows: {
      received,
      rejected,
      rejectedBy,
      suppressed: solution?.suppressedRows ?? 0,
      released: measurement.rows,
      marked,
    },
    measurement: { ...measurement, sha256: '' },
    ...(solution && { solution }),
    hashes: { input: hashInput(files, sha256), plan: '', output: '' },
    tool: { name: 'barter-room', version: '', engine: '' },
  });
  return canonicalize(certificate)!;
}

async function readSorted(file: string) {
  return queryDuckDb(`SELECT * FROM read_parquet('${file}') ORDER BY ALL`);
}

async function readQuarantine(file: string, shown: string) {
  if (!existsSync(file)) return [];
  const rows = readFileSync(file, 'utf8').startsWith('"file"') ? '*' : "'' AS file, *";
  const read = `read_csv('${file}', all_varchar = true, header = true)`;
  return queryDuckDb(`SELECT ${shown} FROM (SELECT ${rows} FROM ${read}) ORDER BY ALL`);
}

/** Under a load of other tests every one of Spark's small queries takes its time. */
jest.setTimeout(600_000);

/** Eight people who went from one class to another, and three who went to a third. */
const MOVERS = Array.from({ length: 11 }, (_, index) =>
  ['0', index < 8 ? '2' : '4'].map((age) => ({
    ...{ id: `m${index}`, age, town: 'Aston', code: 'ab1', pay: '1.0000' },
    illness: index % 2 === 0 ? 'flu' : 'cold',
  })),
).flat();

test('JSON lines with subjects in several tuples; no key in any plan, argument, order or log', async () => {
  const [rows] = fc.sample(people, { numRuns: 1, seed: 7 });
  const content = toJsonLines([...rows!, ...rows!.slice(0, 9), ...MOVERS]);
  const dataset = makePeople('token');
  const followed = { ...dataset, privacy: { ...dataset.privacy!, risk: { maximum: 0.34 } } };
  const { plans, argv, orders, measurement } = await expectSame(followed, 'people.jsonl', content, { explain: true });
  expect(measurement.classes?.linkedK).toBe(3);
  expect(plans.length).toBeGreaterThan(30);
  const seen = [...plans, ...argv, orders, session.output(), ...readEvents()].join('\n').toLowerCase();
  expect(seen.includes('_inner')).toBe(true);
  expectNoKey(seen);
});

const STEADY_PERSON = { id: null, age: '0', town: 'Aston', code: 'ab1', illness: 'flu', pay: '1.0000' };

test.each([
  ['have one tuple each', []],
  [
    'have one tuple each, but for some, and for rows of nobody',
    [
      { ...STEADY_PERSON, id: 'p1', age: '4' },
      { ...STEADY_PERSON, id: null },
    ],
  ],
])('subjects with many rows and with one %s; some are left out', async (_, others) => {
  const rows = Array.from({ length: 40 }, (__, index) => {
    const id = index % 11;
    const illness = ['flu', 'cold'][id % 2]!;
    return { ...STEADY_PERSON, id: `p${id}`, age: id === 10 ? '9' : String((id >> 2) * 2), illness };
  });
  const all = makePeople('token');
  const dataset = { ...all, privacy: { ...all.privacy!, t: [] } };
  const content = toJsonLines([...rows, { ...STEADY_PERSON, id: 'p20' }, ...others]);
  const { measurement, release, tokens } = await expectSame(dataset, 'steady.jsonl', content);
  expect(measurement.rows).toBeGreaterThan(30);
  expect(measurement.rows).toBeLessThan(41 + others.length);
  const written = await queryDuckDb(`SELECT DISTINCT id FROM read_parquet('${release}') WHERE id IS NOT NULL`);
  const halves = written.map(([id]) => Number.parseInt(String(id).slice(0, 6), 16));
  expect(tokens.map(Number).toSorted()).toEqual(halves.toSorted());
});

test('JSON lines without a subject, in regions: rows are counted', async () => {
  const rows = Array.from({ length: 48 }, (_, index) => ({
    id: null,
    age: index % 12 === 11 ? null : String((index * 7) % 11),
    town: ['Aston', 'Bexley', 'ß€😀', 'Acton', null][(index * 3) % 5]!,
    code: 'ab1',
    illness: 'flu',
    pay: null,
  }));
  const all = makePeople('none');
  const dataset: PlannedDataset = {
    ...all,
    columns: all.columns.map((column) =>
      column.name === 'town' ? { ...column, ...generalise({ kind: 'prefixes', lengths: [1] }) } : column,
    ),
    classColumns: [
      { column: 'age', generalisation: { kind: 'widths', widths: ['1', '2'] }, weight: 1 },
      { column: 'town', generalisation: { kind: 'prefixes', lengths: [1] }, weight: 1 },
    ],
    privacy: { k: 3, l: [], t: [], suppressAtMost: 1 },
    recoding: { mode: 'multidimensional', metric: 'loss' },
  };
  const { histogram, measurement } = await expectSame(dataset, 'rows.jsonl', toJsonLines(rows));
  const texts = measurement.shown!.flatMap((column) => column.texts.flatMap((text) => text ?? []));
  expect(texts).toContainEqual(expect.stringMatching(/^<\d$/));
  expect(texts).toContainEqual(expect.stringMatching(/^≥\d$/));
  expect(texts).toContainEqual(expect.stringMatching(/^\[\d,\d\)$/));
  expect(histogram?.subjects).toEqual(histogram?.rows);
});

const ERASURE_KEY = createHash('sha256').update('erasure').digest();

function digestSubject(subject: string): string {
  return createHmac('sha256', ERASURE_KEY).update(subject).digest('hex');
}

function expectNoKey(text: string, keys: readonly Uint8Array[] = Object.values(OWN_KEYS)): void {
  const seen = text.toLowerCase();
  for (const key of keys) {
    const { inner, outer } = padKey(key);
    for (const bytes of [key, inner, outer, inner.subarray(32), outer.subarray(32)])
      for (const form of ['hex', 'base64', 'latin1'] as const)
        expect(seen.includes(writeBytes(bytes, form))).toBe(false);
  }
}

/** Enough of it to know it by. */
function writeBytes(bytes: Uint8Array, form: 'hex' | 'base64' | 'latin1') {
  return Buffer.from(bytes.subarray(0, 12)).toString(form).toLowerCase();
}

function readEvents(): readonly string[] {
  const folder = join(buckets, 'events');
  const files = readdirSync(folder);
  expect(files).toHaveLength(1);
  return files.map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** Overflows for the largest numbers. */
const TIMES_THREE: Expression = {
  kind: 'compare',
  op: '<',
  left: {
    kind: 'arithmetic',
    op: '*',
    left: { kind: 'column', name: 'count' },
    right: { kind: 'number', value: '3' },
  },
  right: { kind: 'number', value: '100' },
};

const pick = <T>(values: readonly T[], row: number, step: number) => values[(row * step + (row >> 3)) % values.length]!;
const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;

test('numbers and dates that are written otherwise', async () => {
  const { dataset, csv } = makeAllWritten();
  const { cleaning } = await expectSame(dataset, 'written.csv', csv);
  expect(cleaning.rejected).toBe(
    WRITTEN.flatMap(([, , values]) => values.filter(([, value]) => value === null)).length,
  );
});

const CARD = { kind: 'format-preserving', alphabet: 'digits', minLength: 16, maxLength: 16 } as const;

function mergeOf(type: 'decimal' | 'integer' | 'date' | 'timestamp', centre: 'mean' | 'median') {
  const releasedAs =
    type === 'decimal' ? ({ kind: type, precision: 18, scale: 4 } as const) : ({ kind: type } as const);
  return { treatment: { kind: 'microaggregate', k: 4, centre } as const, releasedAs };
}

const FRACTION = { kind: 'decimal', precision: 28, scale: 28 } as const;

const ENDS = ['0001-01-01', '0009-10-10', '9999-12-31', '1582-10-10', '2024-02-29'];

/** A moment among others that lie the farther apart the later they are, from fractions of the unit to years. */
function spreadOut(row: number, unitMinutes: number): string {
  const moment = new Date(
    Date.UTC(1905, 1, 28, 23, 59, 58) + 60_000 * unitMinutes * 1.6 ** (row % 25) * (1 + row / 260),
  );
  return moment.toISOString().slice(0, 19).replace('T', ' ');
}

test('CSV of all types, with all that makes records ragged and values misfits, under every treatment', async () => {
  const dataset = makeDataset(
    [
      makeColumn('who', 'string', { role: 'identifier', treatment: { kind: 'token' }, missing: { kind: 'keep' } }),
      makeColumn('gone', 'string', { treatment: { kind: 'drop' } }),
      makeColumn('text', 'string'),
      makeColumn('masked', 'string', { treatment: { kind: 'mask', keepFirst: 1, keepLast: 1 } }),
      makeColumn('count', 'integer', { checks: [{ text: 'count * 3 < 100', condition: TIMES_THREE }] }),
      makeColumn('price', 'decimal', { missing: { kind: 'fill', value: '1.25' } }),
      makeColumn('ratio', 'double'),
      makeColumn('day', 'date', { treatment: { kind: 'date-shift', days: 400 } }),
      makeColumn('moment', 'timestamp', { treatment: { kind: 'date-shift', days: 3 } }),
      makeColumn('moment kept', 'timestamp'),
      makeColumn('yes', 'boolean'),
      makeColumn('coded', 'integer', {
        treatment: { kind: 'top-bottom', bottom: '-5', top: '50' },
        missing: { kind: 'reject' },
      }),
      makeColumn('rounded', 'decimal', { treatment: { kind: 'round', multiple: '2.5' } }),
      makeColumn('noisy', 'decimal', {
        treatment: { kind: 'noise', epsilon: 1, bottom: '0', top: '100', step: '0.5' },
      }),
      makeColumn('comment', 'string', { treatment: { kind: 'common-text', k: 3 } }),
      makeColumn('card', 'string', { treatment: CARD }),
      makeColumn('code', 'string', { treatment: { ...CARD, alphabet: 'alphanumeric', minLength: 4, maxLength: 9 } }),
      makeColumn('merged', 'decimal', mergeOf('decimal', 'mean')),
      makeColumn('merged whole', 'integer', mergeOf('integer', 'mean')),
      makeColumn('merged day', 'date', mergeOf('date', 'median')),
      makeColumn('merged moment', 'timestamp', mergeOf('timestamp', 'median')),
      makeColumn('merged fraction', 'decimal', {
        ...mergeOf('decimal', 'mean'),
        type: FRACTION,
        releasedAs: FRACTION,
      }),
      makeColumn('middle', 'decimal', mergeOf('decimal', 'median')),
      makeColumn('middle whole', 'integer', mergeOf('integer', 'median')),
    ],
    { subject: 'who', clean: { dedupe: ['who', 'text'], rejectAbove: 1, missingTexts: ['', 'n/a'] } },
  );
  const header = dataset.columns.map(({ name }) => name).join(';');
  const rows = Array.from({ length: 260 }, (_, row) => {
    const odd = row % 4 === 1;
    const values = [
      row % 11 === 0 ? 'n/a' : row % 90 === 30 ? 'line\r\nbreak' : `p${row % 90}`,
      'secret',
      pick(ODD_TEXTS.texts, row, 1),
      pick(ODD_TEXTS.texts, row, 3),
      odd ? pick(ODD_TEXTS.numbers, row, 1) : String(row % 40),
      row % 4 === 2 ? pick(ODD_TEXTS.decimals, row, 1) : `${row}.5`,
      row % 4 === 3 ? pick(ODD_TEXTS.doubles, row, 1) : `${row / 8}`,
      row % 8 === 4 ? pick(ODD_TEXTS.dates, row >> 3, 1) : '2026-01-31',
      row % 8 === 0 ? pick(ODD_TEXTS.times, row >> 3, 1) : '2026-03-05 10:00:00.25',
      row % 8 === 6 ? pick(ODD_TEXTS.times, row >> 3, 1) : '1700-03-05 10:00:00',
      row % 8 === 2 ? pick(ODD_TEXTS.booleans, row >> 3, 1) : 'true',
      row % 29 === 0 ? '' : String((row % 90) - 20),
      `${(row % 50) - 25}.${row % 10}`,
      `${row % 130}`,
      pick(['ok', 'ok', 'rare', `only ${row}`], row, 1),
      row % 17 === 0 ? 'no card' : String(4_000_000_000_000_000 + (row % 70)),
      row % 13 === 0 ? '' : `aZ${1000 + (row % 50)}`,
      row % 19 === 0 ? '' : `${-3 - (row % 40)}.000${row % 10}`,
      row % 23 === 0 ? '-9223372036854775807' : String(row % 30),
      row % 4 === 0 ? pick(ENDS, row >> 2, 1) : spreadOut(row, 24 * 60).slice(0, 10),
      row % 4 === 0 ? `${pick(ENDS, row >> 2, 1)} 23:59:59.999999` : spreadOut(row, 1),
      `${row % 3 === 0 ? '-' : ''}0.${String((row * 37) % 100).padStart(2, '0')}${String(row).padStart(26, '9')}`,
      row % 19 === 1 ? '' : `${-3 - (row % 40)}.000${row % 10}`,
      row % 23 === 1 ? '-9223372036854775807' : String((row * 7) % 300),
    ];
    if (row === 50) return 'too;few';
    if (row === 51) return `${values.map(quoted).join(';')};"one";more`;
    if (row === 52) return `"behind"quote;${values.slice(1).map(quoted).join(';')}`;
    if (row === 53) return '';
    return values.map((value) => (/[";\r\n]/.test(value) || row % 5 === 0 ? quoted(value) : value)).join(';');
  });
  const erased = { key: ERASURE_KEY, digests: ['line\r\nbreak', 'nobody'].map(digestSubject) };
  const content = `\uFEFF${header}\r\n${rows.join('\r\n')}\r\n`;
  const { marked, plans, cleaning } = await expectSame(dataset, 'all types.csv', content, {
    watermark: 0.2,
    erased,
    explain: true,
  });
  expect(cleaning.rejectedBy.find(({ reason }) => reason.includes('erased'))?.rows).toBeGreaterThan(0);
  expect(marked).toBeGreaterThan(0);
  expectNoKey(plans.join('\n'), [...Object.values(OWN_KEYS), ERASURE_KEY]);
});

const MASK: Treatment = { kind: 'mask', keepFirst: 1, keepLast: 1 };

/** Every treatment that a type can have, of values at its ends, below 0 and half way. */
const TREATED: Readonly<
  Record<string, { readonly values: readonly string[]; readonly treatments: readonly Treatment[] }>
> = {
  integer: {
    values: ['-9223372036854775808', '9223372036854775807', '0', '-1', '-7', '35', '', '-35', '1000'],
    treatments: [
      { kind: 'token' },
      MASK,
      { kind: 'round', multiple: '10' },
      { kind: 'top-bottom', bottom: '-5', top: '90' },
      { kind: 'noise', epsilon: 1, bottom: '-10', top: '40', step: '2' },
    ],
  },
  decimal: {
    values: ['99999999999999.9999', '-99999999999999.9999', '0', '-0.0001', '0.125', '-0.125', '', '-2.5', '7.5'],
    treatments: [
      { kind: 'token' },
      MASK,
      { kind: 'round', multiple: '0.25' },
      { kind: 'round', multiple: '1000' },
      { kind: 'top-bottom', bottom: '-0.5', top: '99.75' },
      { kind: 'noise', epsilon: 0.5, bottom: '-3', top: '99.9', step: '0.1' },
    ],
  },
  double: {
    values: ['-0.0', '0.05', '-0.05', '1e300', '-1e300', '5e-324', '', '0.30000000000000004', '-2.5', '123456789.25'],
    treatments: [
      { kind: 'mask', keepFirst: 0, keepLast: 0 },
      { kind: 'round', multiple: '0.1' },
      { kind: 'round', multiple: '3' },
      { kind: 'top-bottom', bottom: '-0.5', top: '99.5' },
    ],
  },
  date: {
    values: ['0001-01-01', '9999-12-31', '1582-10-10', '1969-12-31', '', '2024-02-29'],
    treatments: [
      { kind: 'token' },
      MASK,
      { kind: 'date-shift', days: 5000 },
      { kind: 'top-bottom', bottom: '1582-10-11', top: '2020-01-01' },
    ],
  },
  timestamp: {
    values: [
      '0001-01-01 00:00:00.000001',
      '9999-12-31 23:59:59.999999',
      '1582-10-10 12:00:00',
      '1969-12-31 23:59:59.5',
      '',
    ],
    treatments: [
      { kind: 'token' },
      MASK,
      { kind: 'date-shift', days: 30 },
      { kind: 'top-bottom', bottom: '1600-01-01 00:00:00.5', top: '2020-01-01 00:00:00' },
    ],
  },
  boolean: { values: ['true', 'false', ''], treatments: [{ kind: 'token' }, MASK] },
  string: { values: ODD_TEXTS.texts, treatments: [{ kind: 'token' }, MASK, { kind: 'common-text', k: 2 }] },
};

test('every treatment of every type, at the ends of what the type can be', async () => {
  const columns = Object.entries(TREATED).flatMap(([name, { values, treatments }]) =>
    treatments.map((treatment, place) => {
      const type = name as Parameters<typeof makeColumn>[1];
      const planned = makeColumn(`${name} ${place}`, type, { treatment });
      const isText = treatment.kind === 'token' || treatment.kind === 'mask' || treatment.kind === 'common-text';
      return { values, planned: { ...planned, releasedAs: isText ? { kind: 'string' as const } : planned.type } };
    }),
  );
  const who = makeColumn('who', 'string', { role: 'identifier', treatment: { kind: 'token' } });
  const dataset = makeDataset([who, ...columns.map(({ planned }) => planned)], { subject: 'who' });
  const lines = Array.from({ length: 60 }, (_, row) =>
    [`p${row % 7}`, ...columns.map(({ values }, place) => values[(row + place) % values.length]!)]
      .map(quoted)
      .join(','),
  );
  const header = dataset.columns.map(({ name }) => quoted(name)).join(',');
  const { cleaning } = await expectSame(dataset, 'ends.csv', `${header}\n${lines.join('\n')}\n`);
  expect(cleaning).toMatchObject({ received: 60, rejected: 0 });
});

test('JSON lines whose floor counts on a table of the population, and on a hierarchy of sensitive values', async () => {
  const towns = ['Aston', 'Bexley', 'Corby', null];
  const illnesses = ['flu', 'cold', 'ulcer', null];
  const rows = Array.from({ length: 240 }, (_, row) => ({
    id: `p${row % 200}`,
    age: String(row % 4),
    town: towns[row % 4]!,
    code: 'ab1',
    illness: illnesses[(row >> 2) % 4]!,
    pay: '1.0000',
  }));
  const hierarchy = {
    file: 'illnesses.csv',
    type: { kind: 'string' } as const,
    rows: [
      ['flu', 'lungs'],
      ['cold', 'lungs'],
      ['ulcer', 'stomach'],
    ],
  };
  const population = {
    kind: 'counts',
    file: 'population.csv',
    rows: towns.flatMap((town) => [0, 1, 2, 3].map((age) => ({ values: [String(age), town, 'a***'], subjects: 400 }))),
  } as const;
  const dataset = makePeople('token', {
    privacy: {
      k: 2,
      l: [],
      t: [{ column: 'illness', atMost: 0.9, distance: 'hierarchical', hierarchy }],
      kMap: 5,
      presence: { atLeast: 0, atMost: 0.9 },
      population,
      suppressAtMost: 1,
    },
  });
  const { measurement } = await expectSame(dataset, 'counted.jsonl', toJsonLines(rows), { watermark: 0.05 });
  expect(measurement.classes).toMatchObject({ t: [{ column: 'illness', measure: 'hierarchical' }] });
  expect(measurement.classes).toMatchObject({ kMap: expect.anything(), presence: expect.anything() });
});

test('Parquet of native types, its subjects dropped and counted on the delivery', async () => {
  const dataset = makeDataset(
    [
      makeColumn('person', 'integer', { role: 'identifier', treatment: { kind: 'drop' }, missing: { kind: 'reject' } }),
      makeColumn('age', 'integer', generalise({ kind: 'widths', widths: ['10', '50'] })),
      makeColumn('born', 'date', generalise({ kind: 'dates', periods: ['year', 'decade'] })),
      makeColumn('town', 'string', { role: 'quasi' }),
      makeColumn('pay', 'double', { role: 'sensitive' }),
      makeColumn('small', 'integer'),
      makeColumn('wide', 'integer'),
      makeColumn('exact', 'decimal'),
      makeColumn('seen', 'timestamp'),
      makeColumn('nanos', 'timestamp'),
      makeColumn('utc', 'timestamp'),
      makeColumn('day', 'timestamp'),
      makeColumn('back`tick "name"', 'string'),
    ],
    {
      subject: 'person',
      classes: ['town'],
      privacy: {
        k: 2,
        l: [{ column: 'pay', atLeast: 2 }],
        t: [{ column: 'pay', atMost: 0.6, distance: 'ordered' }],
        suppressAtMost: 0.5,
      },
    },
  );
  const file = join(buckets, 'native.parquet');
  await queryDuckDb(
    `COPY (SELECT (i * 7 % 90)::INTEGER AS person, (20 + i * 7 % 60)::SMALLINT AS age,
      CASE WHEN i % 31 = 0 THEN DATE '1500-02-03' ELSE DATE '1960-01-01' + (i % 2000)::INTEGER END AS born,
      ['Aston', 'ß€😀', NULL][1 + i % 3] AS town, (i * 37 % 11)::DOUBLE / 4 AS pay, (i % 128)::TINYINT AS small,
      CASE WHEN i % 50 = 0 THEN 18446744073709551615 ELSE i END::UBIGINT AS wide,
      ((i - 200)::DECIMAL(20, 3) * 0.125)::DECIMAL(20, 3) AS exact, TIMESTAMP '1600-01-01 00:00:00.000001' + to_days(i::INTEGER * 400) AS seen,
      make_timestamp_ns((i - 3) * 1234567890123) AS nanos, (TIMESTAMP '2026-01-01' + to_hours(i))::TIMESTAMPTZ AS utc,
      CASE WHEN i % 60 = 7 THEN DATE '5000000-01-01' ELSE DATE '1400-01-01' + i::INTEGER END AS day,
      'v' || i AS "back\`tick ""name"""
    FROM range(400) t(i)) TO '${file}' (FORMAT parquet)`,
  );
  await expectSame(dataset, 'native.parquet', readFileSync(file));
});

test('a decimal that is longer than its file says is rejected, and ends no run', async () => {
  const file = join(buckets, 'longer.parquet');
  await queryDuckDb(
    `COPY (SELECT CASE WHEN i = 3 THEN 1234567.89 ELSE i END::DECIMAL(9, 2) AS v FROM range(10) t(i)) TO '${file}' (FORMAT parquet)`,
  );
  const bytes = readFileSync(file);
  // Thrift's scale of 2 and precision of 9, as either of Parquet's annotations has them; 5 in its place.
  const digits = Buffer.from([0x15, 0x04, 0x15, 0x12]);
  for (let at = bytes.indexOf(digits); at >= 0; at = bytes.indexOf(digits, at)) bytes[at + 3] = 0x0a;
  writeFileSync(file, bytes);
  const type = { kind: 'decimal', precision: 6, scale: 3 } as const;
  const dataset = makeDataset([makeColumn('v', 'decimal', { type, releasedAs: type })]);
  const { cleaning, release } = await runThroughSpark(session, buckets, dataset, file, `run-${runs++}`);
  expect(cleaning).toMatchObject({ rejected: 1, rejectedBy: [{ reason: 'v: does not fit decimal(6,3)', rows: 1 }] });
  expect(await readSorted(release)).toHaveLength(9);
});

const WIDE = { kind: 'decimal', precision: 38, scale: 0 } as const;

/** What `barter check` takes of checks is calculated alike, and ends no run, whatever the values. */
const LONG_CHECKS = [
  'long < 1',
  'fine < 0.5',
  'wide < 12345678901234567890.5',
  'wide < minutes',
  'wide in (1, 0.5, 12345678901234567890123456)',
  'minutes * minutes * minutes < 0.5',
  'price * price * price * price > 0',
  'wide * wide > 1',
  'price * minutes - price * minutes = 0',
  'long - long = 0',
  'long + 1 > 5',
];

test('checks of the longest numbers, at the ends of what these can be', async () => {
  const types = new Map<string, ColumnType>([
    ['minutes', { kind: 'integer' }],
    ['price', { kind: 'decimal', precision: 18, scale: 4 }],
    ['long', WIDE],
    ['fine', { ...WIDE, scale: 38 }],
    ['wide', { ...WIDE, scale: 10 }],
  ]);
  const checks = LONG_CHECKS.map((text) => {
    const reading = parseExpression(text, types);
    if (reading.kind === 'refused') throw new Error(`${text}: ${reading.problem}`);
    return { text, condition: reading.condition };
  });
  const dataset = makeDataset(
    [...types].map(([name, type]) =>
      makeColumn(name, 'decimal', { type, releasedAs: type, checks: name === 'long' ? checks : [] }),
    ),
  );
  const values = [
    ['9223372036854775807', '3', '0'],
    ['99999999999999.9999', '0.0001', '2.5'],
    ['9'.repeat(38), '1', '0'],
    [`0.${'9'.repeat(38)}`, `0.${'0'.repeat(37)}1`, '0.25'],
    [`${'9'.repeat(28)}.${'9'.repeat(10)}`, '0.0000000001', '1'],
  ];
  const signed = (value: string, row: number) => (row % 2 === 1 && value !== '0' ? `-${value}` : value);
  const rows = Array.from({ length: 60 }, (_, row) =>
    values.map((some, place) => signed(some[(row >> (place % 3)) % 3]!, row >> place)).join(','),
  );
  const { cleaning } = await expectSame(dataset, 'long.csv', [[...types.keys()].join(','), ...rows].join('\n'));
  const broken = cleaning.rejectedBy.filter(({ rows: count }) => count > 0 && count < 60);
  expect(broken.length).toBeGreaterThan(6);
});

test.each<[Treatment, SparkTrialOptions]>([
  [{ kind: 'token' }, { watermark: 0.2 }],
  [{ kind: 'drop' }, {}],
])(
  'values that enough share are counted on what is released, marks and suppressed rows left out (%j)',
  async (treatment, options) => {
    const dataset = makeDataset(
      [
        makeColumn('who', 'string', { role: 'identifier', treatment, missing: { kind: 'reject' } }),
        makeColumn('town', 'string', { role: 'quasi' }),
        makeColumn('reason', 'string', { role: 'sensitive', treatment: { kind: 'common-text', k: 4 } }),
        makeColumn('pay', 'decimal', mergeOf('decimal', 'mean')),
        makeColumn('since', 'date', mergeOf('date', 'median')),
        makeColumn('wealth', 'decimal', { ...mergeOf('decimal', 'mean'), type: WIDE, releasedAs: WIDE }),
      ],
      {
        subject: 'who',
        classes: ['town'],
        privacy: { k: 4, l: [], t: [{ column: 'reason', atMost: 0.9, distance: 'equal' }], suppressAtMost: 0.3 },
      },
    );
    // Each village has one person, and villagers' reasons and pay are theirs and of hardly anybody else.
    const rows = Array.from({ length: 300 }, (_, row) => {
      const who = row % 150;
      const isVillager = who % 11 === 0;
      const town = isVillager ? `village ${who}` : `town ${who % 5}`;
      const reason = isVillager || who % 37 === 1 ? 'rare' : `often ${row % 6}`;
      const pay = isVillager || who % 37 === 1 ? 900 + who : (who * 7) % 90;
      // One is so far from all others that their mean has 38 digits.
      const wealth = row >= 150 ? '' : who === 5 ? `9${'0'.repeat(37)}` : String(who);
      return [`p${who}`, town, reason, `${pay}.25`, `2026-0${1 + (row % 9)}-1${who % 4}`, wealth].join(',');
    });
    const { measurement, release } = await expectSame(
      dataset,
      'shared.csv',
      ['who,town,reason,pay,since,wealth', ...rows].join('\n'),
      options,
    );
    expect(measurement.shared?.map(({ column }) => column)).toEqual(['reason', 'pay', 'since', 'wealth']);
    for (const { subjects } of measurement.shared ?? []) expect(subjects).toBeGreaterThanOrEqual(4);
    if (treatment.kind === 'token') await expectSideBySide(release, 'who');
  },
);

/** All rows of a value lie in one of several files, one after the other. */
async function expectSideBySide(release: string, name: string) {
  const read = `read_parquet('${release}', filename = true, file_row_number = true)`;
  const several = `SELECT count(DISTINCT filename), count(*) - count(DISTINCT ${name}) > 9 FROM ${read}`;
  expect(await queryDuckDb(`${several} WHERE ${name} IS NOT NULL`)).toEqual([['2', true]]);
  const apart = `count(DISTINCT filename) > 1 OR max(file_row_number) - min(file_row_number) + 1 > count(*)`;
  expect(
    await queryDuckDb(`SELECT ${name} FROM ${read} WHERE ${name} IS NOT NULL GROUP BY ${name} HAVING ${apart}`),
  ).toEqual([]);
}

test('rounds tell together what DuckDB says they do; a release that is gone is counted as missing', () =>
  withEngine(async ({ engine, write, path }) => {
    const dataset = makePeople('token');
    const rounds = fc.sample(people, { numRuns: 2, seed: 11 });
    const places = ['_escrow/gone/'];
    const files: string[] = [];
    for (const [round, rows] of rounds.entries()) {
      const file = write(`people-${round}.jsonl`, toJsonLines(rows));
      await engine.clean(dataset, file, path('quarantine.csv'));
      const solution = solve(dataset, await engine.histogram(dataset));
      const task = makeTask(dataset, path(`round-${round}.parquet`), { keys: OWN_KEYS, solution, earlier: [...files] });
      await engine.release(task);
      const { composition } = await engine.measure(task);
      const spark = await runThroughSpark(session, buckets, dataset, file, `run-${runs++}`, { earlier: [...places] });
      expect(spark.measurement.composition).toEqual(composition);
      expect(composition?.rounds).toBe(round + 1);
      // What lies beside a release is no part of it.
      writeFileSync(join(buckets, 'the-lake', spark.place, 'certificate.json'), '{}');
      places.push(spark.place);
      files.push(task.file);
    }
    expect(files).toHaveLength(2);
  }));
