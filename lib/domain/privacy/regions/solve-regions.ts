import { orderLeaves } from '../hierarchies/leaf-order';
import type { Histogram } from '../histogram/histogram';
import { explainUnreachable } from '../models/explain-unreachable';
import { createFloorCriteria, type FloorCriteria } from '../models/floor-criteria';
import { enforceLinkedRisk, type LinkedRisk, leastOfEach } from '../models/linked-risk';
import { createAverageOfEach } from '../models/size-criterion';
import { countSuppressible } from '../models/suppression-limit';
import { sumCounts } from '../search/loss-model';
import { NO_BUDGET, type SearchBudget } from '../search/search-in-passes';
import type { Solution, Unreachable } from '../search/solution';
import type { GeneralisationProblem } from '../search/solve-generalisation';
import { buildRegions, type Region } from './build-regions';
import { createCutter } from './cut-region';
import { createLinkedGroups } from './linked-groups';
import { createRegionJudge, type RegionJudge } from './region-judge';

/**
 * Multidimensional recoding (LeFevre, DeWitt and Ramakrishnan, "Mondrian", ICDE 2006): the delivery is cut into regions,
 * each cut where it saves most loss, for as long as both parts keep the floor. Regions do not overlap, and each shows the
 * least run of values per column that holds what is in it. The same histogram, the same regions; that there are none of
 * less loss is not proven. They are cut in rounds, all once before any is cut again: where the budget ends the search those
 * that are left keep the floor as they are, are about as fine as each other, and lose more than they need.
 *
 * Cuts lie, and bounds are shown, on the finest level that the agreement lays down (`Ladder.grid`): at values of the
 * delivery every bound would be the exact value of somebody in it.
 *
 * Where the cuts lie depends on the data: whoever knows the rule can conclude from a region that was not cut that no cut
 * of it would have kept the floor. So this is the mode of higher risk.
 */
export function solveRegions(problem: GeneralisationProblem): Solution | Unreachable {
  const { histogram, ladders, weights, floor, types = [], budget = NO_BUDGET, onProgress } = problem;
  const criteria = askOfEach(createFloorCriteria(floor, histogram, problem.isFollowed));
  const orders = ladders.map((ladder, column) =>
    orderLeaves(histogram.columns[column]!, histogram.rows, ladder, types[column] ?? { kind: 'string' }),
  );
  const judge = createRegionJudge(histogram, { sensitive: criteria.sensitive, criteria: criteria.criteria });
  const watch = watchBudget(budget);
  const { shouldStop } = watch;
  const passes = (tuples: Uint32Array) => {
    watch.spend(tuples.length);
    return judge.passes(tuples);
  };
  const open = listWholes(histogram, orders);
  const { passed, failed } = judgeWholes(open, judge, criteria.linkedRisk);
  const groups = criteria.linkedRisk && createLinkedGroups(histogram, passed, leastOfEach(criteria.linkedRisk));
  const cut = createCutter({ histogram, orders, weights, judge: { passes }, groups, shouldStop });
  const kept: Region[] = [];
  let checked = 0;
  const rows = sumCounts(histogram.rows);
  let settledRows = 0;
  let round = passed;
  while (round.length > 0) {
    const next: Region[] = [];
    for (const region of round) {
      const parts = shouldStop() ? undefined : cut(region);
      if (parts) next.push(...parts);
      else {
        kept.push(region);
        for (const tuple of region.tuples) settledRows += histogram.rows[tuple]!;
      }
      if (watch.endedBy()) continue;
      checked += 1;
      onProgress?.({ checked, settled: rows === 0 ? 1 : settledRows / rows });
    }
    round = next;
  }
  const limit = countSuppressible(floor.suppressAtMost, rows);
  const suppressedRows = failed.reduce(
    (sum, { tuples }) => tuples.reduce((part, tuple) => part + histogram.rows[tuple]!, sum),
    0,
  );
  if (suppressedRows > limit) return explainUnreachable(judge.countAll(open), criteria, { rows, limit });
  const endedBy = watch.endedBy();
  const solution = buildRegions({ histogram, orders, kept, suppressedRows });
  return {
    ...solution,
    levels: [],
    levelCounts: ladders.map(({ levels }) => levels.length),
    lattice: { nodes: kept.length, checked },
    search: { mode: 'multidimensional', metric: 'loss', cost: solution.loss, ...(endedBy && { endedBy }) },
  };
}

/** Once it is spent, it stays so. */
function watchBudget({ classes, shouldStop }: SearchBudget) {
  let seen = 0;
  let endedBy: 'budget' | 'clock' | undefined;
  return {
    spend: (tuples: number) => {
      seen += tuples;
    },
    endedBy: () => endedBy,
    shouldStop: () => {
      if (endedBy) return true;
      if (seen > classes) endedBy = 'budget';
      else if (shouldStop?.() === true) endedBy = 'clock';
      return endedBy !== undefined;
    },
  };
}

/**
 * The average risk is no matter of one region, nor of one group: each is to be no smaller than the average may be, which
 * keeps the average as well.
 */
function askOfEach({ averageRisk, linkedRisk, criteria, sensitive }: FloorCriteria): FloorCriteria {
  return {
    sensitive,
    criteria: averageRisk === undefined ? criteria : [...criteria, createAverageOfEach(averageRisk)],
    ...(linkedRisk && { linkedRisk: { ...linkedRisk, isOfEach: true } }),
  };
}

/** Those to begin with, and those that fail the floor uncut: by themselves, or by the groups that they make. */
function judgeWholes(
  wholes: readonly Region[],
  judge: Pick<RegionJudge, 'passes' | 'countAll'>,
  linkedRisk: LinkedRisk | undefined,
): { readonly passed: readonly Region[]; readonly failed: readonly Region[] } {
  const fails = Uint8Array.from(wholes, ({ tuples }) => (judge.passes(tuples) ? 0 : 1));
  if (linkedRisk) {
    const losses = new Float64Array(wholes.length);
    enforceLinkedRisk(judge.countAll(wholes), linkedRisk, { fails, losses, lostRows: 0 });
  }
  return {
    passed: wholes.filter((_, index) => fails[index] === 0),
    failed: wholes.filter((_, index) => fails[index] === 1),
  };
}

/** Everything, or a region for each combination of the values that cannot be generalised. */
function listWholes(histogram: Histogram, orders: readonly ReturnType<typeof orderLeaves>[]): readonly Region[] {
  const wholes = new Map<
    string,
    { readonly from: readonly number[]; readonly to: readonly number[]; readonly tuples: number[] }
  >();
  for (let tuple = 0; tuple < histogram.tuples; tuple++) {
    const fixed = orders.map(({ isGeneralisable, placeOf }, column) =>
      isGeneralisable ? -1 : placeOf[histogram.columns[column]!.codes[tuple]!]!,
    );
    const whole = wholes.get(fixed.join());
    if (whole) whole.tuples.push(tuple);
    else
      wholes.set(fixed.join(), {
        from: fixed.map((place) => Math.max(0, place)),
        to: fixed.map((place, column) => (place < 0 ? orders[column]!.places - 1 : place)),
        tuples: [tuple],
      });
  }
  // Not in the order of tuples, which is the engine's own: which groups a cut leaves can hang on what was cut before.
  return [...wholes.values()]
    .sort((one, other) => compareRuns(one.from, other.from))
    .map(({ tuples, ...run }) => ({ ...run, tuples: Uint32Array.from(tuples) }));
}

function compareRuns(one: readonly number[], other: readonly number[]): number {
  const column = one.findIndex((place, index) => place !== other[index]);
  return column < 0 ? 0 : one[column]! - other[column]!;
}
