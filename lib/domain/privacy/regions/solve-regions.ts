import { orderLeaves } from '../hierarchies/leaf-order';
import type { Histogram } from '../histogram/histogram';
import { explainUnreachable } from '../models/explain-unreachable';
import { createFloorCriteria } from '../models/floor-criteria';
import { countSuppressible } from '../models/suppression-limit';
import { sumCounts } from '../search/loss-model';
import { NO_BUDGET } from '../search/search-in-passes';
import type { Solution, Unreachable } from '../search/solution';
import type { GeneralisationProblem } from '../search/solve-generalisation';
import { buildRegions, type Region } from './build-regions';
import { createCutter } from './cut-region';
import { createRegionJudge } from './region-judge';

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
  const criteria = createFloorCriteria(floor, histogram, problem.isFollowed);
  const orders = ladders.map((ladder, column) =>
    orderLeaves(histogram.columns[column]!, histogram.rows, ladder, types[column] ?? { kind: 'string' }),
  );
  const judge = createRegionJudge(histogram, criteria);
  let seen = 0;
  let endedBy: 'budget' | 'clock' | undefined;
  const passes = (tuples: Uint32Array) => {
    seen += tuples.length;
    return judge.passes(tuples);
  };
  const shouldStop = () => {
    if (endedBy) return true;
    if (seen > budget.classes) endedBy = 'budget';
    else if (budget.shouldStop?.() === true) endedBy = 'clock';
    return endedBy !== undefined;
  };
  const cut = createCutter({ histogram, orders, weights, judge: { passes }, shouldStop });
  const kept: Region[] = [];
  const failed: Region[] = [];
  let checked = 0;
  const rows = sumCounts(histogram.rows);
  let settledRows = 0;
  const open = listWholes(histogram, orders);
  let round: Region[] = [];
  for (const region of open) (judge.passes(region.tuples) ? round : failed).push(region);
  while (round.length > 0) {
    const next: Region[] = [];
    for (const region of round) {
      const parts = shouldStop() ? undefined : cut(region);
      if (parts) next.push(...parts);
      else {
        kept.push(region);
        for (const tuple of region.tuples) settledRows += histogram.rows[tuple]!;
      }
      if (endedBy) continue;
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
  const solution = buildRegions({ histogram, orders, kept, suppressedRows });
  return {
    ...solution,
    levels: [],
    levelCounts: ladders.map(({ levels }) => levels.length),
    lattice: { nodes: kept.length, checked },
    search: { mode: 'multidimensional', metric: 'loss', cost: solution.loss, ...(endedBy && { endedBy }) },
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
  return [...wholes.values()].map(({ tuples, ...run }) => ({ ...run, tuples: Uint32Array.from(tuples) }));
}
