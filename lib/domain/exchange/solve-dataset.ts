import type { PlannedDataset } from '../agreement/plan';
import { buildLadder } from '../privacy/build-ladder';
import type { Histogram, HistogramColumn } from '../privacy/histogram';
import type { PrivacyFloor } from '../privacy/privacy-floor';
import type { Solution } from '../privacy/solution';
import { solveGeneralisation } from '../privacy/solve-generalisation';
import { judgeHierarchies, judgeSolution } from './gates';
import type { GateResult } from './round';

export interface SolvedDataset {
  /** Those of the hierarchies and of the floor; the second only where the first passed. */
  readonly gates: readonly GateResult[];
  /** Present exactly when all gates passed. */
  readonly solution?: Solution;
}

/** Finds how a delivery of a dataset with classes is generalised, and says what stands against it. */
export function solveDataset(dataset: PlannedDataset, floor: PrivacyFloor, histogram: Histogram): SolvedDataset {
  const ladders = dataset.classColumns.map(({ column, generalisation }) =>
    buildLadder(generalisation, typeInClass(dataset, column), findClassColumn(histogram, column)),
  );
  const known = judgeHierarchies(ladders.flatMap((ladder) => (ladder.kind === 'unknown-values' ? [ladder] : [])));
  if (!known.passed) return { gates: [known] };
  const solution = solveGeneralisation({
    histogram,
    ladders: ladders.flatMap((ladder) => (ladder.kind === 'ladder' ? [ladder] : [])),
    weights: dataset.classColumns.map(({ weight }) => weight),
    floor,
  });
  const gates = [known, judgeSolution(solution)];
  return solution.kind === 'solved' ? { gates, solution } : { gates };
}

/** A masked column is text whatever it was before. */
function typeInClass(dataset: PlannedDataset, name: string) {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`The plan's class column ${name} is no column of dataset ${dataset.id}.`);
  return column.treatment.kind === 'mask' ? ({ kind: 'string' } as const) : column.type;
}

function findClassColumn(histogram: Histogram, name: string): HistogramColumn {
  const column = histogram.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`The histogram lacks class column ${name}.`);
  return column;
}
