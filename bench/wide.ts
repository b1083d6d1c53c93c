import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { PrivacyFloor } from '../lib/domain/privacy/models/privacy-floor';
import type { SolveProgress } from '../lib/domain/privacy/search/search-in-passes';
import { solveGeneralisation } from '../lib/domain/privacy/search/solve-generalisation';
import { generateWide, WIDE_SHAPES, type WideShape } from './wide-census';

const SUPPRESSIONS = [0, 0.05];

interface WideRun {
  readonly shape: WideShape;
  readonly columns: number;
  readonly rows: number;
  readonly suppressAtMost: number;
  /** Of the search's own processor time, so that other work on the machine does not count. */
  readonly seconds: number;
}

/**
 * `node --import tsx bench/wide.ts [--rows 1000000] [--seconds 60] [--shape related,skewed,even] [--columns 15]
 * [--suppress 0,0.05]`: twelve to fifteen quasi-identifiers, 11,197,440 nodes where there are all, k = 5. For each shape of the data how good the best solution found is proven to be when its time is over,
 * beside one plain pass with a Map, which is what looking at one node costs without any of the solver's means.
 */
function benchWide(): void {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string' },
      seconds: { type: 'string' },
      shape: { type: 'string' },
      columns: { type: 'string' },
      suppress: { type: 'string' },
      run: { type: 'string' },
    },
  });
  if (values.run !== undefined) {
    process.stdout.write(measureWide(JSON.parse(values.run) as WideRun));
    return;
  }
  const wanted = values.shape?.split(',') ?? WIDE_SHAPES;
  for (const shape of WIDE_SHAPES.filter((each) => wanted.includes(each))) {
    for (const suppressAtMost of values.suppress?.split(',').map(Number) ?? SUPPRESSIONS) {
      const columns = Number(values.columns ?? 15);
      const run = {
        shape,
        columns,
        suppressAtMost,
        rows: Number(values.rows ?? 1e6),
        seconds: Number(values.seconds ?? 60),
      };
      // In a process of its own, so that peaks of memory do not add up.
      const args = ['--import', 'tsx', __filename, '--run', JSON.stringify(run)];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      console.log(stdout);
    }
  }
}

function measureWide({ shape, columns: count, rows, suppressAtMost, seconds }: WideRun): string {
  const problem = generateWide(shape, rows, count);
  const { tuples, columns } = problem.histogram;
  const floor: PrivacyFloor = { k: 5, l: [], t: [], suppressAtMost };
  /** When which gap was proven. */
  const proven: string[] = [];
  const [solution, taken] = time(() => {
    const start = cpuSeconds();
    const budget = { classes: Number.POSITIVE_INFINITY, shouldStop: () => cpuSeconds() - start > seconds };
    let least = 1;
    const onProgress = ({ gap = 1, checked }: SolveProgress) => {
      const isNew = gap <= least - 0.005;
      if (!isNew) return;
      least = gap;
      proven.push(`${(gap * 100).toFixed(1)} % after ${(cpuSeconds() - start).toFixed(1)} s and ${checked} nodes`);
    };
    return solveGeneralisation({ ...problem, floor, budget, onProgress });
  });
  const peak = process.resourceUsage().maxRSS / 1024;
  const name = `${shape}, ${count} columns, ${rows.toLocaleString('en')} rows, ${tuples.toLocaleString('en')} tuples, ${suppressAtMost * 100} %`;
  if (solution.kind !== 'solved') return `${name}: ${solution.reason}`;
  const [, pass] = time(() => {
    const shown = problem.ladders.map(({ levels }, column) => levels[solution.levels[column]!]!.codes);
    const classes = new Map<string, number>();
    for (let tuple = 0; tuple < tuples; tuple++) {
      const key = columns.map(({ codes }, column) => shown[column]![codes[tuple]!]).join();
      classes.set(key, (classes.get(key) ?? 0) + problem.histogram.rows[tuple]!);
    }
  });
  const { search, lattice, loss } = solution;
  const gap = search.gap === undefined ? '' : `${(search.gap * 100).toFixed(1)} %`;
  return `${name}: loss ${loss.toFixed(5)}, gap ${gap} after ${taken.toFixed(1)} s of processor time, ${lattice.checked} of ${lattice.nodes} nodes counted (${proven.join(', ')}); one pass ${pass.toFixed(2)} s, peak ${peak.toFixed(0)} MB`;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function time<T>(work: () => T): [T, number] {
  const start = cpuSeconds();
  const result = work();
  return [result, cpuSeconds() - start];
}

benchWide();
