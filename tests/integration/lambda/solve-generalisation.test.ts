import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { ReadColumns } from '../../../lambda/solve-generalisation/read-histogram';
import { solveRun } from '../../../lambda/solve-generalisation/solve-run';
import type { WorkflowRun } from '../../../lib/domain/room/workflow-run';
import { type Cell, spreadHistogram } from '../../fixtures/histogram-tables';
import { holdObjects } from '../../fixtures/objects-in-memory';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { recordLog } from '../../fixtures/recorded-log';
import { generalise, makeColumn, makeDataset, queryDuckDb, solve, withEngine } from '../engine/engine-trial';

const DATASET = makeDataset(
  [
    makeColumn('msisdn', 'string', { role: 'identifier', treatment: { kind: 'token' } }),
    makeColumn('age', 'integer', generalise({ kind: 'widths', widths: ['5', '10', '20'] })),
    makeColumn('postcode', 'string', generalise({ kind: 'prefixes', lengths: [4, 3, 2] })),
    makeColumn('churned', 'boolean', { role: 'sensitive' }),
  ],
  {
    subject: 'msisdn',
    privacy: {
      k: 4,
      l: [{ column: 'churned', atLeast: 2 }],
      t: [{ column: 'churned', atMost: 0.6, distance: 'equal' }],
      suppressAtMost: 0.1,
    },
  },
);

/** Subjects with several rows, some of them in several tuples; missing values in every column that may lack one. */
function writeDelivery(): string {
  const rows = Array.from({ length: 600 }, (_, row) => {
    const age = row % 37 === 0 ? '' : 18 + ((row * 7) % 60);
    const postcode = row % 41 === 0 ? '' : `${10 + (row % 3)}${(row * 13) % 100}Ä`;
    return `m${row % 220},${age},${postcode},${row % 4 === 0}`;
  });
  return `msisdn,age,postcode,churned\n${rows.join('\n')}\n`;
}

/** The reader as the function is bundled: its library is not one that jest can load. */
function bundleReader(folder: string): ReadColumns {
  const outfile = join(folder, 'read-columns.js');
  const entry = join(__dirname, '../../../lambda/shared/read-columns.ts');
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' });
  return require(outfile).readColumns;
}

/** One Parquet file, as engines write them: codes as INT32, counts as INT64. */
async function writeParquet(rows: readonly Readonly<Record<string, Cell>>[], columns: readonly string[], file: string) {
  const typeOf = (name: string) =>
    name === 'value' ? 'VARCHAR' : /^(rows|subjects)$/.test(name) ? 'BIGINT' : 'INTEGER';
  const literal = (value: Cell | undefined) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : `${value ?? 'NULL'}`;
  const selected = columns.map((name, index) => `CAST(col${index} AS ${typeOf(name)}) AS "${name}"`).join(', ');
  const values = rows.map((row) => `(${columns.map((name) => literal(row[name])).join(', ')})`).join(', ');
  await queryDuckDb(
    `COPY (SELECT ${selected} FROM (VALUES ${values}) AS v(${columns.map((_, index) => `col${index}`).join(', ')})) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
}

test('what is solved from Parquet is what the engine solves in memory', () =>
  withEngine(async ({ engine, write, path, folder }) => {
    await engine.clean(DATASET, write('delivery.csv', writeDelivery()), path('quarantine.csv'));
    const histogram = await engine.histogram(DATASET);
    expect(histogram.spanning.tuples.length).toBeGreaterThan(100);
    const spread = Object.entries(spreadHistogram(histogram));
    const objects = holdObjects();
    const work = '_work/telco-retail-2026/usage/run-1/';
    for (const [table, rows] of spread) {
      const columns = Object.keys(rows[0]!);
      const half = Math.floor(rows.length / 2);
      for (const [part, some] of [rows.slice(half), rows.slice(0, half)].entries()) {
        const file = path(`${table}-${part}.parquet`);
        await writeParquet(some, columns, file);
        await objects.write(`${work}histogram/tables/table=${table}/part-${part}.parquet`, readFileSync(file));
      }
    }
    const tables = Object.fromEntries(spread.map(([table, rows]) => [table, rows.length]));
    await objects.write(`${work}histogram/manifest.json`, JSON.stringify({ histogramVersion: 2, tables }));
    const plan = JSON.stringify({ ...TELCO_RETAIL_PLAN, datasets: [DATASET] });
    await objects.write(`${work}plan.json`, plan);
    const run: WorkflowRun = {
      agreement: 'telco-retail-2026',
      dataset: 'usage',
      run: 'run-1',
      delivery: 'telco-retail-2026/usage/upload/delivery.csv',
      taken: '2026-03-04T05:06:07.000Z',
      work,
      plan: { key: `${work}plan.json`, sha256: createHash('sha256').update(plan).digest('hex') },
      orders: { sha256: '' },
      hasClasses: true,
      hasMappings: false,
    };
    const answer = await solveRun(run, {
      objects,
      readColumns: bundleReader(folder),
      levels: { read: async () => undefined },
      remaining: () => 900_000,
      log: recordLog().log,
    });
    expect(answer).toEqual({ kind: 'solved' });
    const { levels, classes, suppressedRows, loss } = solve(DATASET, histogram);
    expect(classes).toBeGreaterThan(1);
    const written = JSON.parse(new TextDecoder().decode(await objects.read(`${work}solution/solution.json`)));
    expect(written).toMatchObject({ levels, classes, suppressedRows, loss });
  }));
