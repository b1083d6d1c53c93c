import type { Node } from './class-merger';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';

/** The weighted loss metric: mean over rows and columns of leaves(shown value) / leaves(domain), 0 to 1. */
export interface LossModel {
  /** `levels[column][level]`: what the column adds there when nothing is suppressed. It never falls with the level. */
  readonly levels: readonly (readonly number[])[];
  /** What is added when one row of this tuple, shown at this node, is suppressed: each cell of it then counts 1. */
  readonly suppressionOf: (tuple: number, node: Node) => number;
}

/** `weights`: one per column, above 0; they are scaled to sum 1. */
export function createLossModel(
  histogram: Histogram,
  ladders: readonly Ladder[],
  weights: readonly number[],
): LossModel {
  const { columns, rows, tuples } = histogram;
  const total = Math.max(1, sumCounts(rows));
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const factors = weights.map((weight) => weight / (weightSum * total));
  const levels = ladders.map((ladder, column) => {
    const rowsOfValue = new Float64Array(columns[column]!.values.length);
    const values = columns[column]!.codes;
    for (let tuple = 0; tuple < tuples; tuple++) rowsOfValue[values[tuple]!]! += rows[tuple]!;
    return ladder.levels.map(
      ({ codes, shares }) =>
        factors[column]! * rowsOfValue.reduce((sum, count, value) => sum + count * shares[codes[value]!]!, 0),
    );
  });
  return {
    levels,
    suppressionOf: (tuple, node) => {
      let loss = 0;
      for (let column = 0; column < ladders.length; column++) {
        const { codes, shares } = ladders[column]!.levels[node[column]!]!;
        loss += factors[column]! * (1 - shares[codes[columns[column]!.codes[tuple]!]!]!);
      }
      return loss;
    },
  };
}

/** What a node loses before anything is suppressed: no node that is nowhere more precise loses less. */
export function sumLoss(model: LossModel, node: Node): number {
  return model.levels.reduce((sum, losses, column) => sum + losses[node[column]!]!, 0);
}

export function sumCounts(counts: Uint32Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
