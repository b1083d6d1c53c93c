import type { ClassTable } from '../histogram/class-table';

/** One number of the floor, ready to be held against the classes of one delivery. */
export interface ClassCriterion {
  /** What classes that fail it do, e.g. `hold fewer than 5 subjects`. */
  readonly failure: string;
  /** Marks the classes of the table that fail, and what they must lose at least. Classes without rows are none. */
  readonly judge: (table: ClassTable, verdict: Verdict) => void;
  /** Per class, the greater the better: a class fails exactly when it has less than is asked for. */
  readonly score: (table: ClassTable) => ArrayLike<number>;
  /** The change that lets classes of this score pass; absent where the language has no such number. */
  readonly relax: (score: number) => string | undefined;
}

/** How the classes of a table stand to a floor. */
export interface Verdict {
  /** 1 for a class that must be suppressed as it is. */
  readonly fails: Uint8Array;
  /** Per class, the share of its rows that must be suppressed at the table's node and at every finer one, 0 to 1. */
  readonly losses: Float64Array;
  /** Rows that must be suppressed here and at every finer node, whichever they are. */
  lostRows: number;
}
