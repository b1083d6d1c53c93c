import type { SearchedColumn } from '../../discovery/search-release';
import type { TDistance } from '../models/privacy-floor';
import type { ClassSizeBin, RiskMeasures } from './certificate';
import type { CompositionRisk } from './measure-composition';

/** What an engine measures of a written release, by queries that share nothing with the ones that wrote it. */
export interface ReleaseMeasurement {
  readonly rows: number;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** These three are absent for a dataset without class columns. */
  readonly classes?: MeasuredClasses;
  readonly riskBefore?: RiskMeasures;
  readonly riskAfter?: RiskMeasures;
  /** Beside earlier releases; see `ReleaseTask.earlier`. */
  readonly composition?: CompositionRisk;
  /** Share of the release's cells that tell something, 0 to 1. */
  readonly completeness: number;
  /** What its columns were found to hold; see `listSearched`. */
  readonly searched: readonly SearchedColumn[];
  /** Distinct subjects in the release (rows where none is named). */
  readonly subjects: number;
  /** Of the columns that `listShared` names; absent where there are none. */
  readonly shared?: readonly MeasuredSharers[];
  /** Of the generalised class columns; absent for a dataset without class columns. */
  readonly shown?: readonly ShownRows[];
}

/** How many rows show each value of a column. */
export interface ShownRows {
  readonly column: string;
  readonly texts: readonly (string | null)[];
  readonly rows: readonly number[];
}

/** Fewest subjects that share a released value of the column; null where none is shown. */
export interface MeasuredSharers {
  readonly column: string;
  readonly subjects: number | null;
}

export interface MeasuredClasses {
  /** Fewest distinct subjects in a class. */
  readonly k: number;
  readonly classes: number;
  /** Sum over classes of their rows squared: what `ReleaseQuality.discernibility` is made of. */
  readonly squaredRows: number;
  /** Least diversity of a class; `measure`: absent for distinct values. See `MeasuredDiversity`. */
  readonly l: readonly MeasuredDiversity[];
  /** Greatest distance of a class from all accepted rows, and from those that are released. */
  readonly t: readonly MeasuredCloseness[];
  readonly classSizes: readonly ClassSizeBin[];
  /** See `MeasuredPrivacy.linkedK`. */
  readonly linkedK?: number;
  /** Fewest subjects of the population that a class stands for; estimated where only their number is known. */
  readonly kMap?: number;
  /** Least and greatest share of the population of a class that is in the release. */
  readonly presence?: { readonly least: number; readonly greatest: number };
}

interface MeasuredCloseness {
  readonly column: string;
  readonly measure: TDistance;
  readonly distance: number;
  readonly ofReleased: number;
}

/** What the least diverse class holds of a sensitive column. */
export interface MeasuredDiversity {
  readonly column: string;
  readonly distinct: number;
  /**
   * Of the subjects of a class that have a value at all, the greatest share that have the same one: where it is 1, whoever
   * knows that somebody is in the class knows the value.
   */
  readonly shared: number;
  /** As uncertain as so many equally frequent values; there where the floor asks for entropy. */
  readonly entropy?: number;
  /** The most frequent value's rows / those from the l-th most frequent on; there where the floor is recursive. Null: no end. */
  readonly recursive?: number | null;
}
