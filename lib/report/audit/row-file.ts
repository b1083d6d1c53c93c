/** A file written row by row, while what it lists passes by. */
export interface RowFile<T> {
  readonly name: string;
  /** What stands before the first row; empty for none. */
  readonly head: string;
  /** With its line ending. */
  readonly formatRow: (value: T) => string;
}
