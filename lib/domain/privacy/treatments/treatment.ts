import type { Generalisation } from '../hierarchies/generalisation';

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
  | { readonly kind: 'date-shift'; readonly days: number }
  /** FF1 (NIST SP 800-38G Rev. 1) of a text of so many characters of the alphabet, under a key like a token's: a text of the same form. */
  | {
      readonly kind: 'format-preserving';
      readonly alphabet: AlphabetName;
      readonly minLength: number;
      readonly maxLength: number;
    }
  /** A value below `bottom` becomes it, one above `top` becomes that; each in the type's canonical text. */
  | { readonly kind: 'top-bottom'; readonly bottom?: string; readonly top?: string }
  /** The nearest multiple; half way, the one farther from 0. */
  | { readonly kind: 'round'; readonly multiple: string }
  /** Top and bottom coded, rounded to `step`, and moved by noise that the subject and the value draw: see `planNoise`. */
  | {
      readonly kind: 'noise';
      readonly epsilon: number;
      readonly bottom: string;
      readonly top: string;
      readonly step: string;
    }
  /** Neighbouring values are merged until `k` subjects share them, and show their mean or median: see `microaggregate`. */
  | { readonly kind: 'microaggregate'; readonly k: number; readonly centre: 'mean' | 'median' }
  /** A text that fewer than `k` subjects of the release share is shown as `***`. */
  | { readonly kind: 'common-text'; readonly k: number };

/** The characters of format-preserving encryption, in the order in which FF1 counts them from 0. */
export const ALPHABETS = {
  digits: '0123456789',
  hex: '0123456789abcdef',
  'upper-letters': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'lower-letters': 'abcdefghijklmnopqrstuvwxyz',
  'upper-alphanumeric': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'lower-alphanumeric': '0123456789abcdefghijklmnopqrstuvwxyz',
  alphanumeric: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
} as const;

export type AlphabetName = keyof typeof ALPHABETS;
