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
  readonly l: readonly DiversityCriterion[];
  readonly t: readonly (TCriterion & { readonly column: string; readonly cells: number; readonly atMost: number })[];
}

export interface DiversityCriterion {
  readonly column: string;
  readonly cells: number;
  readonly atLeast: number;
  /** Code of the missing value, −1 where no row lacks one: a class of one value and of gaps tells the value. */
  readonly missing: number;
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
    l: floor.l.map(({ column, atLeast }) => {
      const cells = cellsOf(column);
      return { column, cells, atLeast, missing: sensitive[cells]!.values.indexOf(null) };
    }),
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
  for (const criterion of criteria.l) {
    const distinct = countDistinct(table, criterion);
    for (let index = 0; index < losses.length; index++) if (distinct[index]! < criterion.atLeast) losses[index] = 1;
  }
  for (let index = 0; index < losses.length; index++) if (table.subjects[index]! < criteria.k) losses[index] = 1;
  return losses;
}

export function exceedsT(distance: number, atMost: number): boolean {
  return distance > atMost + T_ROUNDING;
}

/** Distinct values of a sensitive column per class; a missing value is none. */
export function countDistinct(
  table: ClassTable,
  { cells, missing }: Pick<DiversityCriterion, 'cells' | 'missing'>,
): Uint32Array {
  const distinct = new Uint32Array(table.classes);
  const { classes, codes } = table.sensitive[cells]!;
  for (let cell = 0; cell < classes.length; cell++) if (codes[cell] !== missing) distinct[classes[cell]!]! += 1;
  return distinct;
}
