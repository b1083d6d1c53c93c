import type { PlannedDataset } from '../agreement/plan';
import { addPopulation } from '../privacy/add-population';
import { buildLadder } from '../privacy/build-ladder';
import { climbHierarchy } from '../privacy/climb-hierarchy';
import type { LevelsHold } from '../privacy/fixed-levels';
import type { Histogram, HistogramColumn } from '../privacy/histogram';
import type { Ladder } from '../privacy/ladder';
import type { PrivacyFloor } from '../privacy/privacy-floor';
import { DEFAULT_RECODING } from '../privacy/recoding';
import type { Solution, UnknownValues } from '../privacy/solution';
import { type GeneralisationProblem, solveGeneralisation } from '../privacy/solve-generalisation';
import { solveRegions } from '../privacy/solve-regions';
import { typeInClass } from '../privacy/type-in-class';
import { judgeHierarchies, judgeSolution } from './gates';
import type { GateResult } from './round';

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
