import type { SearchedColumn } from '../discovery/search-release';
import type { ClassSizeBin, RiskMeasures } from './certificate';
import type { TDistance } from './privacy-floor';

/** What an engine measures of a written release, by queries that share nothing with the ones that wrote it. */
export interface ReleaseMeasurement {
  readonly rows: number;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** These three are absent for a dataset without class columns. */
  readonly classes?: MeasuredClasses;
  readonly riskBefore?: RiskMeasures;
  readonly riskAfter?: RiskMeasures;
  /** Share of the release's cells that hold a value, 0 to 1. */
  readonly completeness: number;
  /** What its columns were found to hold; see `listSearched`. */
  readonly searched: readonly SearchedColumn[];
  /** Distinct subjects in the release (rows where none is named). */
  readonly subjects: number;
}

export interface MeasuredClasses {
  /** Fewest distinct subjects in a class. */
  readonly k: number;
  readonly classes: number;
  readonly l: readonly { readonly column: string; readonly distinct: number }[];
  readonly t: readonly { readonly column: string; readonly distance: number; readonly measure: TDistance }[];
  readonly classSizes: readonly ClassSizeBin[];
  /** See `MeasuredPrivacy.linkedK`. */
  readonly linkedK?: number;
}
