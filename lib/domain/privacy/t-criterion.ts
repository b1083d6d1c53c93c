import type { SensitiveCells } from './class-table';
import type { SensitiveCounts } from './histogram';
import type { TDistance } from './privacy-floor';

/** Distances of classes from the whole delivery in one sensitive column. */
export interface TCriterion {
  /** The greatest distance any class could have: that of one that holds a single value. */
  readonly farthest: number;
  readonly measure: (cells: SensitiveCells, rows: Uint32Array) => Float64Array;
}

/**
 * Sums are kept as whole numbers (of rows × rows) up to the one division at the end, so that a distance that equals the
 * agreed one is found equal.
 */
export function createTCriterion({ values, codes, rows }: SensitiveCounts, distance: TDistance): TCriterion {
  const counts = new Float64Array(values.length);
  for (let cell = 0; cell < codes.length; cell++) counts[codes[cell]!]! += rows[cell]!;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (values.length < 2) return { farthest: 0, measure: (_, sizes) => new Float64Array(sizes.length) };
  switch (distance) {
    case 'equal':
      return createEqual(counts, total);
    case 'ordered':
      return createOrdered(counts, total);
  }
}

function createEqual(counts: Float64Array, total: number): TCriterion {
  return {
    farthest: 1 - counts.reduce((least, count) => Math.min(least, count), total) / total,
    measure: (cells, sizes) => {
      // A value the class lacks adds count × size: all values are taken as lacking first, then corrected.
      const sums = Float64Array.from(sizes, (size) => total * size);
      for (let cell = 0; cell < cells.codes.length; cell++) {
        const target = cells.classes[cell]!;
        const expected = counts[cells.codes[cell]!]! * sizes[target]!;
        sums[target]! += Math.abs(cells.rows[cell]! * total - expected) - expected;
      }
      return sums.map((sum, target) => sum / (2 * total * sizes[target]!));
    },
  };
}

function createOrdered(counts: Float64Array, total: number): TCriterion {
  const last = counts.length - 1;
  // below[i]: rows of values up to i; area[i]: sum of below[0 … i − 1].
  const below = new Float64Array(counts.length);
  const area = new Float64Array(counts.length + 1);
  for (let code = 0; code <= last; code++) {
    below[code] = (below[code - 1] ?? 0) + counts[code]!;
    area[code + 1] = area[code]! + below[code]!;
  }

  /** Sum of |held × total − below[i] × size| over from ≤ i < to. */
  function sumDifferences(held: number, size: number, from: number, to: number): number {
    const target = held * total;
    if (to - from === 1) return Math.abs(target - below[from]! * size);
    let cross = from;
    for (let end = to; cross < end; ) {
      const middle = (cross + end) >>> 1;
      if (below[middle]! * size < target) cross = middle + 1;
      else end = middle;
    }
    const under = (cross - from) * target - size * (area[cross]! - area[from]!);
    const over = size * (area[to]! - area[cross]!) - (to - cross) * target;
    return under + over;
  }

  const mean = area[last]! / (last * total);
  return {
    farthest: Math.max(mean, 1 - mean),
    measure: (cells, sizes) => {
      const sums = new Float64Array(sizes.length);
      const held = new Uint32Array(sizes.length);
      const reached = new Uint32Array(sizes.length);
      for (let cell = 0; cell < cells.codes.length; cell++) {
        const target = cells.classes[cell]!;
        const code = cells.codes[cell]!;
        sums[target]! += sumDifferences(held[target]!, sizes[target]!, reached[target]!, code);
        held[target]! += cells.rows[cell]!;
        reached[target] = code;
      }
      return sums.map((sum, target) => {
        const size = sizes[target]!;
        return (sum + sumDifferences(held[target]!, size, reached[target]!, last)) / (last * total * size);
      });
    },
  };
}
