/**
 * What a solver needs to know of a delivery, and no more: how many subjects and rows share each combination
 * (tuple) of values of the columns that classes are made of. An engine counts it; the domain only reads it.
 */
export interface Histogram {
  /** Number of distinct tuples. */
  readonly tuples: number;
  readonly columns: readonly HistogramColumn[];
  /** `rows[t]`: rows with tuple t. */
  readonly rows: Uint32Array;
  /** `subjects[t]`: distinct subjects all of whose rows have tuple t. Equal to `rows` where no subject is named. */
  readonly subjects: Uint32Array;
  /** Subjects with rows in several tuples; each must be counted once in a class, however its tuples merge. */
  readonly spanning: SpanningSubjects;
  readonly sensitive: readonly SensitiveCounts[];
  /** `population[t]`: subjects of the population with tuple t. Such a tuple may have no row. Absent: not counted. */
  readonly population?: Float64Array;
}

export interface HistogramColumn {
  readonly name: string;
  /** The distinct values present, as canonical text; null is a value of its own. `codes` point into it. */
  readonly values: readonly (string | null)[];
  /** `codes[t]`: index into `values` of tuple t's value. */
  readonly codes: Uint32Array;
}

/** Compressed rows: subject s has rows in tuples `tuples[offsets[s] … offsets[s + 1] − 1]`, each named once. */
export interface SpanningSubjects {
  /** Length: number of spanning subjects + 1. `Uint32Array.of(0)` for none. */
  readonly offsets: Uint32Array;
  readonly tuples: Uint32Array;
}

/** Rows per tuple and value of one sensitive column, compressed by tuple like {@link SpanningSubjects}. */
export interface SensitiveCounts {
  readonly name: string;
  /** Distinct values present, as canonical text, in the column type's own order (numbers by size, dates by time); null last. */
  readonly values: readonly (string | null)[];
  /** Length: number of tuples + 1. */
  readonly offsets: Uint32Array;
  readonly codes: Uint32Array;
  readonly rows: Uint32Array;
  /** Who has these values, where a subject may have several rows and l speaks of the column; without it each row is a holder. */
  readonly holders?: ValueHolders;
}

/** Subjects by the values that they have: a subject counts once for each of its values, however many rows repeat it. */
export interface ValueHolders {
  /** Per cell, the subjects that have its value in this tuple and no other. */
  readonly subjects: Uint32Array;
  /** A subject with a value in several tuples has it in the cells `cells[offsets[h] … offsets[h + 1] − 1]`, each named once. */
  readonly spanning: { readonly offsets: Uint32Array; readonly cells: Uint32Array };
}
