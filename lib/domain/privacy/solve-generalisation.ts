import { buildSolution } from './build-solution';
import { createClassMerger } from './class-merger';
import { countTuples } from './count-tuples';
import { explainUnreachable } from './explain-unreachable';
import { createFloorCriteria } from './floor-criteria';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';
import { createLossModel, sumCounts } from './loss-model';
import type { PrivacyFloor } from './privacy-floor';
import { type SolveProgress, searchLattice } from './search-lattice';
import type { Solution, Unreachable } from './solution';
import { countSuppressible } from './suppression-limit';

export interface GeneralisationProblem {
  readonly histogram: Histogram;
  /** One per column of the histogram, in its order. */
  readonly ladders: readonly Ladder[];
  /** One per column, above 0. They steer the choice; the reported loss is unweighted. */
  readonly weights: readonly number[];
  readonly floor: PrivacyFloor;
  /** Called after every node counted. An error it throws ends the search. */
  readonly onProgress?: (progress: SolveProgress) => void;
}

/**
 * Full-domain generalisation: one level per column, so that every class meets the floor once the classes that fail it
 * are suppressed, with the least weighted loss there is. Of equal losses the one with the fewest suppressed rows is
 * taken, then the one of lexicographically smaller levels.
 */
export function solveGeneralisation(problem: GeneralisationProblem): Solution | Unreachable {
  const { histogram, ladders, weights, floor, onProgress } = problem;
  assertShape(problem);
  const criteria = createFloorCriteria(floor, histogram);
  const useful = ladders.map(listUsefulLevels);
  const searched = ladders.map(({ kind, levels }, column) => ({
    kind,
    levels: useful[column]!.map((level) => levels[level]!),
  }));
  const merger = createClassMerger(histogram, searched);
  const finest = countTuples(histogram, criteria.sensitive);
  const rows = sumCounts(histogram.rows);
  const limit = countSuppressible(floor.suppressAtMost, rows);
  const { best, checked } = searchLattice({
    finest,
    sizes: useful.map((levels) => levels.length),
    merger,
    criteria,
    lossModel: createLossModel(histogram, searched, weights),
    limit,
    ...(onProgress && { onProgress }),
  });
  if (!best) {
    const coarsest = searched.map(({ levels }) => levels.length - 1);
    return explainUnreachable(merger.merge(finest, coarsest), criteria, { rows, limit });
  }
  const solution = buildSolution({ histogram, ladders: searched, criteria, merger, finest, node: best.node });
  return {
    ...solution,
    levels: best.node.map((level, column) => useful[column]![level]!),
    levelCounts: ladders.map(({ levels }) => levels.length),
    lattice: { nodes: ladders.reduce((product, { levels }) => product * levels.length, 1), checked },
  };
}

/** A level that merges nothing the level before it does not can only lose more, and ties go to the lower level. */
function listUsefulLevels({ levels }: Ladder): readonly number[] {
  return levels.flatMap(({ shown }, level) =>
    level > 0 && shown.length === levels[level - 1]!.shown.length ? [] : [level],
  );
}

function assertShape({ histogram, ladders, weights }: GeneralisationProblem): void {
  const columns = histogram.columns.length;
  if (ladders.length !== columns || weights.length !== columns) {
    throw new Error(`A histogram of ${columns} columns needs as many ladders and weights.`);
  }
}
