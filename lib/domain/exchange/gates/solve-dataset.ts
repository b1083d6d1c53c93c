import type { PlannedDataset } from '../../agreement/plan/plan';
import { isFollowable } from '../../privacy/certificate/assemble-measurement';
import { buildLadder } from '../../privacy/hierarchies/build-ladder';
import { climbHierarchy } from '../../privacy/hierarchies/climb-hierarchy';
import type { LevelsHold } from '../../privacy/hierarchies/fixed-levels';
import type { Ladder } from '../../privacy/hierarchies/ladder';
import { typeInClass } from '../../privacy/hierarchies/type-in-class';
import { addPopulation } from '../../privacy/histogram/add-population';
import type { Histogram, HistogramColumn } from '../../privacy/histogram/histogram';
import type { PrivacyFloor } from '../../privacy/models/privacy-floor';
import { solveRegions } from '../../privacy/regions/solve-regions';
import { DEFAULT_RECODING } from '../../privacy/search/recoding';
import type { Solution, UnknownValues } from '../../privacy/search/solution';
import { type GeneralisationProblem, solveGeneralisation } from '../../privacy/search/solve-generalisation';
import type { GateResult } from '../rounds/round';
import { judgeHierarchies, judgeSolution } from './gates';

export interface SolvedDataset {
  /** Those of the hierarchies and of the floor; the second only where the first passed. */
  readonly gates: readonly GateResult[];
  /** Present exactly when all gates passed. */
  readonly solution?: Solution;
}

/** What watches over a search and may end it. */
export type SolveWatch = Pick<GeneralisationProblem, 'budget' | 'onProgress'>;

/** Finds how a delivery of a dataset with classes is generalised, and says what stands against it. */
export function solveDataset(
  dataset: PlannedDataset,
  floor: PrivacyFloor,
  histogram: Histogram,
  hold: LevelsHold,
  watch: SolveWatch = {},
): SolvedDataset {
  if (hold.kind === 'refused') return { gates: [judgeSolution({ ...hold, kind: 'unreachable' })] };
  const types = dataset.classColumns.map(({ column }) => typeInClass(dataset, column));
  const counted = floor.population?.kind === 'counts' ? addPopulation(histogram, floor.population, types) : histogram;
  const ladders = dataset.classColumns.map(({ column, generalisation }, index) =>
    buildLadder(generalisation, types[index]!, findClassColumn(counted, column)),
  );
  const known = judgeHierarchies([...ladders, ...climbSensitive(floor, histogram)].flatMap(takeUnknown));
  if (!known.passed) return { gates: [known] };
  const { mode, metric } = dataset.recoding ?? DEFAULT_RECODING;
  const problem: GeneralisationProblem = {
    histogram: counted,
    ladders: ladders.flatMap((ladder) => (ladder.kind === 'ladder' ? [ladder] : [])),
    weights: dataset.classColumns.map(({ weight }) => weight),
    floor,
    isFollowed: isFollowable(dataset),
    types,
    metric,
    ...(hold.kind === 'fixed' && { fixedLevels: hold.levels }),
    ...watch,
  };
  const solution = mode === 'multidimensional' ? solveRegions(problem) : solveGeneralisation(problem);
  const gates = [known, judgeSolution(solution)];
  if (solution.kind !== 'solved') return { gates };
  // What stands only in the population has no row, and nothing to be released.
  return { gates, solution: { ...solution, classOf: solution.classOf.slice(0, histogram.tuples) } };
}

function climbSensitive({ t }: PrivacyFloor, { sensitive }: Histogram): readonly (Ladder | UnknownValues)[] {
  return t.flatMap((floor) => {
    const counts = sensitive.find(({ name }) => name === floor.column);
    if (floor.distance !== 'hierarchical' || !counts) return [];
    const { type, ...hierarchy } = floor.hierarchy;
    return [climbHierarchy({ kind: 'hierarchy', ...hierarchy }, type, counts)];
  });
}

function takeUnknown(ladder: Ladder | UnknownValues): readonly UnknownValues[] {
  return ladder.kind === 'unknown-values' ? [ladder] : [];
}

function findClassColumn(histogram: Histogram, name: string): HistogramColumn {
  const column = histogram.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`The histogram lacks class column ${name}.`);
  return column;
}
