import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ColumnType, PlannedColumn, PlannedDataset, PlannedLeg } from '../lib/domain/agreement/plan';
import { buildLadder } from '../lib/domain/privacy/build-ladder';
import type { Generalisation } from '../lib/domain/privacy/generalisation';
import type { Histogram } from '../lib/domain/privacy/histogram';
import { solveGeneralisation } from '../lib/domain/privacy/solve-generalisation';
import type { Treatment } from '../lib/domain/privacy/treatment';
import { openDuckDbEngine } from '../lib/engine/duckdb/duckdb-engine';
import { PARQUET_OPTIONS } from '../lib/engine/duckdb/write-release';

/**
 * The whole pipeline (clean, count, solve, release, measure) against a plain scan-and-write of the same Parquet file by
 * DuckDB, with the same writer settings, threads and memory. Every run is a process of its own, so that peaks of memory
 * do not add up; the two alternate, so that a busy machine is busy for both.
 */
export interface PipelineBenchOptions {
  readonly rows?: readonly number[];
  readonly repeats?: number;
  readonly threads?: number;
  readonly print?: (line: string) => void;
}

/** `tokens`: the subject leaves as a token; `dropped`: it does not leave, and is counted on the delivery. */
const VARIANTS = ['tokens', 'dropped', 'no subject'] as const;
type Variant = (typeof VARIANTS)[number];
const STAGES = ['clean', 'count', 'solve', 'release', 'measure'] as const;

/** Ratios that the pipeline aims at, and the memory that it may take. */
const AIM: Readonly<Record<Variant, number>> = { tokens: 4, dropped: 1.5, 'no subject': 1.5 };
const AIM_MEMORY = 4 * 2 ** 30;

interface Run {
  readonly seconds: number;
  readonly stages: Readonly<Partial<Record<(typeof STAGES)[number], number>>>;
  /** Peak resident memory, bytes. */
  readonly peak: number;
}

export async function benchPipeline(options: PipelineBenchOptions = {}): Promise<void> {
  const {
    rows = [1_000_000, 10_000_000],
    repeats = 3,
    threads = availableParallelism(),
    print = console.log,
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'bench-pipeline-'));
  try {
    print(`Whole pipeline against COPY (SELECT * …) TO Parquet, ${threads} threads, median of ${repeats}`);
    for (const count of rows) {
      const input = join(folder, `${count}.parquet`);
      await writeUsage(input, count);
      const runs = new Map<string, Run[]>();
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const mode of ['copy', ...VARIANTS]) {
          runs.set(mode, [...(runs.get(mode) ?? []), runAlone(mode, input, folder, threads)]);
        }
      }
      printRuns(count, statSync(input).size, runs, print);
      rmSync(input);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printRuns(
  rows: number,
  bytes: number,
  runs: ReadonlyMap<string, readonly Run[]>,
  print: (line: string) => void,
) {
  const copy = median(runs.get('copy')!);
  const line = (cells: readonly string[]) =>
    print(cells.map((cell, index) => cell.padStart(index === 0 ? 12 : 9)).join(''));
  print(`\n${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(0)} MB`);
  line(['', 'seconds', 'ratio', 'aim', 'MB/s', 'peak MB', ...STAGES]);
  for (const [mode, all] of runs) {
    const run = median(all);
    const aim = AIM[mode as Variant];
    line([
      mode,
      run.seconds.toFixed(2),
      (run.seconds / copy.seconds).toFixed(2),
      aim === undefined ? '' : `≤ ${aim}`,
      (bytes / 1e6 / run.seconds).toFixed(0),
      `${(run.peak / 2 ** 20).toFixed(0)}${run.peak > AIM_MEMORY ? '!' : ''}`,
      ...STAGES.map((stage) => run.stages[stage]?.toFixed(2) ?? ''),
    ]);
  }
}

function median(runs: readonly Run[]): Run {
  return runs.toSorted((left, right) => left.seconds - right.seconds)[Math.floor(runs.length / 2)]!;
}

function runAlone(mode: string, input: string, folder: string, threads: number): Run {
  const args = ['--import', 'tsx', __filename, '--mode', mode, '--input', input, '--folder', folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--threads', String(threads)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The run "${mode}" failed:\n${stderr}`);
  return JSON.parse(stdout) as Run;
}

async function measureRun(mode: string, input: string, folder: string, threads: number): Promise<Run> {
  const stages: Partial<Record<string, number>> = {};
  const time = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    stages[stage] = (performance.now() - start) / 1000;
    return result;
  };
  const start = performance.now();
  if (mode === 'copy') await copyPlainly(input, join(folder, 'copy.parquet'), threads);
  else await runPipeline(mode as Variant, input, folder, threads, time);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, stages, peak: process.resourceUsage().maxRSS * 1024 };
}

async function copyPlainly(input: string, output: string, threads: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads), memory_limit: '2GiB' });
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT * FROM '${input}') TO '${output}' (${PARQUET_OPTIONS})`);
  connection.closeSync();
  instance.closeSync();
}

async function runPipeline(
  variant: Variant,
  input: string,
  folder: string,
  threads: number,
  time: <T>(stage: (typeof STAGES)[number], work: () => T | Promise<T>) => Promise<T>,
): Promise<void> {
  const dataset = makeUsage(variant);
  const scratch = join(folder, 'scratch');
  mkdirSync(scratch, { recursive: true });
  const engine = await openDuckDbEngine({ directory: scratch, threads });
  try {
    const { rejected } = await time('clean', () => engine.clean(dataset, input, join(folder, 'quarantine.csv')));
    const histogram = await time('count', () => engine.histogram(dataset));
    const solution = await time('solve', () => solve(dataset, histogram));
    const [token, dateShift, noise, formatPreserving] = [1, 2, 3, 4].map((fill) => new Uint8Array(32).fill(fill));
    const keys = { token: token!, dateShift: dateShift!, noise: noise!, formatPreserving: formatPreserving! };
    const task = {
      dataset,
      leg: { id: 'telco-retail-usage' } as PlannedLeg,
      solution,
      keys,
      file: join(folder, 'r.parquet'),
    };
    await time('release', () => engine.release(task));
    const { classes } = await time('measure', () => engine.measure(task));
    if (rejected === 0 || !classes || classes.k < dataset.privacy!.k)
      throw new Error('The release is not what it should be.');
  } finally {
    await engine.close();
  }
}

function solve(dataset: PlannedDataset, histogram: Histogram) {
  const ladders = dataset.classColumns.map(({ column, generalisation }, index) => {
    const { type } = dataset.columns.find(({ name }) => name === column)!;
    const ladder = buildLadder(generalisation, type, histogram.columns[index]!);
    if (ladder.kind !== 'ladder') throw new Error('The generalisation lacks values.');
    return ladder;
  });
  const solution = solveGeneralisation({ histogram, ladders, weights: ladders.map(() => 1), floor: dataset.privacy! });
  if (solution.kind !== 'solved') throw new Error(solution.reason);
  return solution;
}

/** Subscribers with about seven monthly rows each, and a few rows that break a check. */
async function writeUsage(path: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const mix = (of: string, salt: number) => `(hash(${of} * 8 + ${salt}) % 1000003)::BIGINT`;
  await connection.run(`COPY (
    SELECT '4477' || lpad(s::VARCHAR, 8, '0') AS msisdn, 'Person ' || ${mix('s', 0)} AS name, 18 + ${mix('s', 1)} % 70 AS age,
      lpad((${mix('s', 2)} % 900)::VARCHAR, 5, '0') AS postcode,
      ['prepaid', 'contract', 'business', 'youth', 'senior', 'iot'][1 + ${mix('s', 3)} % 6] AS segment,
      DATE '2026-01-01' + (${mix('r', 4)} % 12)::INTEGER * 30 AS month, ${mix('s', 5)} % 100 < 12 AS churned,
      (CASE WHEN r % 5000 = 0 THEN -1 ELSE ${mix('r', 6)} / 100 END)::DECIMAL(18, 4) AS minutes,
      ${mix('r', 7)}::DOUBLE / 100 AS spend
    FROM (SELECT range AS r, (hash(range) % ${Math.ceil(rows / 7)})::BIGINT AS s FROM range(${rows}))
  ) TO '${path}' (${PARQUET_OPTIONS})`);
  connection.closeSync();
  instance.closeSync();
}

function makeUsage(variant: Variant): PlannedDataset {
  const keep: Treatment = { kind: 'keep' };
  const generalise = (generalisation: Generalisation): Treatment => ({ kind: 'generalise', generalisation });
  const column = (
    name: string,
    type: ColumnType,
    role: PlannedColumn['role'],
    treatment: Treatment,
    more: Partial<PlannedColumn> = {},
  ): PlannedColumn => ({
    name,
    title: name,
    type,
    role,
    treatment,
    missing: { kind: 'keep' },
    checks: [],
    ...(treatment.kind !== 'drop' && { releasedAs: treatment.kind === 'keep' ? type : { kind: 'string' } }),
    ...more,
  });
  const columns = [
    column(
      'msisdn',
      { kind: 'string' },
      'identifier',
      { kind: variant === 'tokens' ? 'token' : 'drop' },
      {
        missing: { kind: 'reject' },
      },
    ),
    column('name', { kind: 'string' }, 'identifier', { kind: 'drop' }),
    column('age', { kind: 'integer' }, 'quasi', generalise({ kind: 'widths', widths: ['5', '10', '20'] })),
    column('postcode', { kind: 'string' }, 'quasi', generalise({ kind: 'prefixes', lengths: [4, 3, 2] })),
    column('segment', { kind: 'string' }, 'quasi', generalise({ kind: 'none' })),
    column('month', { kind: 'date' }, 'plain', keep),
    column('churned', { kind: 'boolean' }, 'sensitive', keep),
    column('minutes', { kind: 'decimal', precision: 18, scale: 4 }, 'plain', keep, {
      checks: [
        {
          text: 'minutes >= 0',
          condition: {
            kind: 'compare',
            op: '>=',
            left: { kind: 'column', name: 'minutes' },
            right: { kind: 'number', value: '0' },
          },
        },
      ],
    }),
    column('spend', { kind: 'double' }, 'plain', keep),
  ];
  return {
    id: 'usage',
    owner: 'telco',
    title: 'Usage',
    version: 1,
    ...(variant !== 'no subject' && { subject: 'msisdn' }),
    columns,
    clean: { dedupe: [], rejectAbove: 1, missingTexts: [''] },
    classColumns: columns.flatMap(({ name, treatment }) =>
      treatment.kind === 'generalise' ? [{ column: name, generalisation: treatment.generalisation, weight: 1 }] : [],
    ),
    privacy: {
      k: 10,
      l: [{ column: 'churned', atLeast: 2 }],
      t: [{ column: 'churned', atMost: 0.5, distance: 'equal' }],
      suppressAtMost: 0.1,
    },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000,10000000' },
      repeats: { type: 'string', default: '3' },
      threads: { type: 'string', default: String(availableParallelism()) },
      mode: { type: 'string' },
      input: { type: 'string' },
      folder: { type: 'string' },
    },
  });
  const { mode, input, folder } = values;
  const threads = Number(values.threads);
  if (mode !== undefined && input !== undefined && folder !== undefined && existsSync(input)) {
    process.stdout.write(JSON.stringify(await measureRun(mode, input, folder, threads)));
  } else {
    await benchPipeline({ rows: values.rows.split(',').map(Number), repeats: Number(values.repeats), threads });
  }
}

if (require.main === module) void main();
