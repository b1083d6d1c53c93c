import { existsSync, readFileSync, statSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { PlannedColumn } from '../../../lib/domain/agreement/plan/plan';
import { makeColumn, makeDataset, makeTask, queryDuckDb, type Trial, type TypeName, withEngine } from './engine-trial';

/** Cleans, releases everything that was accepted, and reads both files back. */
async function clean({ engine, path }: Trial, dataset: Parameters<typeof makeTask>[0], delivery: string) {
  const result = await engine.clean(dataset, delivery, path('quarantine.csv'));
  await engine.release(makeTask(dataset, path('release.parquet')));
  const rows = await queryDuckDb(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '${path('release.parquet')}'`);
  const quarantine: string[][] = existsSync(path('quarantine.csv'))
    ? parse(readFileSync(path('quarantine.csv'), 'utf8'), { from_line: 2 })
    : [];
  return { ...result, rows, quarantine };
}

const TYPES: readonly {
  readonly type: TypeName;
  readonly good: readonly (readonly [given: string, value: string])[];
  readonly bad: readonly string[];
  readonly reason: string;
}[] = [
  {
    type: 'integer',
    good: [
      ['7', '7'],
      ['-3', '-3'],
      ['+5', '5'],
      ['007', '7'],
      ['9223372036854775807', '9223372036854775807'],
    ],
    bad: ['12abc', '5.0', '1e3', '1_000', ' 7', '7 ', '9223372036854775808', 'NaN', '0x10', '--1', '٣'],
    reason: 'v: not a whole number (64 bits)',
  },
  {
    type: 'double',
    good: [
      ['1.5', '1.5'],
      ['-2', '-2.0'],
      ['1e3', '1000.0'],
      ['.5', '0.5'],
      ['5.', '5.0'],
      ['-1.5E-3', '-0.0015'],
    ],
    bad: ['abc', '1,5', 'NaN', 'inf', 'Infinity', '1e400', '1_0', '1.5 '],
    reason: 'v: not a number',
  },
  {
    type: 'decimal',
    good: [
      ['1.5', '1.5000'],
      ['-2', '-2.0000'],
      ['0.12340000', '0.1234'],
      ['.5', '0.5000'],
      ['00099999999999999.9999', '99999999999999.9999'],
    ],
    bad: ['abc', '1,5', 'x1', 'e3', '.e3', '1e', '1e+', '1e3x'],
    reason: 'v: not a number',
  },
  {
    type: 'decimal',
    good: [
      ['5.', '5.0000'],
      ['1e3', '1000.0000'],
      ['-.15E+1', '-1.5000'],
      ['+100000.e-09', '0.0001'],
      ['0.00e50', '0.0000'],
    ],
    bad: ['0.12345', '123456789012345.0', '1e14', '1e-5', '1.23456e0', '1e-300'],
    reason: 'v: does not fit decimal(18,4)',
  },
  {
    type: 'boolean',
    good: [
      ['true', 'true'],
      ['FALSE', 'false'],
      ['Yes', 'true'],
      ['no', 'false'],
      ['1', 'true'],
      ['0', 'false'],
    ],
    bad: ['t', 'y', 'on', '2', 'tRUE', 'null'],
    reason: 'v: not true or false',
  },
  {
    type: 'date',
    good: [
      ['2026-02-28', '2026-02-28'],
      ['2024-02-29', '2024-02-29'],
      ['0001-01-01', '0001-01-01'],
    ],
    bad: [
      '2026-02-30',
      '28.02.2026',
      '2026-2-8',
      '20260208',
      '0000-01-01',
      '2026-02-28 10:00',
      'infinity',
      '02/03/2026',
    ],
    reason: 'v: not a date (YYYY-MM-DD, years 0001 to 9999)',
  },
  {
    type: 'timestamp',
    good: [
      ['2026-02-28 10:00:00', '2026-02-28 10:00:00'],
      ['2026-02-28T10:00', '2026-02-28 10:00:00'],
      ['2026-02-28', '2026-02-28 00:00:00'],
      ['2026-02-28T10:00:00.25Z', '2026-02-28 10:00:00.25'],
      ['2026-02-28T10:00:00+02:00', '2026-02-28 08:00:00'],
    ],
    bad: ['2026-02-28 25:00:00', 'yesterday', '1700000000', '2026-02-28 10', '2026-02-28T10:00:00 Europe/Berlin'],
    reason: 'v: not a timestamp (YYYY-MM-DD HH:MM:SS, years 0001 to 9999)',
  },
  {
    type: 'string',
    good: [
      ['=1+1', '=1+1'],
      [' a ', ' a '],
      ['ß"€😀', 'ß"€😀'],
      ['NULL', 'NULL'],
      ['two\nlines', 'two\nlines'],
    ],
    bad: [],
    reason: '',
  },
];

const FORMATS = {
  csv: (values: readonly string[]) =>
    `n,v\n${values.map((value, index) => `${index},"${value.replaceAll('"', '""')}"\n`).join('')}`,
  jsonl: (values: readonly string[]) => values.map((v, n) => `${JSON.stringify({ n: String(n), v })}\n`).join(''),
  parquet: (values: readonly string[]) => values,
} as const;

describe.each(Object.keys(FORMATS) as (keyof typeof FORMATS)[])('texts from %s', (format) => {
  test.each(TYPES)('as $type: $reason', async ({ type, good, bad, reason }) => {
    const dataset = makeDataset([makeColumn('n', 'integer'), makeColumn('v', type)]);
    const given = [...good.map(([text]) => text), ...bad];
    await withEngine(async (trial) => {
      const delivery = trial.path(`usage.${format}`);
      if (format === 'parquet') {
        const rows = given.map((text, n) => `('${n}', '${text.replaceAll("'", "''")}')`).join(', ');
        await queryDuckDb(`COPY (SELECT * FROM (VALUES ${rows}) AS given (n, v)) TO '${delivery}'`);
      } else trial.write(`usage.${format}`, FORMATS[format](given) as string);
      const { received, rejected, rejectedBy, rows, quarantine } = await clean(trial, dataset, delivery);
      expect({ received, rejected }).toEqual({ received: given.length, rejected: bad.length });
      expect(rejectedBy).toEqual(bad.length > 0 ? [{ reason, rows: bad.length }] : []);
      // A release stands in an order of its values, and which comes first is the engine's.
      expect(rows.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(
        good.map(([, value], n) => [String(n), value]),
      );
      expect(quarantine).toEqual(
        bad.map((text, index) => {
          const row = good.length + index;
          return [`usage.${format}`, String(row + 1), reason, String(row), text];
        }),
      );
    });
  });
});

const NATIVE: readonly (readonly [sql: string, type: TypeName, value: string | undefined])[] = [
  ['7::UTINYINT', 'integer', '7'],
  ['7::HUGEINT', 'integer', '7'],
  ['9223372036854775808::HUGEINT', 'integer', undefined],
  ['7.0::DOUBLE', 'integer', '7'],
  ['7.5::DOUBLE', 'integer', undefined],
  ['7.00::DECIMAL(9, 2)', 'integer', '7'],
  ['7::INTEGER', 'double', '7.0'],
  ["'nan'::DOUBLE", 'double', undefined],
  ["'inf'::FLOAT", 'double', undefined],
  ['0.1::DOUBLE', 'decimal', '0.1000'],
  ['0.12345::DOUBLE', 'decimal', undefined],
  ['1.23::DECIMAL(5, 2)', 'decimal', '1.2300'],
  ['1.23456::DECIMAL(9, 5)', 'decimal', undefined],
  ['1.23450::DECIMAL(9, 5)', 'decimal', '1.2345'],
  ['7::BIGINT', 'decimal', '7.0000'],
  ['1::TINYINT', 'boolean', 'true'],
  ['2::TINYINT', 'boolean', undefined],
  ["TIMESTAMP '2026-02-28 00:00:00'", 'date', '2026-02-28'],
  ["TIMESTAMP '2026-02-28 00:00:01'", 'date', undefined],
  ["DATE '12026-01-01'", 'date', undefined],
  ["DATE '2026-02-28'", 'timestamp', '2026-02-28 00:00:00'],
  ["TIMESTAMPTZ '2026-02-28 10:00:00+02:00'", 'timestamp', '2026-02-28 08:00:00'],
  ["TIMESTAMP_NS '2026-02-28 10:00:00.5'", 'timestamp', '2026-02-28 10:00:00.5'],
  ['12345::INTEGER', 'string', '12345'],
  ["'a'::ENUM ('a', 'b')", 'string', 'a'],
  ["'018f2c3e-0000-7000-8000-000000000000'::UUID", 'string', '018f2c3e-0000-7000-8000-000000000000'],
];

test.each(NATIVE)('Parquet %s as %s is %s', async (sql, type, value) => {
  const dataset = makeDataset([makeColumn('v', type)]);
  await withEngine(async (trial) => {
    // Beside a missing value, so that one row is accepted in any case.
    const rows = `SELECT ${sql} AS v UNION ALL SELECT NULL`;
    await queryDuckDb(`COPY (${rows}) TO '${trial.path('usage.parquet')}' (FORMAT parquet)`);
    const cleaned = await clean(trial, dataset, trial.path('usage.parquet'));
    expect(cleaned.rows).toEqual(value === undefined ? [[null]] : [[value], [null]]);
    expect(cleaned.rejected).toBe(value === undefined ? 1 : 0);
  });
});

test('JSON numbers, booleans and null are read as what they are', async () => {
  const dataset = makeDataset([makeColumn('a', 'integer'), makeColumn('b', 'boolean'), makeColumn('c~/"d', 'decimal')]);
  await withEngine(async (trial) => {
    const lines = [
      '{"a":7,"b":true,"c~/\\"d":1.25}',
      '',
      '{"b":null}',
      '{"a":7.5}',
      '[1]',
      'nonsense',
      '{"a":1,"a":2}',
    ];
    const { received, rows, quarantine } = await clean(
      trial,
      dataset,
      trial.write('u.jsonl', `\ufeff${lines.join('\r\n')}`),
    );
    expect(received).toBe(6);
    expect(rows).toEqual([
      ['7', 'true', '1.2500'],
      [null, null, null],
    ]);
    expect(quarantine).toEqual([
      ['u.jsonl', '3', 'a: not a whole number (64 bits)', '7.5', '', ''],
      ['u.jsonl', '4', 'not a JSON object: the first column holds the whole line', '[1]', '', ''],
      ['u.jsonl', '5', 'not a JSON object: the first column holds the whole line', 'nonsense', '', ''],
      [
        'u.jsonl',
        '6',
        'a name is there more than once: the first column holds the whole line',
        '{"a":1,"a":2}',
        '',
        '',
      ],
    ]);
  });
});

test.each([
  ['comma, LF', 'n,v\n1,a\n2,b\n'],
  ['semicolon, CRLF, BOM', '\ufeffn;v\r\n1;a\r\n2;b\r\n'],
  ['tab, no newline at the end', 'n\tv\n1\ta\n2\tb'],
  ['pipe, CR', 'n|v\r1|a\r2|b\r'],
  ['another order of columns', 'v,n\na,1\nb,2\n'],
  ['quoted header after a BOM', '\ufeff"n","v"\n1,a\n2,b\n'],
  ['blank lines and mixed newlines', 'n,v\n\n1,a\r\n\r\n2,b\n\n'],
  ['a delimiter that is rarer than another in the values', 'n;v\n1;"a"\n2;"b"\n'],
])('CSV with %s', async (_, content) => {
  const dataset = makeDataset([makeColumn('n', 'integer'), makeColumn('v', 'string')]);
  await withEngine(async (trial) => {
    const { received, rows } = await clean(trial, dataset, trial.write('u.csv', content));
    expect(received).toBe(2);
    expect(rows).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
  });
});

test('ragged and broken CSV records are rejected one by one, and rows keep their numbers', async () => {
  const dataset = makeDataset([makeColumn('n', 'integer', { missing: { kind: 'reject' } }), makeColumn('v', 'string')]);
  const content = 'n,v\n1,a\n2\n3,b,c,"d,e"\n"4"x,f\n5,say "hi"\n\n6," ""g"""\n';
  await withEngine(async (trial) => {
    const { received, rejectedBy, rows, quarantine } = await clean(trial, dataset, trial.write('u.csv', content));
    expect(received).toBe(6);
    expect(rows).toEqual([
      ['1', 'a'],
      ['5', 'say "hi"'],
      ['6', ' "g"'],
    ]);
    expect(rejectedBy.map(({ reason }) => reason)).toEqual([
      '1 field instead of 2',
      '4 fields instead of 2',
      'text behind a closing quote',
    ]);
    expect(quarantine).toEqual([
      ['u.csv', '2', '1 field instead of 2', '2', ''],
      ['u.csv', '3', '4 fields instead of 2', '3', 'b,c,"d,e"'],
      ['u.csv', '4', 'text behind a closing quote', '"4"x', 'f'],
    ]);
  });
});

test('all reasons of a row are listed, the most frequent counted first, and values stay as they were', async () => {
  const check = (text: string, op: '>=' | '<', value: string): PlannedColumn['checks'][number] => ({
    text,
    condition: { kind: 'compare', op, left: { kind: 'column', name: 'n' }, right: { kind: 'number', value } },
  });
  const dataset = makeDataset([
    makeColumn('n', 'integer', { checks: [check('n >= 0', '>=', '0'), check('n < 10', '<', '10')] }),
    makeColumn('d', 'date', { missing: { kind: 'reject' } }),
    makeColumn('v', 'string'),
  ]);
  const content = 'n,d,v\n1,2026-01-01,a\n-1,,=cmd\n-2,2026-01-01,"b\nc"\nx,y,z\n11,2026-01-01,\n,2026-01-01,ok\n';
  await withEngine(async (trial) => {
    const { rejected, rejectedBy, rows, quarantine } = await clean(trial, dataset, trial.write('u.csv', content));
    expect(rejected).toBe(4);
    expect(rejectedBy).toEqual([
      { reason: 'n: breaks the check n >= 0', rows: 2 },
      { reason: 'd: missing', rows: 1 },
      { reason: 'd: not a date (YYYY-MM-DD, years 0001 to 9999)', rows: 1 },
      { reason: 'n: breaks the check n < 10', rows: 1 },
      { reason: 'n: not a whole number (64 bits)', rows: 1 },
    ]);
    expect(rows).toEqual([
      ['1', '2026-01-01', 'a'],
      [null, '2026-01-01', 'ok'],
    ]);
    expect(quarantine).toEqual([
      ['u.csv', '2', 'n: breaks the check n >= 0; d: missing', '-1', '', '=cmd'],
      ['u.csv', '3', 'n: breaks the check n >= 0', '-2', '2026-01-01', 'b\nc'],
      ['u.csv', '4', 'n: not a whole number (64 bits); d: not a date (YYYY-MM-DD, years 0001 to 9999)', 'x', 'y', 'z'],
      ['u.csv', '5', 'n: breaks the check n < 10', '11', '2026-01-01', ''],
    ]);
    expect(statSync(trial.path('quarantine.csv')).mode & 0o777).toBe(0o600);
    expect(readFileSync(trial.path('quarantine.csv'), 'utf8')).toMatch(/^"file","row","reason","n","d","v"\n/);
  });
});

test('a check that cannot be computed is not passed, one on a missing value is', async () => {
  const product = {
    kind: 'arithmetic',
    op: '*',
    left: { kind: 'column', name: 'n' },
    right: { kind: 'column', name: 'n' },
  };
  const condition = { kind: 'compare', op: '<>', left: product, right: { kind: 'number', value: '4' } };
  const checks = [{ text: 'n * n <> 4', condition } as PlannedColumn['checks'][number]];
  const dataset = makeDataset([makeColumn('n', 'integer', { checks }), makeColumn('v', 'string')]);
  await withEngine(async (trial) => {
    const { rows } = await clean(trial, dataset, trial.write('u.csv', 'n,v\n1,a\n2,b\n,c\n9223372036854775807,d\n'));
    expect(rows).toEqual([
      ['1', 'a'],
      [null, 'c'],
    ]);
  });
});

test('missing texts, fills and rejections', async () => {
  const dataset = makeDataset(
    [
      makeColumn('a', 'integer', { missing: { kind: 'fill', value: '-1' } }),
      makeColumn('b', 'string', { missing: { kind: 'fill', value: "it's" } }),
      makeColumn('c', 'date', { missing: { kind: 'reject' } }),
    ],
    { clean: { dedupe: [], rejectAbove: 1, missingTexts: ['', 'n/a'] } },
  );
  const content = 'a,b,c\n,n/a,2026-01-01\n1,NA,n/a\n"","",2026-01-01\nx,y,2026-01-01\n';
  await withEngine(async (trial) => {
    const { rows, rejectedBy } = await clean(trial, dataset, trial.write('u.csv', content));
    expect(rows).toEqual([
      ['-1', "it's", '2026-01-01'],
      ['-1', "it's", '2026-01-01'],
    ]);
    expect(rejectedBy).toEqual([
      { reason: 'a: not a whole number (64 bits)', rows: 1 },
      { reason: 'c: missing', rows: 1 },
    ]);
  });
});

describe('of duplicates the least row stays, whatever the order of the delivery', () => {
  const dataset = makeDataset(
    [makeColumn('id', 'integer'), makeColumn('month', 'integer'), makeColumn('v', 'string')],
    {
      clean: { dedupe: ['id', 'month'], rejectAbove: 1, missingTexts: [''] },
    },
  );
  const lines = [
    '1,1,b',
    '1,1,a',
    '1,2,c',
    '2,1,',
    '2,1,x',
    '1,1,a',
    ',1,n',
    ',1,m',
    '3,1,bad,ragged',
    '07,1,same',
    '7,1,same',
  ];
  const kept = ['1,1,a', '1,2,c', '2,1,x', '7,1,same', ',1,m'];

  test.each([
    ['as delivered', lines],
    ['reversed', lines.toReversed()],
  ])('%s', async (_, delivered) => {
    await withEngine(async (trial) => {
      const result = await clean(trial, dataset, trial.write('u.csv', `id,month,v\n${delivered.join('\n')}\n`));
      expect(result.rows.map((row) => row.map((value) => value ?? '').join())).toEqual(kept);
      expect(result.rejectedBy).toEqual([
        { reason: 'duplicate of another row by (id, month)', rows: 5 },
        { reason: '4 fields instead of 3', rows: 1 },
      ]);
      expect(result.received).toBe(11);
      for (const [, row, , ...values] of result.quarantine) {
        expect(delivered[Number(row) - 1]).toBe(values.join());
      }
    });
  });

  test('in Parquet', async () => {
    await withEngine(async (trial) => {
      const path = trial.path('u.parquet');
      await queryDuckDb(
        `COPY (SELECT i AS id, 1 AS month, 'v' || (3 - r) AS v FROM range(10) AS a (i), range(3) AS b (r)) TO '${path}'`,
      );
      const result = await clean(trial, dataset, path);
      expect(result).toMatchObject({ received: 30, rejected: 20 });
      expect(new Set(result.rows.map(([, , v]) => v))).toEqual(new Set(['v1']));
      expect(result.quarantine[0]).toEqual([
        'u.parquet',
        '1',
        'duplicate of another row by (id, month)',
        '0',
        '1',
        'v3',
      ]);
    });
  });
});
