import { createHash, createHmac } from 'node:crypto';
import { FF1 } from '@noble/ciphers/ff1.js';
import type { PlannedColumn } from '../../../lib/domain/agreement/plan/plan';
import { planNoise } from '../../../lib/domain/privacy/treatments/plan-noise';
import type { Treatment } from '../../../lib/domain/privacy/treatments/treatment';
import { KEYS, makeColumn, makeDataset, makeTask, queryDuckDb, type TypeName, withEngine } from './engine-trial';

const ID = makeColumn('id', 'string', { role: 'identifier', treatment: { kind: 'keep' } });

/** Releases one column, and what became of each row, by its `id`. */
async function treat(
  column: PlannedColumn,
  rows: readonly (readonly [id: string, value: string | null])[],
  more: { readonly subject?: string; readonly keys?: typeof KEYS } = {},
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { subject = 'id', keys = KEYS } = more;
  const row = makeColumn('row', 'integer');
  const dataset = makeDataset([row, ID, column], subject === '' ? {} : { subject });
  const released = new Map<string, unknown[]>();
  await withEngine(async ({ engine, path, write }) => {
    const lines = rows.map(([id, value], index) => JSON.stringify({ row: index, id, [column.name]: value }));
    await engine.clean(dataset, write('p.jsonl', `${lines.join('\n')}\n`), path('q.csv'));
    const task = makeTask(dataset, path('r.parquet'), { keys });
    await engine.release(task);
    const found = await queryDuckDb(
      `SELECT id, CAST("${column.name}" AS VARCHAR) FROM '${path('r.parquet')}' ORDER BY row`,
    );
    for (const [id, value] of found) released.set(String(id), [...(released.get(String(id)) ?? []), value]);
  });
  return released;
}

/** Values by id, one row each; ids are the values' places. */
async function treatEach(
  type: TypeName,
  treatment: Treatment,
  values: readonly (string | null)[],
  more: Partial<PlannedColumn> = {},
): Promise<readonly unknown[]> {
  const released = await treat(
    makeColumn('v', type, { treatment, ...more }),
    values.map((value, index) => [String(index), value] as const),
  );
  return values.map((_, index) => released.get(String(index))?.[0]);
}

const decimal = (precision: number, scale: number): Partial<PlannedColumn> => {
  const type = { kind: 'decimal', precision, scale } as const;
  return { type, releasedAs: type };
};

test.each<[string, TypeName, Partial<PlannedColumn>, Treatment, (string | null)[], (string | null)[]]>([
  [
    'integers cut off at both ends',
    'integer',
    {},
    { kind: 'top-bottom', bottom: '-5', top: '90' },
    ['-9223372036854775808', '-6', '-5', '0', '90', '91', '9223372036854775807', null],
    ['-5', '-5', '-5', '0', '90', '90', '90', null],
  ],
  [
    'decimals cut off at the top',
    'decimal',
    decimal(38, 2),
    { kind: 'top-bottom', top: '99.5' },
    ['-999999999999999999999999999999999999.99', '99.49', '99.51', '999999999999999999999999999999999999.99'],
    ['-999999999999999999999999999999999999.99', '99.49', '99.50', '99.50'],
  ],
  [
    'doubles cut off at the bottom',
    'double',
    {},
    { kind: 'top-bottom', bottom: '0.1' },
    ['-1e300', '0.1', '0.09999999999999999', '1e300'],
    ['0.1', '0.1', '0.1', '1e+300'],
  ],
  [
    'dates cut off',
    'date',
    {},
    { kind: 'top-bottom', bottom: '1930-01-01', top: '2008-12-31' },
    ['0001-01-01', '1930-01-01', '1999-12-31', '9999-12-31', null],
    ['1930-01-01', '1930-01-01', '1999-12-31', '2008-12-31', null],
  ],
  [
    'timestamps cut off',
    'timestamp',
    {},
    { kind: 'top-bottom', top: '2020-01-01' },
    ['0001-01-01 00:00:00', '2020-01-01 00:00:00.000001', '9999-12-31 23:59:59.999999'],
    ['0001-01-01 00:00:00', '2020-01-01 00:00:00', '2020-01-01 00:00:00'],
  ],
  [
    'integers rounded, half away from 0, within their range',
    'integer',
    {},
    { kind: 'round', multiple: '10' },
    ['-15', '-14', '-5', '-4', '0', '4', '5', '14', '15', '9223372036854775807', '-9223372036854775808', null],
    ['-20', '-10', '-10', '0', '0', '0', '10', '10', '20', '9223372036854775800', '-9223372036854775800', null],
  ],
  [
    'integers rounded to an odd number',
    'integer',
    {},
    { kind: 'round', multiple: '3' },
    ['-5', '-4', '-2', '-1', '1', '2', '4', '5'],
    ['-6', '-3', '-3', '0', '0', '3', '3', '6'],
  ],
  [
    'decimals rounded exactly',
    'decimal',
    decimal(6, 4),
    { kind: 'round', multiple: '0.25' },
    ['0.1249', '0.1250', '-0.1250', '99.8749', '99.8750', '99.9999', '-99.9999', '0.3749', null],
    ['0.0000', '0.2500', '-0.2500', '99.7500', '99.7500', '99.7500', '-99.7500', '0.2500', null],
  ],
  [
    'long decimals rounded exactly',
    'decimal',
    decimal(38, 0),
    { kind: 'round', multiple: '1000' },
    ['12345678901234567890123456789012345500', '99999999999999999999999999999999999999'],
    ['12345678901234567890123456789012346000', '99999999999999999999999999999999999000'],
  ],
  [
    'doubles rounded to the double that the decimal is',
    'double',
    {},
    { kind: 'round', multiple: '0.1' },
    ['0.25', '-0.25', '0.3', '0.04', '-0.04', '1e300', '123.449', '9007199254740993', '-1e-320'],
    ['0.3', '-0.3', '0.3', '0.0', '0.0', '1e+300', '123.4', '9007199254740992.0', '0.0'],
  ],
  [
    'texts that three subjects share',
    'string',
    { releasedAs: { kind: 'string' } },
    { kind: 'common-text', k: 3 },
    ['late', 'late', 'late', 'Late', 'é', 'e\u0301', '', '', '', null, null, null, "Dr. O'Neill", 'late '],
    ['late', 'late', 'late', '***', '***', '***', null, null, null, null, null, null, '***', '***'],
  ],
  [
    'neighbours merged to their mean, the rest with the last; 11 and 10 apart, k = 3: to multiples of 5',
    'integer',
    {},
    { kind: 'microaggregate', k: 3, centre: 'mean' },
    ['1', '2', '2', '-9', '50', '50', '60', null],
    ['0', '0', '0', '0', '55', '55', '55', null],
  ],
  [
    'decimals merged exactly, half away from 0',
    'decimal',
    decimal(38, 2),
    { kind: 'microaggregate', k: 2, centre: 'mean' },
    ['-0.01', '-0.02', '999999999999999999999999999999999999.99', '999999999999999999999999999999999999.98'],
    ['-0.02', '-0.02', '999999999999999999999999999999999999.99', '999999999999999999999999999999999999.99'],
  ],
  [
    'neighbours merged to their median, which is somebody’s own, rounded more; as it is where all have the same',
    'integer',
    {},
    { kind: 'microaggregate', k: 3, centre: 'median' },
    ['1', '2', '2', '-9', '53', '52', '64', '33', '33', '33', null],
    ['0', '0', '0', '0', '60', '60', '60', '33', '33', '33', null],
  ],
  [
    'dates merged to their median, which is shown as the first day of a period; to the day where all have the same',
    'date',
    {},
    { kind: 'microaggregate', k: 2, centre: 'median' },
    [
      ...['0001-01-01', '0009-12-31', '1582-10-05', '1582-10-16', '1960-02-29', '1960-03-20', '1960-05-05'],
      ...['1970-05-05', '1975-05-20', '1975-10-01', '2020-05-01', '2020-05-01', '2021-01-03', '2021-01-05'],
      ...['9998-05-01', '9999-12-31'],
    ],
    [
      ...['0001-01-01', '0001-01-01', '1582-10-01', '1582-10-01', '1960-02-01', '1960-02-01', '1960-01-01'],
      ...['1960-01-01', '1975-04-01', '1975-04-01', '2020-05-01', '2020-05-01', '2021-01-01', '2021-01-01'],
      ...['9998-01-01', '9998-01-01'],
    ],
  ],
  [
    'moments merged to their median, cut to a minute at least',
    'timestamp',
    {},
    { kind: 'microaggregate', k: 2, centre: 'median' },
    ['2020-05-01 10:00:01.5', '2020-05-01 10:00:01.5', '2020-05-01 10:20:59', '2020-05-01 10:21:00'],
    ['2020-05-01 10:00:01.5', '2020-05-01 10:00:01.5', '2020-05-01 10:20:00', '2020-05-01 10:20:00'],
  ],
  [
    'nothing where all together are too few',
    'integer',
    {},
    { kind: 'microaggregate', k: 4, centre: 'mean' },
    ['1', '2', '3', null],
    [null, null, null, null],
  ],
])('%s', async (_, type, more, treatment, values, expected) => {
  expect(await treatEach(type, treatment, values, more)).toEqual(expected);
});

test.each<[string, TypeName, Partial<PlannedColumn>, Extract<Treatment, { kind: 'noise' }>, string[]]>([
  [
    'integers',
    'integer',
    {},
    { kind: 'noise', epsilon: 1, bottom: '-10', top: '500', step: '1' },
    ['-10', '0', '17', '500', '9223372036854775807', '-9223372036854775808'],
  ],
  [
    'decimals',
    'decimal',
    decimal(18, 2),
    { kind: 'noise', epsilon: 0.5, bottom: '0', top: '99.9', step: '0.1' },
    ['0', '0.05', '99.94', '50.04', '-7'],
  ],
])('noise on %s is what its specification draws', async (_, type, more, noise, values) => {
  const given = values.map((value, index) => [String(index % 3), value] as const);
  const released = await treat(makeColumn('v:1', type, { treatment: noise, ...more }), given);
  const { thresholds } = planNoise(noise);
  const scale = type === 'decimal' ? 2 : 0;
  const unit = BigInt(Math.round(Number(noise.step) * 10 ** scale));
  const write = (units: bigint) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
    const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
    return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${fraction}`;
  };
  const expected = new Map<string, string[]>();
  for (const [id, value] of given) {
    const limited = Math.min(Math.max(Number(value), Number(noise.bottom)), Number(noise.top));
    const size = Math.abs(limited) / Number(noise.step);
    const base = BigInt(Math.sign(limited) * Math.floor(size + 0.5 + 1e-9)) * unit;
    const seed = createHmac('sha256', KEYS.noise).update(id).digest('hex');
    const numbers = Array.from({ length: 2 * thresholds.length }, (_, at) => {
      const digest = createHash('sha256')
        .update(`${seed}:v:1:${Math.floor(at / 8)}:${write(base)}`)
        .digest('hex');
      return Number.parseInt(digest.slice((at % 8) * 8, (at % 8) * 8 + 8), 16);
    });
    const steps = thresholds.reduce((sum, threshold, digit) => {
      const added = numbers[digit]! < threshold ? 2 ** digit : 0;
      const taken = numbers[thresholds.length + digit]! < threshold ? 2 ** digit : 0;
      return sum + added - taken;
    }, 0);
    expected.set(id, [...(expected.get(id) ?? []), write(base + BigInt(steps) * unit)]);
  }
  expect(Object.fromEntries(released)).toEqual(Object.fromEntries(expected));
});

test('noise is as wide as epsilon and the bounds say, the same for the same value of a subject, another for each receiver', async () => {
  const noise = { kind: 'noise', epsilon: 1, bottom: '0', top: '20', step: '1' } as const;
  const column = makeColumn('v', 'integer', { treatment: noise });
  const rows = Array.from({ length: 20_000 }, (_, index) => [String(index % 10_000), '10'] as const);
  const released = await treat(column, rows);
  const others = await treat(column, rows.slice(0, 200), { keys: { ...KEYS, noise: new Uint8Array(32).fill(3) } });
  const noises = [...released.values()].map(([first, second]) => {
    expect(second).toBe(first);
    return Number(first) - 10;
  });
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  // Discrete Laplace with a = e^(-1/20): mean 0, E|k| = 2a / (1 - a²), chance of 0 = (1 - a) / (1 + a).
  const a = Math.exp(-1 / 20);
  expect(Math.abs(mean(noises))).toBeLessThan(1.2);
  expect(Math.abs(mean(noises.map(Math.abs)) / ((2 * a) / (1 - a * a)) - 1)).toBeLessThan(0.05);
  expect(Math.abs(mean(noises.map((value) => (value === 0 ? 1 : 0))) - (1 - a) / (1 + a))).toBeLessThan(0.01);
  const same = [...others].filter(([id, values]) => values[0] === released.get(id)?.[0]).length;
  expect(same).toBeLessThan(40);
});

test('without a subject, noise follows the value alone', async () => {
  const noise = { kind: 'noise', epsilon: 1, bottom: '0', top: '50', step: '1' } as const;
  const released = await treat(
    makeColumn('v', 'integer', { treatment: noise }),
    [
      ['a', '7'],
      ['b', '7'],
      ['c', '8'],
    ],
    {
      subject: '',
    },
  );
  expect(released.get('a')).toEqual(released.get('b'));
});

test('what cannot be encrypted in its form is rejected, the rest keeps its form', async () => {
  const form = { kind: 'format-preserving', alphabet: 'lower-alphanumeric', minLength: 5, maxLength: 8 } as const;
  const column = makeColumn('v', 'string', { treatment: form });
  const dataset = makeDataset([ID, column], { subject: 'id' });
  const good = ['abcde', '00000000', 'zzzzz', 'abcde', null];
  const bad = ['abcd', 'abcdefghi', 'ABCDE', 'abc-e', 'abcdé', 'abcde\n', ' abcde', '١٢٣٤٥'];
  await withEngine(async ({ engine, path, write }) => {
    const lines = [...good, ...bad].map((v, index) => JSON.stringify({ id: `${index}`, v }));
    const cleaned = await engine.clean(dataset, write('p.jsonl', `${lines.join('\n')}\n`), path('q.csv'));
    expect(cleaned.rejectedBy).toEqual([
      { reason: 'v: not 5 to 8 characters of lower-alphanumeric', rows: bad.length },
    ]);
    await engine.release(makeTask(dataset, path('r.parquet')));
    const rows = await queryDuckDb(`SELECT v FROM '${path('r.parquet')}' ORDER BY CAST(id AS INTEGER)`);
    const characters = '0123456789abcdefghijklmnopqrstuvwxyz';
    const ff1 = FF1(36, KEYS.formatPreserving, new TextEncoder().encode('v'));
    const encrypt = (text: string) => {
      const numerals = [...text].map((character) => characters.indexOf(character));
      return ff1
        .encrypt(numerals)
        .map((numeral) => characters[numeral])
        .join('');
    };
    expect(rows.map(([v]) => v)).toEqual(good.map((v) => (v === null ? null : encrypt(v))));
  });
});

test('more values than fit in one batch are encrypted one to one', async () => {
  const form = { kind: 'format-preserving', alphabet: 'digits', minLength: 6, maxLength: 6 } as const;
  const dataset = makeDataset([makeColumn('v', 'string', { role: 'identifier', treatment: form })], { subject: 'v' });
  await withEngine(async ({ engine, path }) => {
    await queryDuckDb(
      `COPY (SELECT lpad((range * 7)::VARCHAR, 6, '0') AS v FROM range(10500)) TO '${path('p.parquet')}'`,
    );
    await engine.clean(dataset, path('p.parquet'), path('q.csv'));
    const task = makeTask(dataset, path('r.parquet'));
    await engine.release(task);
    expect(
      await queryDuckDb(
        `SELECT count(*)::INTEGER, count(DISTINCT v)::INTEGER, min(length(v))::INTEGER FROM '${path('r.parquet')}'`,
      ),
    ).toEqual([[10500, 10500, 6]]);
    expect((await engine.measure(task)).subjects).toBe(10500);
  });
});

test('what is hidden whole tells nothing: it counts as little as what is missing', async () => {
  const hidden = makeColumn('note', 'string', {
    treatment: { kind: 'common-text', k: 3 },
    releasedAs: { kind: 'string' },
  });
  const dataset = makeDataset([ID, hidden], { subject: 'id' });
  await withEngine(async ({ engine, path, write }) => {
    const notes = ['late', 'late', 'late', 'Dr. O’Neill', 'on crutches', null];
    const lines = notes.map((note, id) => JSON.stringify({ id: String(id), note }));
    await engine.clean(dataset, write('p.jsonl', `${lines.join('\n')}\n`), path('q.csv'));
    const task = makeTask(dataset, path('r.parquet'), { keys: KEYS });
    await engine.release(task);
    const { completeness } = await engine.measure(task);
    expect(completeness).toBeCloseTo((6 + 3) / 12, 9);
  });
});
