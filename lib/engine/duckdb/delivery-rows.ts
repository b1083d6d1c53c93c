import type { DeliveredTypes } from '../sql/clean-rows';

/** A delivery as rows in DuckDB, before anything is judged. */
export interface DeliveryRows {
  /**
   * A query for the given columns of all files, in the order of `files`. Parquet rows come with their `position`; rows of
   * text formats have it in their order alone, and null instead.
   */
  readonly select: string;
  readonly types: DeliveredTypes;
  readonly files: readonly FileRows[];
  /**
   * A query for the `position` and `reason` of records that have no values, and what there is of their given columns; what
   * `select` gives in their place means nothing.
   */
  readonly bad?: string;
}

export interface FileRows {
  readonly file: string;
  /** Hex; Parquet is hashed while it is queried. */
  readonly sha256: string | Promise<string>;
  readonly bytes: number;
  /** Position of its first row: rows are counted through all files, from 0. */
  readonly first: number;
  readonly rows: number;
}

/** Gives every file its place behind the one before. */
export function placeFiles(files: readonly Omit<FileRows, 'first'>[]): readonly FileRows[] {
  let first = 0;
  return files.map((file) => {
    const placed = { ...file, first };
    first += file.rows;
    return placed;
  });
}
