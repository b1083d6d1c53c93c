import type { ColumnType } from '../../agreement/plan/plan';
import type { Population } from '../histogram/population';

/** The least protection a release must have. A release that measures less is withheld. */
export interface PrivacyFloor {
  /** Every class holds at least this many distinct subjects (rows where the dataset names no subject). */
  readonly k: number;
  readonly l: readonly DiversityFloor[];
  readonly t: readonly ClosenessFloor[];
  /** Share of the accepted rows, 0 to 1, that may be left out to reach the floor. */
  readonly suppressAtMost: number;
  /** k-map: every class stands for at least this many subjects of the population. */
  readonly kMap?: number;
  /** δ-presence: of the population that falls in a class, the share that is in the delivery, 0 to 1. */
  readonly presence?: { readonly atLeast: number; readonly atMost: number };
  readonly risk?: RiskLimits;
  /** Whom the delivery is a part of. There whenever `kMap` or `presence` is, which count on it. */
  readonly population?: Population;
}

/**
 * l-diversity: what the values of a sensitive column within a class must be. A missing value is none.
 *
 * `distinct` (the default): so many distinct ones. `entropy`: as uncertain as so many equally frequent ones.
 * `recursive`: the most frequent is rarer than `c` times all from the `atLeast`-th most frequent on together.
 * From Machanavajjhala et al., "l-Diversity" (TKDD 2007).
 */
export type DiversityFloor = { readonly column: string; readonly atLeast: number } & (
  | { readonly measure?: 'distinct' | 'entropy' }
  | { readonly measure: 'recursive'; readonly c: number }
);

/** t-closeness: no class's distribution of the column is farther than this from the whole delivery's. */
export type ClosenessFloor = { readonly column: string; readonly atMost: number } & (
  | { readonly distance: Exclude<TDistance, 'hierarchical'> }
  | { readonly distance: 'hierarchical'; readonly hierarchy: ValueHierarchy }
);

/**
 * `equal`: half the sum of absolute differences (all values equally far apart).
 * `ordered`: earth mover's distance over the rank of the values, divided by (number of values − 1).
 * `hierarchical`: earth mover's distance where two values are as far apart as the first level that shows them alike.
 * All from Li, Li and Venkatasubramanian, "t-Closeness" (ICDE 2007), and between 0 and 1.
 */
export type TDistance = 'equal' | 'ordered' | 'hierarchical';

/** One row per value: the value, then what it is at each level. `type`: the column's. */
export interface ValueHierarchy {
  readonly file: string;
  readonly type: ColumnType;
  readonly rows: readonly (readonly string[])[];
}

/** Of re-identification, each above 0 and at most 1; see `RiskMeasures`. */
interface RiskLimits {
  /** Of the marketer risk: classes / subjects. */
  readonly average?: number;
  /** Of the prosecutor risk: 1 / smallest class. */
  readonly maximum?: number;
}
