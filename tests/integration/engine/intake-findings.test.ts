import fs, { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { openDuckDbEngine } from '../../../lib/engine/duckdb/duckdb-engine';
import { InvalidDelivery } from '../../../lib/engine/invalid-delivery';
import { makeColumn, makeDataset, makeTask, queryDuckDb, type Trial, withEngine } from './engine-trial';

const DATASET = makeDataset([makeColumn('id', 'integer'), makeColumn('name', 'string'), makeColumn('n', 'decimal')]);

async function refusalOf({ engine, path }: Trial, delivery: string) {
  const error: unknown = await engine.clean(DATASET, delivery, path('q.csv')).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidDelivery);
  return (error as InvalidDelivery).problems.map(({ where, problem, remedy }) => `${where}: ${problem}. ${remedy}`);
}

async function take({ engine, path }: Trial, delivery: string, dataset = DATASET) {
  const result = await engine.clean(dataset, delivery, path('q.csv'));
  await engine.release(makeTask(dataset, path('r.parquet')));
  const quarantine: string[][] = existsSync(path('q.csv'))
    ? parse(readFileSync(path('q.csv'), 'utf8'), { from_line: 2 })
    : [];
  const rows = await queryDuckDb(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '${path('r.parquet')}' ORDER BY ALL`);
  return { ...result, rows, quarantine };
}

describe('shifted dates stay in the years 1 to 9999, and move all the same', () => {
  const dataset = makeDataset(
    [
      makeColumn('id', 'integer'),
      makeColumn('d', 'date', { treatment: { kind: 'date-shift', days: 400 } }),
      makeColumn('t', 'timestamp', { treatment: { kind: 'date-shift', days: 400 } }),
    ],
    { subject: 'id' },
  );

  test.each([
    ['0001-01-01', '0001-01-01 00:00:00'],
    ['9999-12-31', '9999-12-31 23:59:59.999999'],
  ])('%s', async (date, time) => {
    await withEngine(async (trial) => {
      const lines = Array.from({ length: 400 }, (_, id) => `${id},${date},${time}\n${id},2000-06-15,\n`);
      await take(trial, trial.write('u.csv', `id,d,t\n${lines.join('')}`), dataset);
      const release = `(SELECT id, d - DATE '${date}' AS at_end, date_diff('day', TIMESTAMP '${time}', t) AS days, t,
d - DATE '2000-06-15' AS amid FROM '${trial.path('r.parquet')}')`;
      const moved = await queryDuckDb(
        `SELECT a.at_end::INTEGER, b.amid::INTEGER, a.days::INTEGER, t_differs
FROM (SELECT *, t::TIME <> TIMESTAMP '${time}'::TIME AS t_differs FROM ${release} WHERE t IS NOT NULL) a
JOIN (FROM ${release} WHERE t IS NULL) b USING (id)`,
      );
      expect(moved).toHaveLength(400);
      const inward = date < '2000' ? 1 : -1;
      for (const [atEnd, amid, days, differs] of moved as [number, number, number, boolean][]) {
        expect([atEnd, days, differs]).toEqual([inward * Math.abs(amid), inward * Math.abs(amid), false]);
      }
      expect(new Set(moved.map(([, amid]) => Math.sign(amid as number)))).toEqual(new Set([-1, 1]));
    });
  });
});

describe('what the system does not let be read is named', () => {
  const fail = (code: string) => Object.assign(new Error(code), { code });
  afterEach(() => jest.restoreAllMocks());

  test('a file', async () => {
    await withEngine(async (trial) => {
      mkdirSync(trial.path('in'));
      trial.write('in/a.csv', 'id,name,n\n1,a,1\n');
      trial.write('in/b.csv', 'id,name,n\n1,a,1\n');
      const { openSync } = fs;
      jest.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
        if (String(path).endsWith('b.csv')) throw fail('EACCES');
        return openSync(path, ...rest);
      });
      expect(await refusalOf(trial, trial.path('in'))).toEqual([
        'b.csv: it may not be read. Let whoever runs this read it, and the folders above it.',
      ]);
    });
  });

  test('a folder in the folder', async () => {
    await withEngine(async (trial) => {
      mkdirSync(trial.path('in/deep'), { recursive: true });
      trial.write('in/a.csv', 'id,name,n\n1,a,1\n');
      const { readdirSync } = fs;
      jest.spyOn(fs, 'readdirSync').mockImplementation(((path: string, options: { withFileTypes: true }) => {
        if (path.endsWith('deep')) throw fail('EACCES');
        return readdirSync(path, options);
      }) as typeof fs.readdirSync);
      expect(await refusalOf(trial, trial.path('in'))).toEqual([expect.stringMatching(/^deep: it may not be read/)]);
    });
  });

  test('a file that fails while it is read', async () => {
    await withEngine(async (trial) => {
      const delivery = trial.write('a.csv', 'id,name,n\n1,a,1\n');
      const { createReadStream } = fs;
      jest.spyOn(fs, 'createReadStream').mockImplementation((...given) => {
        const stream = createReadStream(...given);
        return stream.destroy(fail('EIO'));
      });
      expect(await refusalOf(trial, delivery)).toEqual([
        'a.csv: it cannot be read (EIO). Check that its disk is there and sound.',
      ]);
    });
  });

  test('paths through a file, dead links, circles and long names', async () => {
    await withEngine(async (trial) => {
      trial.write('a.csv', 'id,name,n\n1,a,1\n');
      symlinkSync('nowhere', trial.path('dead.csv'));
      symlinkSync('circle.csv', trial.path('circle.csv'));
      const problemOf = async (path: string) => (await refusalOf(trial, path))[0]?.replace(`${path}: `, '');
      expect(await problemOf(trial.path('a.csv/b.csv'))).toBe('a folder of its path is a file. Correct the path.');
      expect(await problemOf(trial.path('dead.csv'))).toBe('the link leads nowhere. Name the file itself.');
      expect(await problemOf(trial.path('circle.csv'))).toBe('the link leads nowhere. Name the file itself.');
      expect(await problemOf(trial.path('x'.repeat(300)))).toMatch(/^the name is too long/);
    });
  });

  test('what has another cause stays what it is', async () => {
    await withEngine(async (trial) => {
      const delivery = trial.write('a.csv', 'id,name,n\n1,a,1\n');
      jest.spyOn(fs, 'openSync').mockImplementation(() => {
        throw fail('EMFILE');
      });
      await expect(trial.engine.clean(DATASET, delivery, trial.path('q.csv'))).rejects.toThrow('EMFILE');
    });
  });
});

const TEXT = 'id,name,n\n1,ann,1\n';
const UTF16 = 'the file is UTF-16, not UTF-8. Save it as UTF-8.';
const SHEET = 'the file is a spreadsheet or another office document. Save it as CSV, in UTF-8.';
const packed = (name: string) => `the file is compressed (${name}). Unpack it and deliver what is in it.`;
const zip = (name: string) => Buffer.from(`PK\x03\x04\x14\0\0\0\x08\0${'\0'.repeat(18)}${name}\x8b\xff`, 'latin1');

test.each<readonly [file: string, content: Buffer, expected: string]>([
  ['u.csv', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), UTF16],
  ['u.csv', Buffer.from(TEXT, 'utf16le'), UTF16],
  ['u.csv', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16(), UTF16],
  ['u.jsonl', Buffer.from('{"id":1}\n', 'utf16le').swap16(), UTF16],
  ['u.csv', gzipSync(TEXT), packed('gzip')],
  ['u.csv.gz', gzipSync(TEXT), packed('gzip')],
  ['u.jsonl', gzipSync('{"id":1}'), packed('gzip')],
  ['u.parquet', gzipSync('PAR1'), packed('gzip')],
  ['u.csv', zip('u.csv'), packed('zip')],
  ['u.jsonl', Buffer.from('28b52ffd2400', 'hex'), packed('zstd')],
  ['u.csv', zip('xl/workbook.xml'), SHEET],
  ['u.csv', zip('[Content_Types].xml'), SHEET],
  ['u.xlsx', zip('anything'), SHEET],
  ['u.csv', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), SHEET],
  ['u.csv', Buffer.from('PAR1\x15\x04'), 'the file is Parquet, but not by its name. Let its name end in .parquet.'],
])('%s of another kind is called what it is, and nothing else is said of it (%#)', async (file, content, expected) => {
  await withEngine(async (trial) => {
    expect(await refusalOf(trial, trial.write(file, content))).toEqual([`${file}: ${expected}`]);
  });
});

test('plain text is read as such, whatever its name', async () => {
  await withEngine(async (trial) => {
    mkdirSync(trial.path('in'));
    for (const file of ['a.gz', 'b.csv.gz', 'c.zst']) trial.write(`in/${file}`, TEXT);
    expect(await take(trial, trial.path('in'))).toMatchObject({ received: 3, rejected: 0 });
    expect(await take(trial, trial.write('u.gz', '{"id":1,"name":"a","n":1}\n'))).toMatchObject({ received: 1 });
  });
});

describe('JSON', () => {
  test.each([
    ['indented', `${JSON.stringify({ id: 1, name: '}"{', n: 1 }, null, 2)}\n`],
    ['several, indented', [1, 2].map((id) => JSON.stringify({ id, name: 'a', n: 1 }, null, '\t')).join('\r\n')],
    ['broken in the middle', '\ufeff\n {"id": 1, "name": "a\\"",\n"n": 1}\n'],
    ['indented, and broken', '{\n  "id": 1,\n  nonsense\n}\n'],
    ['nested', '{"rows": [\n{"id": 1, "name": "a", "n": 1}]}\n'],
  ])('objects over many lines are refused: %s', async (_, content) => {
    await withEngine(async (trial) => {
      expect(await refusalOf(trial, trial.write('u.json', content))).toEqual([
        'u.json: it is not JSON lines: an object goes over many lines. Write one object per line (JSON lines).',
      ]);
    });
  });

  test('lines that are no objects are handed back whole', async () => {
    const long = `{"id": 5, "name": "${'"'.repeat(3 * 1024 * 1024)}`;
    const files = [
      ['{"id": 1, "name": "a"', '{"id":2,"name":"b","n":2}', '', '  "c", 3 ', long],
      ['\ufeff{"id":4,"name":"d","n":4}', 'id,"name",\u{1f600}', ' \t', '[1]\r', '{"id":6}'],
    ];
    await withEngine(async (trial) => {
      mkdirSync(trial.path('in'));
      files.forEach((lines, index) => {
        trial.write(`in/${index}.jsonl`, lines.join('\n'));
      });
      const { received, rows, rejectedBy, quarantine } = await take(trial, trial.path('in'));
      expect(received).toBe(8);
      expect(rows.map(([id]) => id)).toEqual(['2', '4', '6']);
      const reason = 'not a JSON object: the first column holds the whole line';
      expect(rejectedBy).toEqual([{ reason, rows: 5 }]);
      expect(quarantine).toEqual(
        [
          ['0.jsonl', '1', '{"id": 1, "name": "a"'],
          ['0.jsonl', '3', '  "c", 3 '],
          ['0.jsonl', '4', long],
          ['1.jsonl', '2', 'id,"name",\u{1f600}'],
          ['1.jsonl', '3', '[1]'],
        ].map(([file, row, line]) => [file, row, reason, line, '', '']),
      );
    });
  });

  test('numbers are what is written, and whole ones fit an integer column', async () => {
    const dataset = makeDataset([
      makeColumn('i', 'integer'),
      makeColumn('s.("', 'string'),
      makeColumn('d', 'decimal'),
      makeColumn(':', 'string'),
    ]);
    const line = (i: string, s: string, d: string, colon = '1.50') =>
      `{"i" :${i}, "s.(\\"": ${s} ,"d":${d}, ":":${colon}}`;
    const lines = [
      line('1e2', '1.10', '12345678901234.5678'),
      line('-100.0', '1e2', '1.5e3'),
      line('9007199254740991.0', '-0.00', '0.10'),
      line('7', '" \\"d\\":9.9, \\":\\":8.80"', '2.5', '":\\":1.1"'),
      line('1.50', '1', '1'),
      line('1e300', '1', '1'),
      line('9007199254740993.0', '1', '1'),
      line('1', '1', '0.12345678901234567890'),
    ];
    await withEngine(async (trial) => {
      const { rows, quarantine } = await take(trial, trial.write('u.jsonl', lines.join('\n')), dataset);
      expect(rows).toEqual([
        ['-100', '1e2', '1500.0000', '1.5'],
        ['100', '1.10', '12345678901234.5678', '1.5'],
        ['7', ' "d":9.9, ":":8.80', '2.5000', ':":1.1'],
        ['9007199254740991', '-0.00', '0.1000', '1.5'],
      ]);
      expect(quarantine.map(([, row, reason, i, , d]) => [row, reason, i, d])).toEqual([
        ['5', 'i: not a whole number (64 bits)', '1.50', '1'],
        ['6', 'i: not a whole number (64 bits)', '1e300', '1'],
        ['7', 'i: not a whole number (64 bits)', '9007199254740993.0', '1'],
        ['8', 'd: does not fit decimal(18,4)', '1', '0.12345678901234567890'],
      ]);
    });
  });
});

test('names with spaces around them get one message each', async () => {
  await withEngine(async (trial) => {
    const remedy = (name: string) => `Write "${name}". In the rows, too, spaces are part of the values.`;
    expect(await refusalOf(trial, trial.write('u.csv', 'id; name;n \n1; a;2\n'))).toEqual([
      `u.csv: column " name" has spaces around it. ${remedy('name')}`,
      `u.csv: column "n " has spaces around it. ${remedy('n')}`,
    ]);
  });
});

describe.each(['a[1]', '*', '?x', '[', 'b]*[!a', '{a,b}', "it's", 'json=1', '\\n', '%20 #~'])(
  'paths with %s',
  (name) => {
    const write: Readonly<Record<string, (file: string) => unknown>> = {
      csv: (file) => writeFileSync(file, TEXT),
      'repaired.csv': (file) => writeFileSync(file, '\ufeffid;n;name\n1;1;ann\n\n'),
      jsonl: (file) => writeFileSync(file, '{"id":1,"name":"ann","n":1}\n'),
      'marked.jsonl': (file) => writeFileSync(file, '\ufeff{"id":1,"name":"ann","n":1}\nbroken\n'),
      parquet: (file) =>
        queryDuckDb(`COPY (SELECT 1 AS id, 'ann' AS name, 1 AS n) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`),
    };

    test('are files and folders like any other, for deliveries, scratch and releases', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'engine-'));
      const home = join(folder, name);
      mkdirSync(home);
      const engine = await openDuckDbEngine({ directory: join(home, `scratch ${name}`), threads: 1 });
      try {
        for (const [kind, writeFile] of Object.entries(write)) {
          const delivery = join(home, `in ${kind}`);
          mkdirSync(delivery);
          const files = [`${name}.${kind}`, `second${name}.${kind}`];
          for (const file of files) await writeFile(join(delivery, file));
          const rejected = kind === 'marked.jsonl' ? 1 : 0;
          const one = await engine.clean(DATASET, join(delivery, files[0]!), join(home, 'q1.csv'));
          expect([kind, one.received - one.rejected, one.rejected]).toEqual([kind, 1, rejected]);
          const both = await engine.clean(DATASET, delivery, join(home, 'q2.csv'));
          expect([kind, both.received - both.rejected, both.rejected]).toEqual([kind, 2, 2 * rejected]);
          const task = makeTask(DATASET, join(home, name, `${name}.parquet`));
          await engine.release(task);
          expect(await engine.measure(task)).toMatchObject({ rows: 2 });
        }
      } finally {
        await engine.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
