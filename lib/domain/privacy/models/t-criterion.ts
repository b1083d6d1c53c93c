import type { Ladder } from '../hierarchies/ladder';
import type { SensitiveCells } from '../histogram/class-table';
import type { SensitiveCounts } from '../histogram/histogram';
import type { ClassCriterion } from './class-criterion';
import type { ClosenessFloor } from './privacy-floor';
import { roundUpShare } from './round-up-share';

/** Distances this close to the agreed one count as equal to it: they differ by rounding alone. */
const T_ROUNDING = 1e-12;

/** Distances of classes from the whole delivery in one sensitive column. */
interface TCriterion {
  /** The greatest distance any class could have: that of one that holds a single value. */
  readonly farthest: number;
  readonly measure: (cells: SensitiveCells, rows: Uint32Array) => Float64Array;
}

/**
 * A class's distance is at most the mean of its parts' distances weighted by rows (all three distances are convex), parts
 * that are kept are within t, and none is farther than `farthest`: so a class of n rows at distance d loses
 * n (d − t) / (farthest − t) of them, however it is parted.
 */
export function createCloseness(
  { column, atMost }: ClosenessFloor,
  cells: number,
  { farthest, measure }: TCriterion,
): ClassCriterion {
  return {
    failure: `are farther than ${atMost} from the whole delivery in ${column}`,
    score: (table) => measure(table.sensitive[cells]!, table.rows).map((distance) => -distance),
    judge: (table, { fails, losses }) => {
      const distances = measure(table.sensitive[cells]!, table.rows);
      for (let index = 0; index < fails.length; index++) {
        if (!(distances[index]! > atMost + T_ROUNDING)) continue;
        fails[index] = 1;
        const lost = (distances[index]! - atMost) / (farthest - atMost);
        losses[index] = Math.max(losses[index]!, Math.min(1, lost));
      }
    },
    relax: (score) => `raise t of ${column} to ${roundUpShare(-score)}`,
  };
}

/**
 * Sums are kept as whole numbers (of rows × rows) up to the one division at the end, so that a distance that equals the
 * agreed one is found equal.
 */
export function createTCriterion(
  { values, codes, rows }: SensitiveCounts,
  distance: ClosenessFloor['distance'],
  ladder?: Ladder,
): TCriterion {
  const counts = new Float64Array(values.length);
  for (let cell = 0; cell < codes.length; cell++) counts[codes[cell]!]! += rows[cell]!;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (values.length < 2) return { farthest: 0, measure: (_, sizes) => new Float64Array(sizes.length) };
  switch (distance) {
    case 'equal':
      return createEqual(counts, total);
    case 'ordered':
      return createOrdered(counts, total);
    case 'hierarchical':
      if (!ladder) throw new Error('A hierarchical distance needs a hierarchy.');
      return createHierarchical(counts, total, ladder);
  }
}

function createEqual(counts: Float64Array, total: number): TCriterion {
  return {
    farthest: 1 - counts.reduce((least, count) => Math.min(least, count), total) / total,
    measure: (cells, sizes) => {
      // A value the class lacks adds count × size: all values are taken as lacking first, then corrected.
      const sums = new Float64Array(sizes.length);
      for (let index = 0; index < sizes.length; index++) sums[index] = total * sizes[index]!;
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

/**
 * The mean, over all levels but the last, of the equal distance between what the level shows: of the earth that a level
 * shows in the wrong group, half an edge of the tree is climbed on either way. Codes are sorted so that each level's
 * groups are together; see `sortByHierarchy`.
 */
function createHierarchical(counts: Float64Array, total: number, { levels }: Ladder): TCriterion {
  const climbed = levels.slice(0, -1).map(({ codes, shown }) => {
    const sums = new Float64Array(shown.length);
    for (const [value, group] of codes.entries()) sums[group]! += counts[value]!;
    return { codes, sums };
  });
  const distances = counts.map((_, value) =>
    climbed.reduce((sum, { codes, sums }) => sum + (1 - sums[codes[value]!]! / total) / climbed.length, 0),
  );
  return {
    farthest: distances.reduce((most, distance) => Math.max(most, distance)),
    measure: (cells, sizes) => {
      const differences = new Float64Array(sizes.length);
      for (const { codes, sums } of climbed) {
        const held = new Float64Array(sizes.length);
        const groupOf = new Int32Array(sizes.length).fill(-1);
        for (let index = 0; index < sizes.length; index++) differences[index]! += total * sizes[index]!;
        // Of a group that the class lacks the whole share differs: all are taken as lacking first, then corrected.
        const settle = (target: number) => {
          const expected = sums[groupOf[target]!]! * sizes[target]!;
          differences[target]! += Math.abs(held[target]! * total - expected) - expected;
        };
        for (let cell = 0; cell < cells.codes.length; cell++) {
          const target = cells.classes[cell]!;
          const group = codes[cells.codes[cell]!]!;
          if (groupOf[target] !== group) {
            if (groupOf[target]! >= 0) settle(target);
            groupOf[target] = group;
            held[target] = 0;
          }
          held[target]! += cells.rows[cell]!;
        }
        for (let target = 0; target < sizes.length; target++) if (groupOf[target]! >= 0) settle(target);
      }
      return differences.map((sum, target) => sum / (2 * total * sizes[target]! * climbed.length));
    },
  };
}

/** The same counts, coded so that values alike at some level are together: by the last level first, then the one before. */
export function sortByHierarchy(counted: SensitiveCounts, { levels }: Ladder): [SensitiveCounts, Ladder] {
  const order = Uint32Array.from(counted.values.keys()).sort((one, other) => {
    for (let level = levels.length - 1; level > 0; level--) {
      const { codes } = levels[level]!;
      if (codes[one] !== codes[other]) return codes[one]! - codes[other]!;
    }
    return one - other;
  });
  const placeOf = new Uint32Array(order.length);
  for (const [place, value] of order.entries()) placeOf[value] = place;
  return [
    {
      ...counted,
      values: Array.from(order, (value) => counted.values[value] ?? null),
      codes: counted.codes.map((code) => placeOf[code]!),
    },
    {
      kind: 'ladder',
      levels: levels.map(({ codes, ...level }) => ({ ...level, codes: order.map((value) => codes[value]!) })),
    },
  ];
}
