import type { MetricKind } from './metric';
import type { RecodingMode } from './recoding';

/** How to make a delivery's tuples into classes that meet the floor. The engine carries it out without deciding anything. */
export interface Solution {
  readonly kind: 'solved';
  /** Per class column, in the dataset's order; empty where each class has levels of its own (multidimensional). */
  readonly levels: readonly number[];
  /** Number of levels of each class column. */
  readonly levelCounts: readonly number[];
  readonly classes: number;
  /** Per tuple: its class, or −1 when its rows are suppressed. */
  readonly classOf: Int32Array;
  /** Per class column: the value that each class shows. */
  readonly shown: readonly ShownColumn[];
  readonly suppressedRows: number;
  /** Mean over cells of leaves(shown value) / leaves(domain); a suppressed cell counts 1. Unweighted, 0 to 1. */
  readonly loss: number;
  /** The same of the bits that the shown value leaves open; absent in multidimensional mode. */
  readonly entropy?: number;
  /** Lattice nodes (or cuts, where regions are cut), and how many of them had to be counted. */
  readonly lattice: { readonly nodes: number; readonly checked: number };
  readonly search: SearchRecord;
}

/** How a solution was found, and how good it is. */
export interface SearchRecord {
  readonly mode: RecodingMode;
  readonly metric: MetricKind;
  /** By the metric; equal to `loss` only where that is the metric and no column has a weight of its own. */
  readonly cost: number;
  /**
   * Proven: the least cost there is lies within this share below `cost`; 0 for an exact optimum. Absent for
   * multidimensional recoding, of which no optimum can be proven, and for levels that an earlier round fixed.
   */
  readonly gap?: number;
  /** The levels are those of an earlier round. */
  readonly isFixed?: true;
  /** What ended the search before the optimum was proven. */
  readonly endedBy?: 'budget' | 'clock';
}

interface ShownColumn {
  readonly name: string;
  readonly values: readonly (string | null)[];
  /** `codes[c]`: index into `values` of what class c shows. */
  readonly codes: Uint32Array;
}

/** No levels meet the floor, or none were found before the search ended; the reason says which. */
export interface Unreachable {
  readonly kind: 'unreachable';
  /** What fails at the best attempt, in words without values of the data. */
  readonly reason: string;
  /** What would be right: which number of the agreement to change, and to what. */
  readonly remedy: string;
}

/** Values of the delivery that a hierarchy does not know. */
export interface UnknownValues {
  readonly kind: 'unknown-values';
  readonly column: string;
  readonly file: string;
  readonly count: number;
  /** The first of them, sorted, at most 20. The giver's own eyes only. */
  readonly values: readonly string[];
}
