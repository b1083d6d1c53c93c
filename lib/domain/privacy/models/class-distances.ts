import { climbHierarchy } from '../hierarchies/climb-hierarchy';
import type { TDistance, ValueHierarchy } from './privacy-floor';

/** Rows of one class per value that it holds, by rising code: codes are places in the column's own order. */
export interface ClassDistribution {
  readonly codes: readonly number[];
  readonly rows: readonly number[];
}

/**
 * How far a class can be from the reference, by the distances of Li, Li and Venkatasubramanian (ICDE 2007).
 * `reference[code]`: rows of the value in the whole delivery. A value that is not in it makes the distance 1.
 */
export function createDistance(
  reference: ArrayLike<number>,
  measure: Exclude<TDistance, 'hierarchical'>,
): (distribution: ClassDistribution) => number {
  const total = Array.from(reference).reduce((sum, rows) => sum + rows, 0);
  const shares = Float64Array.from(reference, (rows) => rows / total);
  const distance = measure === 'equal' ? measureEqual(shares) : measureOrdered(shares);
  return (distribution) => (distribution.codes.every((code) => code < shares.length) ? distance(distribution) : 1);
}

/** Half the sum of all differences: those values that the class lacks differ by their whole share. */
function measureEqual(shares: Float64Array) {
  return ({ codes, rows }: ClassDistribution) => {
    const total = rows.reduce((sum, count) => sum + count, 0);
    let differences = 0;
    let covered = 0;
    for (const [index, code] of codes.entries()) {
      differences += Math.abs(rows[index]! / total - shares[code]!);
      covered += shares[code]!;
    }
    return (differences + Math.max(0, 1 - covered)) / 2;
  };
}

/**
 * Sum over all values of the difference of the cumulated shares, divided by (values − 1). Between two values of the class
 * its cumulated share stays the same while the reference's rises: with sums of the latter no value need be visited.
 */
function measureOrdered(shares: Float64Array) {
  const cumulated = new Float64Array(shares.length);
  const sums = new Float64Array(shares.length + 1);
  let share = 0;
  for (const [code, value] of shares.entries()) {
    share += value;
    cumulated[code] = share;
    sums[code + 1] = sums[code]! + share;
  }
  /** Sum of |constant − cumulated| over the codes from `start` to `end`, excluded. */
  const sumGap = (constant: number, start: number, end: number) => {
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulated[middle]! < constant) low = middle + 1;
      else high = middle;
    }
    return constant * (low - start) - (sums[low]! - sums[start]!) + (sums[end]! - sums[low]!) - constant * (end - low);
  };
  return ({ codes, rows }: ClassDistribution) => {
    if (shares.length < 2) return 0;
    const total = rows.reduce((sum, count) => sum + count, 0);
    let differences = 0;
    let below = 0;
    let start = 0;
    for (const [index, code] of codes.entries()) {
      differences += sumGap(below / total, start, code);
      below += rows[index]!;
      start = code;
    }
    return (differences + sumGap(below / total, start, shares.length)) / (shares.length - 1);
  };
}

/**
 * Earth is moved between siblings first, then between their parents' siblings: what of a node's children is too much and
 * what too little meets there, at the cost of the node's height, and the rest goes up. `values[code]`: text of the value.
 */
export function createHierarchicalDistance(
  reference: ArrayLike<number>,
  values: readonly (string | null)[],
  { type, ...hierarchy }: ValueHierarchy,
): (distribution: ClassDistribution) => number {
  const ladder = climbHierarchy({ kind: 'hierarchy', ...hierarchy }, type, { name: '', values });
  if (ladder.kind !== 'ladder') return () => 1;
  const { levels } = ladder;
  const total = Array.from(reference).reduce((sum, rows) => sum + rows, 0);
  return ({ codes, rows }) => {
    if (!codes.every((code) => code >= 0 && code < values.length)) return 1;
    const size = rows.reduce((sum, count) => sum + count, 0);
    const extra = values.map((_, code) => -reference[code]! / total);
    for (const [index, code] of codes.entries()) extra[code]! += rows[index]! / size;
    let work = 0;
    // Per node of the level below: what of it is not settled yet, and one value in it.
    let open = extra.map((amount, code) => ({ amount, code }));
    for (let height = 1; height < levels.length; height++) {
      const nodes = new Map<number, { more: number; less: number; code: number }>();
      for (const { amount, code } of open) {
        const at = levels[height]!.codes[code]!;
        const node = nodes.get(at) ?? { more: 0, less: 0, code };
        nodes.set(at, node);
        if (amount > 0) node.more += amount;
        else node.less -= amount;
      }
      for (const { more, less } of nodes.values()) work += (height / (levels.length - 1)) * Math.min(more, less);
      open = [...nodes.values()].map(({ more, less, code }) => ({ amount: more - less, code }));
    }
    return work;
  };
}
