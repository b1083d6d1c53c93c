import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openSparkSession, type SparkSession } from '../../local-cloud/glue/spark-session';

let buckets: string;
let session: SparkSession;
let runs = 0;

beforeAll(() => {
  buckets = mkdtempSync(join(tmpdir(), 'spark-failures-'));
  session = openSparkSession({ scratch: buckets, buckets });
});

afterAll(async () => {
  await session.close();
  rmSync(buckets, { recursive: true, force: true });
});

jest.setTimeout(300_000);

/** Values of the delivery, to look for in all that is said. */
const VALUES = ['Mallory', '98765432109876543210987654321', '31415926535'];

/** Has Spark carry out `steps` on a delivery that it fails at, and gives what it said. */
async function fail(
  steps: readonly object[],
  text: string | Buffer = `who,wide,count\n${VALUES.join(',')}\n`,
  spark: SparkSession = session,
) {
  const write = (key: string, body: string | Buffer) => {
    const file = join(buckets, 'the-landing', key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
  };
  const given = { agreement: 'telco-retail-2026', dataset: 'usage', run: `run-${runs++}` };
  const delivery = `${given.agreement}/${given.dataset}/upload/${given.run}.csv`;
  const orders = JSON.stringify({
    ordersVersion: 1,
    ...given,
    delivery: { kind: 'csv', delimiter: ',', skip: 0, width: 3, fields: [0, 1, 2] },
    tasks: { 'clean-and-count': steps },
  });
  write(delivery, text);
  write(`_work/${given.agreement}/${given.dataset}/${given.run}/orders.json`, orders);
  write(`_work/${given.agreement}/${given.dataset}/${given.run}/solution/part.jsonl`, `{"who": "Mallory"\n`);
  const argv = Object.entries({
    task: 'clean-and-count',
    landing: 'the-landing',
    lake: 'the-lake',
    ...given,
    delivery,
    'orders-sha256': createHash('sha256').update(orders).digest('hex'),
  });
  const answer = await spark.run({ argv: argv.flatMap(([name, value]) => [`--${name}`, value]) });
  if (answer.kind !== 'failed') throw new Error('Nothing failed.');
  const { name, message, trace } = answer;
  const said = [message, trace, spark.output()].join('\n');
  for (const value of VALUES) expect(said).not.toContain(value);
  expect(trace).not.toMatch(/During handling|direct cause/);
  return `${name}: ${message}`;
}

const FROM = 'FROM delivered';

test.each([
  ['cache', 'a text that is no number', `SELECT CAST(given_0 AS INT) AS a ${FROM}`, 'CAST_INVALID_INPUT'],
  ['keep', 'a text that is no date', `SELECT CAST(given_0 AS DATE) AS a ${FROM}`, 'CAST_INVALID_INPUT'],
  [
    'quarantine',
    'a text that is no truth value',
    `SELECT 1 AS b, CAST(given_0 AS BOOLEAN) ${FROM}`,
    'CAST_INVALID_INPUT',
  ],
  ['cache', 'a number too large', `SELECT CAST(CAST(given_2 AS BIGINT) AS INT) AS a ${FROM}`, 'CAST_OVERFLOW'],
  [
    'keep',
    'a decimal too large',
    `SELECT CAST(CAST(given_1 AS DECIMAL(38, 0)) AS DECIMAL(38, 20)) AS a ${FROM}`,
    'NUMERIC_VALUE_OUT_OF_RANGE',
  ],
  [
    'quarantine',
    'a comparison of decimals',
    `SELECT 1 AS b ${FROM} WHERE CAST(given_1 AS DECIMAL(29, 0)) < CAST(length(given_0) AS DECIMAL(38, 20))`,
    'NUMERIC_VALUE_OUT_OF_RANGE',
  ],
  ['cache', 'a sum', `SELECT sum(CAST(given_2 AS BIGINT) * 900000000) AS a ${FROM}`, 'ARITHMETIC_OVERFLOW'],
  [
    'keep',
    'what names the value itself',
    `SELECT CAST(raise_error(given_0) AS STRING) AS a ${FROM}`,
    'RuntimeException',
  ],
])('nothing of a delivery shows where a %s fails: %s', async (kind, _, sql, error) => {
  expect(await fail([{ do: kind, name: 'failing', header: ['row'], sql }])).toMatch(
    new RegExp(`^Failed: The run failed in .*do_${kind}.*${error}`),
  );
});

test('nothing shows of a line that cannot be read, nor of a query that has no sense', async () => {
  const read = { do: 'read', name: 'solution', path: 'solution', schema: 'who STRING' };
  expect(await fail([read, { do: 'cache', name: 'failing', sql: 'SELECT * FROM solution' }])).toContain(
    '[MALFORMED_RECORD_IN_PARSING',
  );
  expect(await fail([{ do: 'view', name: 'failing', sql: `SELECT 'Mallory' AS a, nothing ${FROM}` }])).toMatch(
    /^Failed: .*do_view.*UNRESOLVED_COLUMN/,
  );
});

test('a file that cannot be taken is refused by its own reason', async () => {
  const text = Buffer.concat([Buffer.from('who,wide,count\nMallory,1,'), Buffer.from([0xff, 0x0a])]);
  expect(await fail([], text)).toBe('Refused: The bytes are not UTF-8. Save the file as UTF-8.');
  expect(await fail([], 'who,wide,count\n1,"2,Mallory\n')).toBe(
    'Refused: A quote is opened in row 1 and never closed. Close it, or write it twice inside quotes.',
  );
});

test('a worker in a process of its own logs nothing of a task that fails, whatever log it was told to write', async () => {
  const home = linkSparkHome(join(buckets, 'home'));
  const loud = join(buckets, 'loud.properties');
  writeFileSync(
    loud,
    `rootLogger = info, console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %m%n%ex
`,
  );
  const spark = openSparkSession({
    scratch: join(buckets, 'workers'),
    buckets,
    settings: {
      'spark.master': 'local-cluster[1,1,1024]',
      'spark.executor.extraJavaOptions': `-Dlog4j2.configurationFile=${loud} -Dkept=yes`,
    },
    environment: { SPARK_HOME: home },
  });
  try {
    const cast = { do: 'cache', name: 'failing', sql: `SELECT CAST(given_0 AS INT) AS a ${FROM}` };
    expect(await fail([cast], undefined, spark)).toContain('CAST_INVALID_INPUT');
  } finally {
    await spark.close();
  }
  const files = readdirSync(join(home, 'work'), { recursive: true, encoding: 'utf8' });
  const logs = files
    .filter((file) => /std(out|err)$/.test(file))
    .map((file) => readFileSync(join(home, 'work', file), 'utf8'));
  expect(logs.join('\n')).toMatch(/^Spark Executor Command: .*"-Dkept=yes"/m);
  for (const value of VALUES) expect(logs.join('\n')).not.toContain(value);
});

/** Spark as it is installed, in a folder where its workers may write. */
function linkSparkHome(home: string): string {
  const find = ['-c', 'import os, pyspark; print(os.path.dirname(pyspark.__file__), end="")'];
  const installed = spawnSync(join(__dirname, '../../../.venv/bin/python'), find, { encoding: 'utf8' }).stdout;
  mkdirSync(home);
  for (const part of readdirSync(installed)) if (part !== 'work') symlinkSync(join(installed, part), join(home, part));
  return home;
}
