import { createHash, createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import {
  generalise,
  KEYS,
  keepTuples,
  makeColumn,
  makeDataset,
  makeTask,
  queryDuckDb,
  solve,
  withEngine,
} from './engine-trial';
import { groupByTuple, makePeople, maskCode, people as randomPeople, toJsonLines } from './random-rows';

const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest('hex');
const readRelease = (file: string) => queryDuckDb(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '${file}'`);

const shiftDays = (days: number) => ({ kind: 'date-shift', days }) as const;

/** One column per treatment and type it treats differently. */
const TREATED = makeDataset(
  [
    makeColumn('id', 'integer', { role: 'identifier', treatment: { kind: 'token' } }),
    makeColumn('mail', 'string', { role: 'identifier', treatment: { kind: 'token' } }),
    makeColumn('name', 'string', { role: 'identifier', treatment: { kind: 'drop' } }),
    makeColumn('Age"', 'integer', generalise({ kind: 'widths', widths: ['10'] })),
    makeColumn('phone', 'string', { role: 'identifier', treatment: { kind: 'mask', keepFirst: 0, keepLast: 0 } }),
    makeColumn('card', 'string', { role: 'identifier', treatment: { kind: 'mask', keepFirst: 1, keepLast: 2 } }),
    makeColumn('born', 'date', { treatment: shiftDays(30) }),
    makeColumn('seen', 'timestamp', { treatment: shiftDays(3) }),
    makeColumn('pay', 'decimal'),
    makeColumn("it's", 'boolean'),
  ],
  { subject: 'id', classes: ['card'], privacy: { k: 1, l: [], t: [], suppressAtMost: 1 } },
);
const HEADER = 'id,mail,name,"Age""",phone,card,born,seen,pay,it\'s\n';
const DAY = 24 * 60 * 60 * 1000;
const daysBetween = (from: string, to: string) => (Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / DAY;

test('every treatment does what it says; what is missing stays missing', async () => {
  const lines = [
    '7,a@x.example,Ann,34,0171,4929 1111,2000-01-31,2026-01-01 10:00:00,1.5,yes',
    '7,,Ann,34,,49,2000-02-29,,,',
    '8,é😀@x.example,Bob,,0172,😀bcdé,,2026-01-01 00:00:00,2,no',
  ];
  await withEngine(async ({ engine, path, write }) => {
    await engine.clean(TREATED, write('u.csv', `${HEADER}${lines.join('\n')}\n`), path('q.csv'));
    const solution = solve(TREATED, await engine.histogram(TREATED));
    await engine.release(makeTask(TREATED, path('r.parquet'), { solution }));
    const described = await queryDuckDb(`DESCRIBE SELECT * FROM '${path('r.parquet')}'`);
    expect(described.map(([name, type]) => [name, type])).toEqual([
      ['id', 'VARCHAR'],
      ['mail', 'VARCHAR'],
      ['Age"', 'VARCHAR'],
      ['phone', 'VARCHAR'],
      ['card', 'VARCHAR'],
      ['born', 'DATE'],
      ['seen', 'TIMESTAMP'],
      ['pay', 'DECIMAL(18,4)'],
      ["it's", 'BOOLEAN'],
    ]);
    const rows = await readRelease(path('r.parquet'));
    const token = (text: string) => hmac(KEYS.token, text).slice(0, 32);
    const of = (age: string | null, card: string) => rows.find((row) => row[2] === age && row[4] === card)!;
    const [first, second, third] = [of('34', '4***11'), of('34', '***'), of(null, '😀***dé')];
    expect(rows).toHaveLength(3);
    expect(first).toMatchObject(
      [token('7'), token('a@x.example'), '34', '***', '4***11', {}, {}, '1.5000', 'true'].map((value) =>
        typeof value === 'object' ? expect.any(String) : value,
      ),
    );
    expect([second[0], second[1], second[3], second[6], second[7], second[8]]).toEqual([
      token('7'),
      null,
      null,
      null,
      null,
      null,
    ]);
    expect([third[0], third[1], third[5]]).toEqual([token('8'), token('é😀@x.example'), null]);

    const shift = daysBetween('2000-01-31', first[5] as string);
    expect(daysBetween('2000-02-29', second[5] as string)).toBe(shift);
    expect(Number.isInteger(shift) && shift !== 0 && Math.abs(shift) <= 30).toBe(true);
    const drawn = Number(`0x${hmac(KEYS.dateShift, '7').slice(0, 12)}`) % 60;
    expect(shift).toBe(drawn < 30 ? drawn - 30 : drawn - 29);
    expect((first[6] as string).slice(11)).toBe('10:00:00');
    expect(statSync(path('r.parquet')).mode & 0o777).toBe(0o600);
  });
});

test('date shifts are never 0, reach their bounds on both sides, and differ from receiver to receiver', async () => {
  const dataset = makeDataset(
    [
      makeColumn('id', 'integer', { role: 'identifier', treatment: { kind: 'keep' } }),
      makeColumn('born', 'date', { treatment: shiftDays(3) }),
    ],
    { subject: 'id' },
  );
  const rows = Array.from({ length: 2000 }, (_, id) => `${id},2026-01-10\n`).join('');
  await withEngine(async ({ engine, path, write }) => {
    await engine.clean(dataset, write('u.csv', `id,born\n${rows}`), path('q.csv'));
    const shifts: string[] = [];
    for (const fill of [1, 2]) {
      const keys = { ...KEYS, dateShift: new Uint8Array(32).fill(fill) };
      await engine.release(makeTask(dataset, path('r.parquet'), { keys }));
      const days = `date_diff('day', DATE '2026-01-10', born)`;
      shifts.push(JSON.stringify(await queryDuckDb(`SELECT ${days} FROM '${path('r.parquet')}' ORDER BY id`)));
      const counts = await queryDuckDb(
        `SELECT ${days} AS days, count(*)::INTEGER FROM '${path('r.parquet')}' GROUP BY 1 ORDER BY 1`,
      );
      expect(counts.map(([day]) => day)).toEqual(['-3', '-2', '-1', '1', '2', '3']);
      for (const [, count] of counts) expect(count).toBeGreaterThan(230);
    }
    expect(shifts[0]).not.toBe(shifts[1]);
  });
});

test('without a subject, all dates of a leg move alike', async () => {
  const dataset = makeDataset([makeColumn('born', 'date', { treatment: shiftDays(300) }), makeColumn('n', 'integer')]);
  await withEngine(async ({ engine, path, write }) => {
    await engine.clean(dataset, write('u.csv', 'born,n\n2026-01-10,1\n2026-02-10,2\n'), path('q.csv'));
    await engine.release(makeTask(dataset, path('r.parquet')));
    const rows = await readRelease(path('r.parquet'));
    const [first, second] = ['1', '2'].map((n) => rows.find((row) => row[1] === n)?.[0] as string);
    expect(daysBetween(first!, second!)).toBe(31);
    expect(first).not.toBe('2026-01-10');
  });
});

test('the order of a release tells nothing of the order of the delivery', async () => {
  const dataset = makePeople('token');
  const rows = fc.sample(randomPeople, { numRuns: 1, seed: 5 })[0]!;
  await withEngine(async ({ engine, path, write }) => {
    const releases: unknown[] = [];
    for (const delivered of [rows, rows.toReversed()]) {
      await engine.clean(dataset, write('p.jsonl', toJsonLines(delivered)), path('q.csv'));
      const solution = keepTuples(await engine.histogram(dataset));
      await engine.release(makeTask(dataset, path('r.parquet'), { solution }));
      releases.push(await readRelease(path('r.parquet')));
    }
    expect(releases[0]).toEqual(releases[1]);
  });
});

test('the same delivery in another order makes the same bytes, over several blocks', async () => {
  const dataset = makeDataset(
    [
      makeColumn('id', 'string', { role: 'identifier', treatment: { kind: 'token' }, missing: { kind: 'reject' } }),
      makeColumn('age', 'integer', generalise({ kind: 'widths', widths: ['10'] })),
      makeColumn('pay', 'double'),
    ],
    { subject: 'id', privacy: { k: 2, l: [], t: [], suppressAtMost: 1 } },
  );
  await withEngine(async ({ engine, path }) => {
    const hashes: string[] = [];
    for (const order of ['pay', 'hash(pay)', 'id DESC']) {
      await queryDuckDb(
        `COPY (SELECT (range % 90000)::VARCHAR AS id, range % 70 AS age, range / 8 AS pay FROM range(400000) ORDER BY ${order})
         TO '${path('p.parquet')}'`,
      );
      await engine.clean(dataset, path('p.parquet'), path('q.csv'));
      const solution = solve(dataset, await engine.histogram(dataset));
      await engine.release(makeTask(dataset, path('r.parquet'), { solution }));
      hashes.push(
        createHash('sha256')
          .update(readFileSync(path('r.parquet')))
          .digest('hex'),
      );
    }
    expect(new Set(hashes).size).toBe(1);
  });
});

test('no row is lost or invented: received = rejected + suppressed + released', async () => {
  const dataset = makePeople('token', { clean: { dedupe: ['id', 'age'], rejectAbove: 1, missingTexts: [] } });
  const reject = { kind: 'reject' } as const;
  const columns = dataset.columns.map((column) => (column.name === 'town' ? { ...column, missing: reject } : column));
  const strict = { ...dataset, columns };
  await withEngine(async ({ engine, path, write }) => {
    await fc.assert(
      fc.asyncProperty(randomPeople, fc.integer({ min: 1, max: 5 }), async (rows, every) => {
        const cleaned = await engine.clean(strict, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
        const histogram = await engine.histogram(strict);
        const accepted = histogram.rows.reduce((sum, count) => sum + count, 0);
        expect(cleaned.received).toBe(rows.length);
        expect(cleaned.received - cleaned.rejected).toBe(accepted);
        if (accepted === 0) return;
        const suppress = (tuple: number) => tuple % every === 0;
        const suppressed = histogram.rows.reduce((sum, count, tuple) => sum + (suppress(tuple) ? count : 0), 0);
        const solution = keepTuples(histogram, suppress);
        const task = makeTask(strict, path('r.parquet'), { solution });
        await engine.release(task);
        const { rows: released } = await engine.measure(task);
        expect(released).toBe(accepted - suppressed);
      }),
      { numRuns: 25 },
    );
  });
});

test('rows are released with their own values', async () => {
  const dataset = makePeople('keep');
  await withEngine(async ({ engine, path, write }) => {
    await fc.assert(
      fc.asyncProperty(randomPeople, async (rows) => {
        await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
        const solution = keepTuples(await engine.histogram(dataset));
        await engine.release(makeTask(dataset, path('r.parquet'), { solution }));
        const expected = rows.map(({ id, age, town, code, illness, pay }) => [
          id,
          age,
          town,
          maskCode(code),
          illness,
          pay,
        ]);
        const sort = (table: readonly (readonly unknown[])[]) => table.map((row) => JSON.stringify(row)).sort();
        expect(sort(await readRelease(path('r.parquet')))).toEqual(sort(expected));
        expect(groupByTuple(rows).size).toBe(solution.classes);
      }),
      { numRuns: 20 },
    );
  });
});

test.each([
  ['one tuple each', true],
  ['several tuples', false],
])('subjects with %s are released with their tokens and classes, or not at all', async (_, settled) => {
  const people = makePeople('token');
  const [id, ...others] = people.columns;
  const dataset = { ...people, columns: [{ ...id!, missing: { kind: 'reject' as const } }, ...others] };
  await withEngine(async ({ engine, path, write }) => {
    await fc.assert(
      fc.asyncProperty(randomPeople, async (given) => {
        const named = given.map((row, index) => ({ ...row, id: row.id ?? `n${index % 5}` }));
        const first = new Map(named.toReversed().map((row) => [row.id, row]));
        const rows = named.map((row) => {
          const { age, town, code } = first.get(row.id)!;
          return settled ? { ...row, age, town, code } : row;
        });
        await engine.clean(dataset, write('p.jsonl', toJsonLines(rows)), path('q.csv'));
        const histogram = await engine.histogram(dataset);
        if (settled) expect(histogram.spanning.tuples).toHaveLength(0);
        const isSuppressed = (tuple: number) => tuple % 3 === 2;
        const solution = keepTuples(histogram, isSuppressed);
        await engine.release(makeTask(dataset, path('r.parquet'), { solution }));
        const suppressed = [...Array(histogram.tuples).keys()]
          .filter(isSuppressed)
          .map((tuple) => JSON.stringify(histogram.columns.map(({ values, codes }) => values[codes[tuple]!])));
        const expected = [...groupByTuple(rows)]
          .filter(([tuple]) => !suppressed.includes(tuple))
          .flatMap(([, own]) => own)
          .map((row) => [
            hmac(KEYS.token, row.id!).slice(0, 32),
            row.age,
            row.town,
            maskCode(row.code),
            row.illness,
            row.pay,
          ]);
        const sort = (table: readonly (readonly unknown[])[]) => table.map((row) => JSON.stringify(row)).sort();
        expect(sort(await readRelease(path('r.parquet')))).toEqual(sort(expected));
      }),
      { numRuns: 15 },
    );
  });
});

test('a dataset with classes is not released without a solution', async () => {
  const dataset = makePeople('token');
  await withEngine(async ({ engine, path, write }) => {
    await engine.clean(dataset, write('p.jsonl', toJsonLines(fc.sample(randomPeople, 1)[0]!)), path('q.csv'));
    await expect(engine.release(makeTask(dataset, path('r.parquet')))).rejects.toThrow('no solution');
    expect(existsSync(path('r.parquet'))).toBe(false);
  });
});

test('keys show in no SQL text, plan, profile or file, and two receivers’ tokens have nothing in common', async () => {
  const keys = {
    token: KEYS.token.map((_, index) => 0x61 + (index % 26)),
    dateShift: KEYS.token.map((_, index) => 0x41 + (index % 26)),
    noise: KEYS.token.map((_, index) => 0x61 + ((index * 3) % 26)),
    watermark: KEYS.token.map((_, index) => 0x61 + ((index * 7) % 26)),
    formatPreserving: KEYS.token.map((_, index) => 0x41 + ((index * 5) % 26)),
  };
  const forms = Object.values(keys).flatMap((key) => {
    const bytes = [key, ...[0x36, 0x5c].map((pad) => key.map((byte) => byte ^ pad))].map((form) => Buffer.from(form));
    return bytes.flatMap((form) => [
      form,
      ...(['hex', 'base64'] as const).map((as) => Buffer.from(form.toString(as).slice(0, 40))),
    ]);
  });
  const seen: string[] = [];
  const findKeys = (bytes: Buffer) =>
    forms.filter(
      (form) =>
        bytes.includes(form) || bytes.toString('latin1').toLowerCase().includes(form.toString('latin1').toLowerCase()),
    );

  await withEngine(async ({ engine, path, write, scratch }) => {
    const lines = Array.from({ length: 3000 }, (_, n) => `${n},m${n},x,${n % 50},1,12345,2000-01-01,2026-01-01,1,yes`);
    await engine.clean(TREATED, write('u.csv', `${HEADER}${lines.join('\n')}\n`), path('q.csv'));
    const solution = solve(TREATED, await engine.histogram(TREATED));

    const { run } = DuckDBConnection.prototype;
    const files: Buffer[] = [];
    const spy = jest.spyOn(DuckDBConnection.prototype, 'run').mockImplementation(async function (
      this: DuckDBConnection,
      sql,
      values,
    ) {
      seen.push(sql);
      // Repeatable statements only: they are planned, profiled and then run as usual.
      if (/^(CREATE OR REPLACE TABLE .* AS|SELECT|COPY)/s.test(sql)) {
        for (const explain of ['EXPLAIN', 'EXPLAIN ANALYZE', 'EXPLAIN (ANALYZE, FORMAT json)']) {
          seen.push(JSON.stringify(await (await run.call(this, `${explain} ${sql}`)).getRowsJson()));
        }
      }
      const result = await run.call(this, sql, values);
      for (const file of readdirSync(scratch)) {
        if (statSync(join(scratch, file)).isFile()) files.push(readFileSync(join(scratch, file)));
      }
      return result;
    });
    try {
      await engine.release(makeTask(TREATED, path('a.parquet'), { solution, keys }));
      const tokens = new Set((await readRelease(path('a.parquet'))).map(([id]) => id));
      expect(tokens).toContain(hmac(keys.token, '7').slice(0, 32));
      await engine.release(makeTask(TREATED, path('b.parquet'), { solution }));
      const others = (await readRelease(path('b.parquet'))).map(([id]) => id);
      expect(others.filter((other) => tokens.has(other))).toEqual([]);
    } finally {
      spy.mockRestore();
    }
    expect(seen.some((text) => text.includes('sha256'))).toBe(true);
    expect(seen.filter((text) => text.includes('Total Time') || text.includes('latency')).length).toBeGreaterThan(5);
    expect(files.length).toBeGreaterThan(5);
    expect(seen.flatMap((text) => findKeys(Buffer.from(text)))).toEqual([]);
    expect(files.flatMap(findKeys)).toEqual([]);
  });
});
