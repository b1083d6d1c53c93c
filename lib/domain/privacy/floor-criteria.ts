import type { ClassTable } from './class-table';
import type { Histogram, SensitiveCounts } from './histogram';
import type { PrivacyFloor } from './privacy-floor';
import { createTCriterion, type TCriterion } from './t-criterion';

/** Distances this close to the agreed one count as equal to it: they differ by rounding alone. */
const T_ROUNDING = 1e-12;

/** A floor, ready to be held against the classes of one delivery. */
export interface FloorCriteria {
  readonly k: number;
  /** The sensitive columns that l or t speak of; `cells` below points into them, and into `ClassTable.sensitive`. */
  readonly sensitive: readonly SensitiveCounts[];
  readonly l: readonly { readonly column: string; readonly cells: number; readonly atLeast: number }[];
  readonly t: readonly (TCriterion & { readonly column: string; readonly cells: number; readonly atMost: number })[];
}

export function createFloorCriteria(floor: PrivacyFloor, histogram: Histogram): FloorCriteria {
  const named = new Set([...floor.l, ...floor.t].map(({ column }) => column));
  const sensitive = histogram.sensitive.filter(({ name }) => named.has(name));
  const cellsOf = (column: string) => {
    const cells = sensitive.findIndex(({ name }) => name === column);
    if (cells < 0) throw new Error(`The histogram lacks sensitive column ${column}, which the floor speaks of.`);
    return cells;
  };
  return {
    k: floor.k,
    sensitive,
    l: floor.l.map(({ column, atLeast }) => ({ column, cells: cellsOf(column), atLeast })),
    t: floor.t.map(({ column, atMost, distance }) => {
      const cells = cellsOf(column);
      return { column, cells, atMost, ...createTCriterion(sensitive[cells]!, distance) };
    }),
  };
}

/**
 * Per class, the share of its rows that must be suppressed at the table's node and at every finer one; a class fails
 * the floor exactly when its share is above 0.
 *
 * Parts of a class with too few subjects or values have too few as well: all rows are lost. A class's distance is at
 * most the mean of its parts' distances weighted by rows (both distances are convex), parts that are kept are within
 * t, and none is farther than `farthest`: so a class of n rows at distance d loses n (d − t) / (farthest − t) of them,
 * however it is parted.
 */
export function findLosses(table: ClassTable, criteria: FloorCriteria): Float64Array {
  const losses = new Float64Array(table.classes);
  for (const { cells, atMost, farthest, measure } of criteria.t) {
    const distances = measure(table.sensitive[cells]!, table.rows);
    for (let index = 0; index < losses.length; index++) {
      if (!exceedsT(distances[index]!, atMost)) continue;
      const lost = (distances[index]! - atMost) / (farthest - atMost);
      losses[index] = Math.max(losses[index]!, Math.min(1, lost));
    }
  }
  for (const { cells, atLeast } of criteria.l) {
    const distinct = countDistinct(table, cells);
    for (let index = 0; index < losses.length; index++) if (distinct[index]! < atLeast) losses[index] = 1;
  }
  for (let index = 0; index < losses.length; index++) if (table.subjects[index]! < criteria.k) losses[index] = 1;
  return losses;
}

export function exceedsT(distance: number, atMost: number): boolean {
  return distance > atMost + T_ROUNDING;
}

/** Distinct values of a sensitive column per class. */
export function countDistinct(table: ClassTable, cells: number): Uint32Array {
  const distinct = new Uint32Array(table.classes);
  for (const target of table.sensitive[cells]!.classes) distinct[target]! += 1;
  return distinct;
}
