import type { ColumnType } from '../agreement/plan/plan';
import type { WrittenStyle } from '../agreement/written-styles';
import type { Recognition } from './recognise-column';

/** What one column of a file is like: figures and shapes, never a value. */
export interface ColumnProfile {
  readonly name: string;
  /** The narrowest type that holds all its values. */
  readonly type: ColumnType;
  /** How its values are written, where not in the usual way. */
  readonly written?: WrittenStyle;
  /** Ways in which it could be written, of which each gives other values; then its type is text. */
  readonly readings?: readonly string[];
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number;
  /** Values that stand in one row only. */
  readonly once: number;
  /** Shannon's entropy of its values, in bits. */
  readonly entropy: number;
  /** Characters of the longest value. */
  readonly longest: number;
  /** Range of a numeric column, rounded to two digits: it says how wide intervals may be, and names no value. */
  readonly spread?: number;
  /** The commonest form, e.g. `Aaaa 999`, and the share of distinct values that have it. */
  readonly shape: { readonly form: string; readonly share: number };
  /** The surest first. */
  readonly recognised: readonly Recognition[];
  /** Whether every subject has one value only; absent where there is no subject. */
  readonly constant?: boolean;
}

/** What a file is like. */
export interface FileProfile {
  /** Base name of the file or folder. */
  readonly name: string;
  readonly rows: number;
  /** Texts that stand for missing values in it. */
  readonly missingTexts: readonly string[];
  /** Records that have no values, and are not looked at; absent where there are none. `first`: its place, from 1, and why. */
  readonly unread?: { readonly records: number; readonly first: { readonly record: number; readonly reason: string } };
  readonly columns: readonly ColumnProfile[];
  readonly subject?: string;
  readonly risk: CombinationRisk;
}

export interface CombinationRisk {
  /** Columns whose combinations were counted. */
  readonly columns: readonly string[];
  /** Most columns of a combination. */
  readonly upTo: number;
  readonly counted: number;
  /** Those that single out most, without those that a part of them explains. */
  readonly worst: readonly Combination[];
}

export interface Combination {
  readonly columns: readonly string[];
  /** Share of the rows that stand alone under it: no other subject (row, where none is known) has the same values. */
  readonly alone: number;
}
