/**
 * Finds the end and the keys of a record faster than byte by byte: what `splitRecords` may be given. It says the same as the
 * splitter would find, or that it cannot.
 */
export interface RecordWalker {
  /** These bytes are walked from now on; what they are is not changed meanwhile. */
  readonly open: (bytes: Uint8Array) => void;
  /**
   * From behind the opening bracket of a record to behind its closing one. 0: it is not seen to end, or is for the splitter
   * (a backslash is in it).
   */
  readonly walk: (from: number) => number;
  /**
   * Of the last walk: where the colon behind every key is that is looked for, and 16 times the depth of the key (1: of the
   * record itself) and its number, or 15 where that is not seen; where other keys of the record itself stand between these,
   * one of them, with 0. In order, as pairs; positions count from `origin`.
   */
  readonly keys: Int32Array;
  readonly found: () => number;
  readonly origin: () => number;
}
