import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCounts } from '../lambda/certify-release/read-counts';
import { openTables } from '../lambda/certify-release/read-tables';
import { leaveLines } from '../lambda/shared/leave-lines';
import { readColumns } from '../lambda/shared/read-columns';
import { readSchema } from '../lambda/shared/read-schema';
import { readHistogram } from '../lambda/solve-generalisation/read-histogram';
import type { PlannedDataset, PlannedLeg } from '../lib/domain/agreement/plan/plan';
import { solveDataset } from '../lib/domain/exchange/gates/solve-dataset';
import { assembleMeasurement } from '../lib/domain/privacy/certificate/assemble-measurement';
import { writeSolution } from '../lib/domain/privacy/search/write-solution';
import { inspectDelivery } from '../lib/engine/glue/inspect-delivery';
import { orderJob } from '../lib/engine/glue/order-job';
import { openFolder } from '../tests/fixtures/objects-in-folder';
import { type JobAnswer, openSparkSession, type SparkSession } from '../tests/local-cloud/glue/spark-session';
import { expectSameRelease } from './expect-same-release';
import { makeUsage, type Variant, writeUsage } from './usage';

/**
 * `node --import tsx bench/spark.ts [--rows 3000000] [--only tokens,dropped] [--repeats 5] [--steps] [--memory 6g]`: the Glue job, both runs of it and
 * the solver between them, in Spark's local mode on two threads, against a plain scan-and-write of the same Parquet by the
 * same Spark, and a copy that mixes the rows. They alternate in one session, which has done all once before anything is measured; what the job made that
 * time is held against DuckDB, row by row.
 */
export interface SparkBenchOptions {
  readonly rows?: number;
  readonly variants?: readonly Variant[];
  readonly repeats?: number;
  /** Whether each step is told. */
  readonly steps?: boolean;
  /** What Spark's process may take, in its own words. */
  readonly memory?: string;
  readonly print?: (line: string) => void;
}

const STAGES = ['clean and count', 'solve', 'treat and measure'] as const;
const KINDS = ['compilers', 'collector', 'planning'] as const;
const AIM = 2;
/** The plain one, and one whose rows stand in an order that tells nothing: what a release does at the least, nothing looked up, counted or measured. */
const COPIES = ['copy', 'mixed copy'] as const;
const AGREEMENT = 'bench-2026';
const RUN = 'run';
const WORK = `_work/${AGREEMENT}/usage/${RUN}/`;
const KEY = new Uint8Array(32).fill(7);
const KEYS = { token: KEY, dateShift: KEY, noise: KEY, watermark: KEY, formatPreserving: KEY };
const LEG: PlannedLeg = {
  id: 'telco-retail-usage',
  from: 'telco',
  to: 'retail',
  dataset: 'usage',
  every: 'P1M',
  via: { kind: 'sftp' },
  retain: 'P1Y',
  purposes: [],
  forbids: [],
};

interface Run {
  readonly seconds: number;
  /** Seconds of processor time of Spark: what other work on the machine hardly changes. */
  readonly processor: number;
  /** What of it was not spent on rows. */
  readonly kinds: JobAnswer['kinds'];
  readonly stages: readonly number[];
  readonly steps: JobAnswer['steps'];
}

export async function benchSpark(options: SparkBenchOptions = {}): Promise<void> {
  const {
    rows = 3_000_000,
    variants = ['no subject', 'dropped', 'tokens'],
    repeats = 5,
    steps = false,
    memory = '4g',
    print = console.log,
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'bench-spark-'));
  const settings = { 'spark.driver.memory': memory };
  const session = openSparkSession({ scratch: folder, buckets: folder, settings, measured: true });
  try {
    const input = join(folder, 'input.parquet');
    await writeUsage('usage', input, rows);
    const runs = new Map<string, Run[]>();
    for (let repeat = -1; repeat < repeats; repeat++) {
      for (const mode of [...COPIES, ...variants]) {
        const run =
          mode === 'copy' || mode === 'mixed copy'
            ? await copy(session, input, folder, mode === 'mixed copy')
            : await runJob(session, mode as Variant, input, folder, repeat < 0);
        if (repeat >= 0) runs.set(mode, [...(runs.get(mode) ?? []), run]);
      }
    }
    print(
      `${rows.toLocaleString('en')} rows, ${(statSync(input).size / 1e6).toFixed(0)} MB, median of ${repeats}; aim ≤ ${AIM}`,
    );
    printRuns(runs, print);
    if (steps) for (const mode of variants) printSteps(mode, runs.get(mode)!, print);
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function copy(session: SparkSession, input: string, folder: string, mixed: boolean): Promise<Run> {
  const start = performance.now();
  const { processor, kinds } = expectDone(await session.copy(input, join(folder, 'copied'), mixed));
  return { seconds: (performance.now() - start) / 1000, processor, kinds, stages: [], steps: [] };
}

function expectDone(answer: JobAnswer): JobAnswer {
  if (answer.kind === 'failed') throw new Error(`${answer.name}: ${answer.message}`);
  return answer;
}

async function runJob(
  session: SparkSession,
  variant: Variant,
  input: string,
  folder: string,
  isFirst: boolean,
): Promise<Run> {
  const dataset = makeUsage(variant);
  const landing = openFolder(join(folder, 'the-landing'));
  const given = await deliver(dataset, input, folder, landing);
  const answers: JobAnswer[] = [];
  const task = async (name: string) => {
    const argv = Object.entries({ task: name, ...given }).flatMap(([key, value]) => [`--${key}`, value]);
    answers.push(expectDone(await session.run({ argv, keys: { [LEG.id]: KEYS } })));
  };
  const marks = [performance.now()];
  await task('clean-and-count');
  marks.push(performance.now());
  const histogram = await readHistogram(dataset, `${WORK}histogram/`, landing, readColumns);
  const { solution } = solveDataset(dataset, dataset.privacy!, histogram, { kind: 'free' });
  if (!solution) throw new Error('The floor cannot be met.');
  for (const { name, lines } of writeSolution(solution).tables)
    await leaveLines(landing, `${WORK}solution/${name}/`, lines);
  marks.push(performance.now());
  await task('treat-and-measure');
  marks.push(performance.now());
  if (isFirst) {
    const measured = await openTables(`${WORK}measure/${LEG.id}/`, 'measureVersion', landing, readColumns);
    const measurement = assembleMeasurement(dataset, await readCounts(dataset, measured));
    const pattern = join(folder, 'the-lake', `_escrow/${AGREEMENT}/${LEG.id}/${RUN}/*.parquet`);
    await expectSameRelease({ dataset, leg: LEG, solution, keys: KEYS }, input, folder, {
      histogram,
      measurement,
      pattern,
    });
  }
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const stages = STAGES.map((_, index) => (marks[index + 1]! - marks[index]!) / 1000);
  const kindOf = (kind: (typeof KINDS)[number]) => sum(answers.map(({ kinds }) => kinds[kind]));
  return {
    seconds: sum(stages),
    processor: sum(answers.map(({ processor }) => processor)),
    kinds: { compilers: kindOf('compilers'), collector: kindOf('collector'), planning: kindOf('planning') },
    stages,
    steps: answers.flatMap(({ steps }) => steps),
  };
}

/** Empties the buckets, delivers the file and leaves the orders: what a run's tasks are told. */
async function deliver(
  dataset: PlannedDataset,
  input: string,
  folder: string,
  landing: ReturnType<typeof openFolder>,
): Promise<Readonly<Record<string, string>>> {
  for (const left of [join(folder, 'the-landing'), join(folder, 'the-lake')])
    rmSync(left, { recursive: true, force: true });
  const delivery = `${AGREEMENT}/usage/upload/input.parquet`;
  const target = join(folder, 'the-landing', delivery);
  mkdirSync(dirname(target), { recursive: true });
  linkSync(input, target);
  const bytes = readFileSync(input);
  const inspected = await inspectDelivery(dataset, {
    file: 'input.parquet',
    readHead: async (count) => bytes.subarray(0, count),
    readSchema: () => readSchema(bytes.length, async (start, end) => bytes.subarray(start, end)),
  });
  const keys = { [LEG.id]: 'arn:key' };
  const orders = JSON.stringify(orderJob({ agreement: AGREEMENT, dataset, legs: [LEG], run: RUN, keys, ...inspected }));
  await landing.write(`${WORK}orders.json`, orders);
  const sha256 = createHash('sha256').update(orders).digest('hex');
  const buckets = { landing: 'the-landing', lake: 'the-lake' };
  return { ...buckets, agreement: AGREEMENT, dataset: 'usage', run: RUN, delivery, 'orders-sha256': sha256 };
}

function printRuns(runs: ReadonlyMap<string, readonly Run[]>, print: (line: string) => void): void {
  const line = (cells: readonly string[]) =>
    print(cells.map((cell, index) => cell.padStart(index === 0 ? 12 : 19)).join(''));
  const plain = median(runs.get('copy')!);
  line(['', 'seconds', 'ratio', 'processor s', 'ratio', ...KINDS, ...STAGES]);
  for (const [mode, all] of runs) {
    const { seconds, processor, kinds, stages } = median(all);
    const cpu = [
      processor.toFixed(2),
      (processor / plain.processor).toFixed(2),
      ...KINDS.map((kind) => kinds[kind].toFixed(2)),
    ];
    line([
      mode,
      seconds.toFixed(2),
      (seconds / plain.seconds).toFixed(2),
      ...cpu,
      ...stages.map((each) => each.toFixed(2)),
    ]);
  }
}

function printSteps(mode: string, runs: readonly Run[], print: (line: string) => void): void {
  print(`\n${mode}, by step: seconds, seconds of the processor, medians of ${runs.length}`);
  for (const [place, [step]] of runs[0]!.steps.entries()) {
    const [seconds, processor] = [1, 2].map((part) => middle(runs.map(({ steps }) => Number(steps[place]![part]))));
    print(`${step.padEnd(36)}${seconds!.toFixed(3).padStart(9)}${processor!.toFixed(2).padStart(9)}`);
  }
}

function middle(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

/** By the processor's time, which other work on the machine changes less. */
function median(runs: readonly Run[]): Run {
  return runs.toSorted((left, right) => left.processor - right.processor)[Math.floor(runs.length / 2)]!;
}

if (require.main === module) {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string' },
      only: { type: 'string' },
      repeats: { type: 'string' },
      steps: { type: 'boolean' },
      memory: { type: 'string' },
    },
  });
  benchSpark({
    ...(values.rows !== undefined && { rows: Number(values.rows) }),
    ...(values.only !== undefined && { variants: values.only.split(',') as Variant[] }),
    ...(values.repeats !== undefined && { repeats: Number(values.repeats) }),
    ...(values.steps !== undefined && { steps: values.steps }),
    ...(values.memory !== undefined && { memory: values.memory }),
  });
}
