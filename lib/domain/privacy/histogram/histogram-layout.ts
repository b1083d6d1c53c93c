/**
 * How an engine that runs elsewhere hands a histogram over: `tables/table=NAME/` for each, with any number of Parquet files in
 * any order of rows, and `manifest.json` beside them, written last. Numbers are whole and not negative, INT32 or INT64;
 * texts are UTF-8; nothing but a value is ever null. docs/histogram.md says it in full.
 */
export const HISTOGRAM_TABLES = {
  /** One row per tuple, numbered from 0 without gaps. Beside these, `code_0`, `code_1` …: per class column its value. */
  tuples: ['tuple', 'rows', 'subjects'],
  /** Per class column (by its place in the dataset's `classColumns`) its distinct values, coded from 0 without gaps. */
  values: ['column', 'code', 'value'],
  /** One row per tuple of a subject that has rows in several; subjects numbered from 0 without gaps. */
  spanning: ['subject', 'tuple'],
  /**
   * Per sensitive column (by its place in `listSensitive`), tuple and value: rows, and the subjects that have the value in
   * this tuple and no other.
   */
  sensitive: ['column', 'tuple', 'code', 'rows', 'subjects'],
  /**
   * One row per tuple of a subject that has one value (`code`) of a sensitive column in several tuples. Holders, a subject
   * and a value each, are numbered from 0 without gaps in each column.
   */
  holders: ['column', 'holder', 'tuple', 'code'],
  /** Per sensitive column its distinct values, coded from 0 in the order of the column's type, null last. */
  sensitive_values: ['column', 'code', 'value'],
} as const;

export const HISTOGRAM_VERSION = 2;

export type HistogramTable = keyof typeof HISTOGRAM_TABLES;

/** Says that all is there. */
export interface HistogramManifest {
  readonly histogramVersion: typeof HISTOGRAM_VERSION;
  /** Rows of each table, over all of its files. */
  readonly tables: Readonly<Record<HistogramTable, number>>;
}

/** Name of the column of `tuples` that holds the codes of a class column. */
export function codeName(classIndex: number): string {
  return `code_${classIndex}`;
}

/** A histogram's tables as they were read: one array per column, all of a table equally long. */
export interface HistogramTables {
  readonly tuples: Readonly<Record<'tuple' | 'rows' | 'subjects', Uint32Array>> & {
    readonly codes: readonly Uint32Array[];
  };
  readonly values: ValueTable;
  readonly spanning: Readonly<Record<'subject' | 'tuple', Uint32Array>>;
  readonly sensitive: Readonly<Record<'column' | 'tuple' | 'code' | 'rows' | 'subjects', Uint32Array>>;
  readonly holders: Readonly<Record<'column' | 'holder' | 'tuple' | 'code', Uint32Array>>;
  readonly sensitiveValues: ValueTable;
}

export interface ValueTable {
  readonly column: Uint32Array;
  readonly code: Uint32Array;
  readonly value: readonly (string | null)[];
}
