import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import type { PlannedDataset, PlannedLeg } from '../lib/domain/agreement/plan/plan';
import { buildLadder } from '../lib/domain/privacy/hierarchies/build-ladder';
import type { Histogram } from '../lib/domain/privacy/histogram/histogram';
import { solveGeneralisation } from '../lib/domain/privacy/search/solve-generalisation';
import { openDuckDbEngine } from '../lib/engine/duckdb/duckdb-engine';
import { PARQUET_OPTIONS } from '../lib/engine/duckdb/write-release';
import { inputOf, makeUsage, VARIANTS, type Variant, writeUsage } from './usage';

/**
 * `node --import tsx bench/pipeline.ts [--rows 1000000,10000000] [--only tokens,dropped] [--repeats 5] [--threads 2]`: the whole
 * pipeline (clean, count, solve, release, measure) against a plain scan-and-write of the same Parquet file by
 * DuckDB, with the same writer settings, threads and memory. Every run is a process of its own, so that peaks of memory
 * do not add up; the two alternate, so that a busy machine is busy for both.
 */
export interface PipelineBenchOptions {
  readonly rows?: readonly number[];
  /** Default: all. */
  readonly variants?: readonly Variant[];
  readonly repeats?: number;
  readonly threads?: number;
  readonly print?: (line: string) => void;
}

const STAGES = ['clean', 'count', 'solve', 'release', 'measure'] as const;

/** Ratios that the pipeline aims at, and the memory that it may take. */
const AIM: Readonly<Partial<Record<Variant, number>>> = { 'no subject': 1.5, dropped: 1.5, tokens: 2.5 };
const AIM_MEMORY = 4 * 2 ** 30;

interface Run {
  readonly seconds: number;
  /** Of processor time, which other work on the machine hardly changes. */
  readonly processor: number;
  readonly stages: Readonly<Partial<Record<(typeof STAGES)[number], number>>>;
  /** Distinct combinations of quasi-identifiers. */
  readonly tuples?: number;
  /** Peak resident memory, bytes. */
  readonly peak: number;
}

export async function benchPipeline(options: PipelineBenchOptions = {}): Promise<void> {
  const {
    rows = [1_000_000, 10_000_000],
    variants = VARIANTS,
    repeats = 5,
    threads = availableParallelism(),
    print = console.log,
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'bench-pipeline-'));
  try {
    print(`Whole pipeline against COPY (SELECT * …) TO Parquet, ${threads} threads, median of ${repeats}`);
    for (const count of rows) {
      for (const kind of ['usage', 'near unique'] as const) {
        const chosen = variants.filter((variant) => inputOf(variant) === kind);
        if (chosen.length > 0) await benchInput(kind, count, chosen, { folder, repeats, threads, print });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every variant of one input, in turn with the copy of that input. */
async function benchInput(
  kind: ReturnType<typeof inputOf>,
  rows: number,
  variants: readonly Variant[],
  {
    folder,
    repeats,
    threads,
    print,
  }: Required<Pick<PipelineBenchOptions, 'repeats' | 'threads' | 'print'>> & { readonly folder: string },
): Promise<void> {
  const input = join(folder, 'input.parquet');
  await writeUsage(kind, input, rows);
  const runs = new Map<string, Run[]>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const mode of ['copy', ...variants]) {
      runs.set(mode, [...(runs.get(mode) ?? []), runAlone(mode, input, folder, threads)]);
    }
  }
  printRuns(rows, statSync(input).size, runs, print);
  rmSync(input);
}

function printRuns(
  rows: number,
  bytes: number,
  runs: ReadonlyMap<string, readonly Run[]>,
  print: (line: string) => void,
) {
  const copy = median(runs.get('copy')!);
  const copyProcessor = medianProcessor(runs.get('copy')!);
  const line = (cells: readonly string[]) =>
    print(cells.map((cell, index) => cell.padStart(index === 0 ? 12 : 10)).join(''));
  print(`\n${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(0)} MB`);
  line(['', 'seconds', 'ratio', 'aim', 'processor', 'ratio', 'MB/s', 'peak MB', 'tuples', ...STAGES]);
  for (const [mode, all] of runs) {
    const run = median(all);
    const aim = AIM[mode as Variant];
    line([
      mode,
      run.seconds.toFixed(2),
      (run.seconds / copy.seconds).toFixed(2),
      aim === undefined ? '' : `≤ ${aim}`,
      medianProcessor(all).toFixed(2),
      (medianProcessor(all) / copyProcessor).toFixed(2),
      (bytes / 1e6 / run.seconds).toFixed(0),
      `${(run.peak / 2 ** 20).toFixed(0)}${run.peak > AIM_MEMORY ? '!' : ''}`,
      run.tuples === undefined ? '' : `${(run.tuples / 1e6).toFixed(2)} M`,
      ...STAGES.map((stage) => run.stages[stage]?.toFixed(2) ?? ''),
    ]);
  }
}

function median(runs: readonly Run[]): Run {
  return runs.toSorted((left, right) => left.seconds - right.seconds)[Math.floor(runs.length / 2)]!;
}

function medianProcessor(runs: readonly Run[]): number {
  return runs.map(({ processor }) => processor).toSorted((left, right) => left - right)[Math.floor(runs.length / 2)]!;
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
  const used = process.cpuUsage();
  const tuples =
    mode === 'copy'
      ? await copyPlainly(input, join(folder, 'copy.parquet'), threads)
      : await runPipeline(mode as Variant, input, folder, threads, time);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(used);
  const processor = (user + system) / 1e6;
  return {
    seconds,
    processor,
    stages,
    peak: process.resourceUsage().maxRSS * 1024,
    ...(tuples !== undefined && { tuples }),
  };
}

async function copyPlainly(input: string, output: string, threads: number): Promise<undefined> {
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
): Promise<number> {
  const dataset = makeUsage(variant);
  const scratch = join(folder, 'scratch');
  mkdirSync(scratch, { recursive: true });
  const engine = await openDuckDbEngine({ directory: scratch, threads });
  try {
    const { rejected } = await time('clean', () => engine.clean(dataset, input, join(folder, 'quarantine.csv')));
    const histogram = await time('count', () => engine.histogram(dataset));
    const solution = await time('solve', () => solve(dataset, histogram));
    const [token, dateShift, noise, formatPreserving] = [1, 2, 3, 4].map((fill) => new Uint8Array(32).fill(fill));
    const keys = {
      token: token!,
      dateShift: dateShift!,
      noise: noise!,
      watermark: noise!,
      formatPreserving: formatPreserving!,
    };
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
    return histogram.tuples;
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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000,10000000' },
      repeats: { type: 'string', default: '5' },
      only: { type: 'string', default: VARIANTS.join(',') },
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
    await benchPipeline({
      rows: values.rows.split(',').map(Number),
      variants: VARIANTS.filter((variant) => values.only.split(',').includes(variant)),
      repeats: Number(values.repeats),
      threads,
    });
  }
}

if (require.main === module) void main();
