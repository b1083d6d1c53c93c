/** The least protection a release must have. A release that measures less is withheld. */
export interface PrivacyFloor {
  /** Every class holds at least this many distinct subjects (rows where the dataset names no subject). */
  readonly k: number;
  /** Distinct l-diversity: every class holds at least this many distinct values of the column; a missing one is none. */
  readonly l: readonly { readonly column: string; readonly atLeast: number }[];
  /** t-closeness: no class's distribution of the column is farther than this from the whole delivery's. */
  readonly t: readonly { readonly column: string; readonly atMost: number; readonly distance: TDistance }[];
  /** Share of the accepted rows, 0 to 1, that may be left out to reach the floor. */
  readonly suppressAtMost: number;
}

/**
 * `equal`: half the sum of absolute differences (all values equally far apart).
 * `ordered`: earth mover's distance over the rank of the values, divided by (number of values − 1).
 * Both from Li, Li and Venkatasubramanian, "t-Closeness" (ICDE 2007), and between 0 and 1.
 */
export type TDistance = 'equal' | 'ordered';
