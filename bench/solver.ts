import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivacyFloor } from '../lib/domain/privacy/models/privacy-floor';
import { solveRegions } from '../lib/domain/privacy/regions/solve-regions';
import type { RecodingMode } from '../lib/domain/privacy/search/recoding';
import { solveGeneralisation } from '../lib/domain/privacy/search/solve-generalisation';
import { type Census, type CensusProblem, generateCensus, poseProblem, readAdult } from './census';

const FLOOR: PrivacyFloor = { k: 5, l: [], t: [], suppressAtMost: 0.05 };
const SENSITIVE = 'salary-class';
const WARM_RUNS = 5;

interface BenchCase {
  readonly name: string;
  readonly sensitive?: string;
  readonly floor: PrivacyFloor;
  /** Default: full-domain. */
  readonly mode?: RecodingMode;
}

const CASES: readonly BenchCase[] = [
  { name: 'suppress 0 %', floor: { ...FLOOR, suppressAtMost: 0 } },
  { name: 'suppress 5 %', floor: FLOOR },
  { name: 'l = 2, 5 %', sensitive: SENSITIVE, floor: { ...FLOOR, l: [{ column: SENSITIVE, atLeast: 2 }] } },
  {
    name: 't = 0.4, 5 %',
    sensitive: SENSITIVE,
    floor: { ...FLOOR, t: [{ column: SENSITIVE, atMost: 0.4, distance: 'equal' }] },
  },
  { name: 'regions, 0 %', floor: { ...FLOOR, suppressAtMost: 0 }, mode: 'multidimensional' },
];

interface CaseResult {
  readonly outcome: string;
  readonly nodes: number;
  readonly checked: number;
  /** Milliseconds: the first run, and the median of the warm ones. */
  readonly cold: number;
  readonly warm: number;
  /** Milliseconds: one plain pass, median. */
  readonly pass: number;
  /** Peak resident memory of a process that does nothing else, and before it began to solve, bytes. */
  readonly peak: number;
  readonly before: number;
}

/**
 * The solver alone on Adult, or on a generated census where there is no such folder. Beside it, in the same process and
 * in turn: one plain pass that groups the same tuples at the node found with a Map, which is what looking at one node
 * costs without any of the solver's means, and what a search of all nodes would take at that rate.
 */
export async function benchSolver(adultFolder: string | undefined, print: (line: string) => void = console.log) {
  const census = loadCensus(adultFolder);
  print(
    `Solver on ${census.source}: ${census.rows.length.toLocaleString('en')} rows, k = ${FLOOR.k}, median of ${WARM_RUNS} warm`,
  );
  const widths = [14, 8, 8, 8, 8, 9, 11, 10, 10];
  const line = (cells: readonly string[]) =>
    print(cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join(''));
  line(['', 'nodes', 'checked', 'first', 'warm', 'one pass', 'all passes', 'peak', 'of it new', '  result']);
  for (const [index, { name }] of CASES.entries()) {
    const { nodes, checked, cold, warm, pass, peak, before, outcome } = runAlone(index, adultFolder);
    const times = [cold, warm, pass].map((time) => `${time.toFixed(0)} ms`);
    const memory = [peak, peak - before].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
    line([
      name,
      String(nodes),
      String(checked),
      ...times,
      `${((pass * nodes) / 1000).toFixed(0)} s`,
      ...memory,
      `  ${outcome}`,
    ]);
  }
}

function loadCensus(adultFolder: string | undefined): Census {
  return adultFolder !== undefined && existsSync(join(adultFolder, 'adult.csv'))
    ? readAdult(adultFolder)
    : generateCensus();
}

/** In a process of its own, so that peaks of memory do not add up. */
function runAlone(index: number, adultFolder: string | undefined): CaseResult {
  const args = ['--import', 'tsx', '--expose-gc', __filename, adultFolder ?? '', String(index)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The run "${CASES[index]?.name}" failed:\n${stderr}`);
  return JSON.parse(stdout) as CaseResult;
}

function measureCase({ sensitive, floor, mode }: BenchCase, census: Census): CaseResult {
  const problem = poseProblem(census, sensitive);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const types = problem.histogram.columns.map(({ name }) => ({ kind: name === 'age' ? 'integer' : 'string' }) as const);
  const solver = mode === 'multidimensional' ? solveRegions : solveGeneralisation;
  const solve = () => solver({ ...problem, types, floor });
  const [solution, cold] = time(solve);
  if (solution.kind !== 'solved') throw new Error(solution.reason);
  const peak = process.resourceUsage().maxRSS * 1024;
  const pairs = Array.from({ length: WARM_RUNS }, () => {
    const [, warm] = time(solve);
    const [, pass] = time(() => groupPlainly(problem, mode ? problem.ladders.map(() => 0) : solution.levels));
    return { warm, pass };
  });
  return {
    outcome: `${mode ?? solution.levels.join()} loss ${solution.loss.toFixed(5)}, ${solution.suppressedRows} rows suppressed`,
    ...solution.lattice,
    cold,
    warm: median(pairs.map(({ warm }) => warm)),
    pass: median(pairs.map(({ pass }) => pass)),
    peak,
    before,
  };
}

function groupPlainly({ histogram, ladders }: CensusProblem, levels: readonly number[]): ReadonlyMap<string, number> {
  const shown = ladders.map((ladder, column) => ladder.levels[levels[column]!]!.codes);
  const classes = new Map<string, number>();
  for (let tuple = 0; tuple < histogram.tuples; tuple++) {
    const key = histogram.columns.map(({ codes }, column) => shown[column]![codes[tuple]!]).join();
    classes.set(key, (classes.get(key) ?? 0) + histogram.rows[tuple]!);
  }
  return classes;
}

function time<T>(work: () => T): [T, number] {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

async function main(): Promise<void> {
  const [adultFolder, index] = process.argv.slice(2);
  const benchCase = index === undefined ? undefined : CASES[Number(index)];
  if (!benchCase) await benchSolver(adultFolder);
  else process.stdout.write(JSON.stringify(measureCase(benchCase, loadCensus(adultFolder))));
}

if (require.main === module) void main();
