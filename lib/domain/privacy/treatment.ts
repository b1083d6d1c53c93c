import type { Generalisation } from './generalisation';

/** What is done to one column before its values leave their owner. */
export type Treatment =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }
  /** HMAC-SHA256 of the value under a key of this agreement, receiver and dataset: the first 128 bits, as 32 hex digits. */
  | { readonly kind: 'token' }
  /** `***`, with that many of the first and last characters left visible (0 and 0 hide everything, the length too). */
  | { readonly kind: 'mask'; readonly keepFirst: number; readonly keepLast: number }
  /** The level is chosen per dataset by the solver. */
  | { readonly kind: 'generalise'; readonly generalisation: Generalisation }
  /** Dates move by −days…+days, never 0, the same for all rows of one subject, another for each receiver. */
  | { readonly kind: 'date-shift'; readonly days: number };
