import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PlannedDataset } from '../../../lib/domain/agreement/plan/plan';
import type { DeliveryProblem } from '../../../lib/engine/intake/delivery-problem';
import { InvalidDelivery } from '../../../lib/engine/invalid-delivery';
import { makeColumn, makeDataset, makeTask, queryDuckDb, type Trial, withEngine } from './engine-trial';

const DATASET = makeDataset([makeColumn('id', 'integer'), makeColumn('name', 'string')]);

async function findProblems(
  { engine, path }: Trial,
  delivery: string,
  dataset: PlannedDataset = DATASET,
): Promise<readonly DeliveryProblem[]> {
  const error = await engine.clean(dataset, delivery, path('quarantine.csv')).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidDelivery);
  expect(existsSync(path('quarantine.csv'))).toBe(false);
  return (error as InvalidDelivery).problems;
}

const MISSING_NAME = { problem: 'column "name" is missing' };
const BAD_TEXTS: readonly (readonly [file: string, content: string | Buffer, expected: Partial<DeliveryProblem>[]])[] =
  [
    ['u.csv', '', [{ where: 'u.csv', problem: 'the file is empty' }]],
    ['u.csv', 'id,name\n', [{ where: 'u.csv', problem: 'the file has no rows' }]],
    ['u.csv', '\n\n', [{ where: 'u.csv', problem: 'no header line ends within its first 256 KiB' }]],
    ['u.csv', 'id,first\n1,a\n', [MISSING_NAME, { problem: 'column "first" is not one of dataset usage' }]],
    [
      'u.csv',
      'ID;name;Name\n1;a;b\n',
      [
        {
          problem: 'column "id" is missing',
          remedy: 'The file has "ID", which differs in case only: rename it to "id".',
        },
        { problem: 'column "ID" is not one of dataset usage', remedy: 'Rename it to "id".' },
        { problem: 'column "Name" is not one of dataset usage' },
      ],
    ],
    [
      'u.csv',
      'id,name,id,\n1,a,2,\n',
      [{ problem: 'a column has no name' }, { problem: 'column "id" is there more than once' }],
    ],
    [
      'u.csv',
      Buffer.from('id,name\n1,ok\n2,caf\xe9\n', 'latin1'),
      [{ where: 'u.csv, line 3, byte 18', problem: 'the bytes are not UTF-8' }],
    ],
    [
      'u.csv',
      Buffer.concat([Buffer.from('id,name\n1,'), Buffer.from('€').subarray(0, 2)]),
      [{ where: 'u.csv, line 2, byte 10' }],
    ],
    ['u.csv', Buffer.from('\ufeffid,name\n1,a\n', 'utf16le'), [{ problem: 'the file is UTF-16, not UTF-8' }]],
    ['u.csv', 'id,name\n1,a\0b\n', [{ where: 'u.csv, line 2, byte 11', problem: 'there is a NUL byte' }]],
    [
      'u.csv',
      'id,name\n1,a\n2,"b\n3,c\n',
      [{ where: 'u.csv, row 2', problem: 'a quote is opened and never closed, up to the end of the file' }],
    ],
    [
      'u.csv',
      `id,name\n1,${'x'.repeat(17 * 1024 * 1024)}\n`,
      [{ where: 'u.csv, row 1', problem: 'the record is longer than 16 MiB' }],
    ],
    ['u.jsonl', '', [{ problem: 'the file is empty' }]],
    ['u.jsonl', '\n \n', [{ problem: 'the file has no rows' }]],
    ['u.json', ' [{"id": 1, "name": "a"}]', [{ problem: 'the file is a JSON array' }]],
    ['u.jsonl', '{"id":1,"name":"a","x":2}\n{"id":2}\n', [{ problem: 'column "x" is not one of dataset usage' }]],
    ['u.jsonl', '{"id":1}\n{"id":2}\n', [MISSING_NAME]],
    [
      'u.jsonl',
      '{"id":1,"name":{"first":"a"}}\n',
      [{ where: 'u.jsonl', problem: 'column "name" holds an object or an array' }],
    ],
    [
      'u.jsonl',
      `{"id":1,"name":"${'x'.repeat(17 * 1024 * 1024)}"}`,
      [{ where: 'u.jsonl, row 1', problem: 'the line is longer than 16 MiB' }],
    ],
    ['u.jsonl', Buffer.from('{"id":1,"name":"\xe9"}', 'latin1'), [{ where: 'u.jsonl, line 1, byte 16' }]],
    [
      'u.parquet',
      'id,name\n1,a\n',
      [{ where: 'u.parquet', problem: expect.stringContaining('cannot be opened as Parquet') }],
    ],
  ];

test.each(BAD_TEXTS)('%s (%#) is refused', async (file, content, expected) => {
  await withEngine(async (trial) => {
    const problems = await findProblems(trial, trial.write(file, content));
    expect(problems).toEqual(expected.map((problem) => expect.objectContaining(problem)));
  });
});

test('paths that lead nowhere, and folders that hold nothing or too much', async () => {
  await withEngine(async (trial) => {
    const { path, write } = trial;
    for (const folder of ['empty', 'mixed', 'links']) mkdirSync(path(folder));
    write('empty/.hidden.csv', 'x');
    write('empty/_SUCCESS', '');
    write('mixed/a.csv', 'id,name\n1,a\n');
    write('mixed/b.jsonl', '{}');
    write('outside.csv', 'id,name\n1,a\n');
    symlinkSync('../outside.csv', path('links/a.csv'));
    symlinkSync('nowhere', path('links/b.csv'));
    symlinkSync('/dev/null', path('links/c.csv'));
    const problemsOf = async (delivery: string) =>
      (await findProblems(trial, path(delivery))).map(({ problem }) => problem);
    expect(await problemsOf('nowhere')).toEqual(['there is no such file or folder']);
    expect(await problemsOf('empty')).toEqual(['the folder holds no files']);
    expect(await problemsOf('mixed')).toEqual(['it mixes formats: a.csv is CSV, b.jsonl is JSON lines']);
    expect(await problemsOf('links')).toEqual([
      'the link does not lead to a file inside the delivered folder',
      'the link leads nowhere',
      'the link does not lead to a file inside the delivered folder',
    ]);
    expect((await findProblems(trial, '/dev/null')).map(({ problem }) => problem)).toEqual([
      'it is not a regular file',
    ]);
  });
});

test('the problems of all files are told at once', async () => {
  await withEngine(async (trial) => {
    mkdirSync(trial.path('in/deep'), { recursive: true });
    trial.write('in/a.csv', 'id\n1\n');
    trial.write('in/deep/b.csv', Buffer.from('id,name\n1,\xff\n', 'latin1'));
    trial.write('in/c.csv', 'id,name\n1,a\n');
    const problems = await findProblems(trial, trial.path('in'));
    expect(problems.map(({ where }) => where)).toEqual(['a.csv', 'deep/b.csv, line 2, byte 10']);
  });
});

describe('Parquet', () => {
  test.each([
    ['SELECT 1 AS id', [MISSING_NAME]],
    ["SELECT 1 AS id, {'a': 1} AS name", [{ problem: 'column "name" is STRUCT, of which no string can be made' }]],
    ["SELECT [1] AS id, 'a' AS name", [{ problem: 'column "id" is INTEGER, of which no integer can be made' }]],
    [
      "SELECT TIME '10:00' AS id, 1.5::DOUBLE AS name",
      [
        { problem: 'column "id" is TIME, of which no integer can be made' },
        { problem: 'column "name" is DOUBLE, of which no string can be made' },
      ],
    ],
    ["SELECT 1 AS id, 'a' AS name WHERE false", [{ problem: 'the file has no rows' }]],
  ])('%s is refused', async (sql, expected) => {
    await withEngine(async (trial) => {
      await queryDuckDb(`COPY (${sql}) TO '${trial.path('u.parquet')}'`);
      const problems = await findProblems(trial, trial.path('u.parquet'));
      expect(problems).toEqual(expected.map((problem) => expect.objectContaining(problem)));
    });
  });

  test.each([
    ['its values', 1_000_000, 4096, 0xa5],
    ['the header of a page, in its kinds', 4, 4, 0xff],
    ['the header of a page, in its lengths', 8, 8, 0xff],
  ])('that is damaged inside is refused, when what is damaged is read: %s', async (_, from, bytes, by) => {
    await withEngine(async (trial) => {
      const { engine, path } = trial;
      await queryDuckDb(
        `COPY (SELECT range AS id, md5(range::VARCHAR) AS name FROM range(100000)) TO '${path('u.parquet')}'`,
      );
      trial.write('u.parquet', readFileSync(path('u.parquet')).fill(by, from, from + bytes));
      const work = async () => {
        await engine.clean(DATASET, path('u.parquet'), path('q.csv'));
        await engine.release(makeTask(DATASET, path('r.parquet')));
      };
      await expect(work()).rejects.toThrow(InvalidDelivery);
      expect(existsSync(path('r.parquet'))).toBe(false);
    });
  });

  test('that is cut off, or of another type in another file, is refused', async () => {
    await withEngine(async (trial) => {
      mkdirSync(trial.path('in'));
      const write = (file: string, sql: string) => queryDuckDb(`COPY (${sql}) TO '${trial.path(`in/${file}`)}'`);
      await write('a.parquet', "SELECT range AS id, 'a' AS name FROM range(1000)");
      await write('b.parquet', "SELECT 1.5 AS id, 'a' AS name");
      await write('c.parquet', "SELECT range AS id, 'a' AS name FROM range(1000)");
      truncateSync(trial.path('in/c.parquet'), 500);
      expect(await findProblems(trial, trial.path('in'))).toEqual([
        expect.objectContaining({
          where: 'c.parquet',
          problem: expect.stringContaining('cannot be opened as Parquet'),
        }),
        expect.objectContaining({ where: 'b.parquet', problem: 'column "id" is DECIMAL, in a.parquet BIGINT' }),
      ]);
    });
  });
});

test('a folder is read in the order of names, whatever they hold, and every file is hashed', async () => {
  await withEngine(async (trial) => {
    const { engine, path } = trial;
    const files = ['a*?[1].csv', 'b"\';--.csv', 'sub/ünï.csv', 'z.csv'];
    const contents = ['id,name\n1,a\n', 'name;id\nb;2\n', '\ufeffid\tname\r\n3\tc\r\nx\td\r\n', 'id,name\n4,"e"\n5\n'];
    mkdirSync(path('in [x]*/sub'), { recursive: true });
    files.forEach((file, index) => {
      trial.write(`in [x]*/${file}`, contents[index]!);
    });
    const result = await engine.clean(DATASET, path('in [x]*'), path('q.csv'));
    expect(result.files).toEqual(
      files.map((file, index) => ({
        file,
        sha256: createHash('sha256').update(contents[index]!).digest('hex'),
        bytes: Buffer.byteLength(contents[index]!),
      })),
    );
    expect(result).toMatchObject({ received: 6, rejected: 2 });
    expect(readFileSync(path('q.csv'), 'utf8').split('\n').slice(1, -1).sort()).toEqual([
      'sub/ünï.csv,2,id: not a whole number (64 bits),x,d',
      'z.csv,2,1 field instead of 2,5,""',
    ]);
    await engine.release(makeTask(DATASET, path('out [y]*/r.parquet')));
    const written = path('out [y]*/r.parquet').replace(/[[*]/g, '[$&]');
    expect(await queryDuckDb(`SELECT id::INTEGER, name FROM '${written}' ORDER BY id`)).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'e'],
    ]);
  });
});

test('files of a folder may differ in the order of columns, and Parquet is hashed as well', async () => {
  await withEngine(async (trial) => {
    const { engine, path } = trial;
    mkdirSync(path('in'));
    await queryDuckDb(`COPY (SELECT 1 AS id, 'a' AS name) TO '${path('in/a.parquet')}'`);
    await queryDuckDb(`COPY (SELECT 'b' AS name, 2 AS id UNION ALL SELECT NULL, NULL) TO '${path('in/b.parquet')}'`);
    const [id, name] = DATASET.columns;
    const dataset = { ...DATASET, columns: [{ ...id!, missing: { kind: 'reject' as const } }, name!] };
    const { files, received, rejected } = await engine.clean(dataset, path('in'), path('q.csv'));
    expect({ received, rejected }).toEqual({ received: 3, rejected: 1 });
    expect(files.map(({ sha256 }) => sha256)).toEqual(
      ['a', 'b'].map((file) =>
        createHash('sha256')
          .update(readFileSync(path(`in/${file}.parquet`)))
          .digest('hex'),
      ),
    );
    expect(readFileSync(path('q.csv'), 'utf8')).toContain('\nb.parquet,2,id: missing,,\n');
  });
});

test.each([
  ['csv', (n: number, id: string) => `${id},"line\n""${n}"""`, 'id,name\n'],
  ['jsonl', (n: number, id: string) => JSON.stringify({ id, name: `line\n"${n}" ${'x'.repeat(40)}` }), ''],
] as const)(
  'a large delivery in %s, read in several parts at once, keeps its row numbers',
  async (format, write, header) => {
    const rows = 400_000;
    const lines = Array.from({ length: rows }, (_, n) => write(n, n % 1000 === 999 ? `x${n}` : `${n}`));
    await withEngine(async (trial) => {
      const file = trial.write(`u.${format}`, `${header}${lines.join('\n')}\n`);
      const { received, rejected } = await trial.engine.clean(DATASET, file, trial.path('q.csv'));
      expect({ received, rejected }).toEqual({ received: rows, rejected: 400 });
      const quarantined = readFileSync(trial.path('q.csv'), 'utf8').matchAll(
        /^u\.\w+,(\d+),id: not a whole number \(64 bits\),x(\d+),/gm,
      );
      const numbers = [...quarantined].map(([, row, n]) => [Number(row), Number(n)]);
      expect(numbers).toHaveLength(400);
      expect(numbers.every(([row, n]) => row === n! + 1)).toBe(true);
    });
  },
);

test('a file that changes while the engine works on it is refused', async () => {
  await withEngine(async (trial) => {
    const { engine, path } = trial;
    await queryDuckDb(`COPY (SELECT 1 AS id, 'a' AS name) TO '${path('u.parquet')}'`);
    await engine.clean(DATASET, path('u.parquet'), path('q.csv'));
    await queryDuckDb(`COPY (SELECT 2 AS id, 'b' AS name) TO '${path('u.parquet')}'`);
    await expect(engine.release(makeTask(DATASET, path('r.parquet')))).rejects.toThrow(InvalidDelivery);
    expect(existsSync(path('r.parquet'))).toBe(false);
    expect(existsSync(dirname(path('r.parquet')))).toBe(true);
  });
});
