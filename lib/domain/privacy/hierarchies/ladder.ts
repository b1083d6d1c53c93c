import type { HistogramColumn } from '../histogram/histogram';

/** A class column of a delivery: its name and its distinct values, as canonical text. */
export type ClassValues = Pick<HistogramColumn, 'name' | 'values'>;

/**
 * A column's values at every level, most precise first. Each level merges whole values of the level below; the solver
 * relies on it.
 */
export interface Ladder {
  readonly kind: 'ladder';
  readonly levels: readonly LadderLevel[];
  /**
   * The finest level that regions are cut at and show: the first that the agreement alone lays down. Values of the delivery
   * would be somebody's own. Default: 0, as of a hierarchy, whose file says all leaves, and of what cannot be generalised.
   */
  readonly grid?: number;
  /** Leaves of the domain that are no value of the delivery, where the domain is more than those. */
  readonly absent?: readonly string[];
}

export interface LadderLevel {
  /** The values that this level shows; every one is shown for some value of the delivery. */
  readonly shown: readonly (string | null)[];
  /** `codes[v]`: index into `shown` of what the column's v-th value is shown as. */
  readonly codes: Uint32Array;
  /** `shares[code]`: leaves of the shown value / leaves of the domain, above 0 and at most 1. */
  readonly shares: Float64Array;
}

/** `shown[v]`: what the column's v-th value is shown as. */
export function createLevel(shown: readonly (string | null)[], shareOf: (shown: string | null) => number): LadderLevel {
  const codes = new Map<string | null, number>();
  for (const value of shown) if (!codes.has(value)) codes.set(value, codes.size);
  const distinct = [...codes.keys()];
  return {
    shown: distinct,
    codes: Uint32Array.from(shown, (value) => codes.get(value)!),
    shares: Float64Array.from(distinct, shareOf),
  };
}
