/**
 * A column's way to be generalised, from the most precise level (0, the value itself) to the least (`*`).
 * Every level merges whole values of the level below, so counts at a coarse level are sums of counts at a fine one.
 */
export type Generalisation =
  /** Numeric intervals `[a,b)` of growing width, aligned on 0; each width divides the next. */
  | { readonly kind: 'widths'; readonly widths: readonly string[] }
  /** The first n characters (Unicode code points), then `*`; n falls from level to level. */
  | { readonly kind: 'prefixes'; readonly lengths: readonly number[] }
  /** Calendar periods; each nests in the next. */
  | { readonly kind: 'dates'; readonly periods: readonly DatePeriod[] }
  /** One row per leaf value: the leaf, then its value at each level. */
  | { readonly kind: 'hierarchy'; readonly file: string; readonly rows: readonly (readonly string[])[] }
  /** Nothing can be done to it: level 0 only. It still counts in every class. */
  | { readonly kind: 'none' };

export const DATE_PERIODS = ['day', 'week', 'month', 'quarter', 'year', 'decade'] as const;
export type DatePeriod = (typeof DATE_PERIODS)[number];

/** What the most general level shows of a value. */
export const ANY_VALUE = '*';
