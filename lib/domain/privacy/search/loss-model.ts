import type { Ladder } from '../hierarchies/ladder';
import type { Node } from '../histogram/class-merger';
import type { Histogram } from '../histogram/histogram';

/**
 * A weighted mean over rows and columns, 0 to 1. `loss`: of leaves(shown value) / leaves(domain). `entropy`: of the bits
 * that the shown value leaves open, as a share of all bits (non-uniform entropy; De Waal and Willenborg, 1999).
 */
export interface LossModel {
  /** `levels[column][level]`: what the column adds there when nothing is suppressed. It never falls with the level. */
  readonly levels: readonly (readonly number[])[];
  /** `added[column][level][value]`: what is added to that when one row with the value is suppressed. */
  readonly added: readonly (readonly Float64Array[])[];
  /** At a node: what is added when one row of a tuple is suppressed; each cell of it then counts 1. */
  readonly suppressionAt: (node: Node) => (tuple: number) => number;
}

/** `weights`: one per column, above 0; they are scaled to sum 1. */
export function createLossModel(
  histogram: Histogram,
  ladders: readonly Ladder[],
  weights: readonly number[],
  kind: 'loss' | 'entropy' = 'loss',
): LossModel {
  const { columns, rows, tuples } = histogram;
  const total = Math.max(1, sumCounts(rows));
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const factors = weights.map((weight) => weight / (weightSum * total));
  const counts = ladders.map((_, column) => {
    const rowsOfValue = new Float64Array(columns[column]!.values.length);
    const values = columns[column]!.codes;
    for (let tuple = 0; tuple < tuples; tuple++) rowsOfValue[values[tuple]!]! += rows[tuple]!;
    return rowsOfValue;
  });
  const costs =
    kind === 'loss'
      ? ladders.map((ladder) =>
          ladder.levels.map(({ codes, shares }) => Float64Array.from(codes, (code) => shares[code]!)),
        )
      : measureBits(ladders, counts, total);
  // What suppression adds to each value, per column and level.
  const added = costs.map((column, index) => {
    const most = kind === 'loss' ? undefined : column.at(-1);
    return column.map((cells) => cells.map((cost, value) => factors[index]! * ((most?.[value] ?? 1) - cost)));
  });
  const levels = costs.map((column, index) =>
    column
      .slice(0, ladders[index]!.levels.length)
      .map((cells) => factors[index]! * cells.reduce((sum, cost, value) => sum + cost * counts[index]![value]!, 0)),
  );
  return {
    levels,
    added,
    suppressionAt: (node) => {
      const cells = added.map((column, index) => ({ losses: column[node[index]!]!, codes: columns[index]!.codes }));
      return (tuple) => {
        let loss = 0;
        for (const { losses, codes } of cells) loss += losses[codes[tuple]!]!;
        return loss;
      };
    },
  };
}

/** Per column, level and value: the bits between the value and what is shown, as a share of all bits of all cells. */
function measureBits(
  ladders: readonly Ladder[],
  counts: readonly Float64Array[],
  total: number,
): readonly (readonly Float64Array[])[] {
  const bits = (whole: number, part: number) => (part === 0 ? 0 : Math.log2(whole / part));
  const all = counts.reduce(
    (sum, column) => sum + column.reduce((part, count) => part + count * bits(total, count), 0),
    0,
  );
  const scale = all === 0 ? 0 : (total * counts.length) / all;
  return ladders.map((ladder, column) => {
    const own = counts[column]!;
    const measured = ladder.levels.map(({ codes, shown }) => {
      const sums = new Float64Array(shown.length);
      for (const [value, code] of codes.entries()) sums[code]! += own[value]!;
      return Float64Array.from(codes, (code, value) => scale * bits(sums[code]!, own[value]!));
    });
    return [...measured, own.map((count) => scale * bits(total, count))];
  });
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
