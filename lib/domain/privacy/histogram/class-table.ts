/**
 * The classes at one node of the lattice, with all that a coarser node's classes can be counted from: classes of
 * classes count exactly what classes of tuples would.
 */
export interface ClassTable {
  readonly classes: number;
  /** One tuple of each class; whatever the class shows, at this node or above, is what this tuple shows. */
  readonly tuples: Uint32Array;
  readonly rows: Uint32Array;
  /** Distinct subjects of each class, spanning ones included; `rows` itself where each row is a subject. */
  readonly subjects: Uint32Array;
  /** Subjects of the population that each class stands for; empty where it is not counted. A class may have no rows. */
  readonly population: Float64Array;
  readonly spanning: SpanningClasses;
  /** Subjects of each class that have rows in one tuple alone; `subjects` itself where all are so. */
  readonly settled: Uint32Array;
  /** Per sensitive column that the floor speaks of, in the histogram's order. */
  readonly sensitive: readonly SensitiveCells[];
}

/** Subjects in two or more classes: subject s is in `classes[offsets[s] … offsets[s + 1] − 1]`, each named once. */
export interface SpanningClasses {
  readonly offsets: Uint32Array;
  readonly classes: Uint32Array;
}

/** Rows per class and value of a sensitive column, as cells sorted by value; a class and a value meet at most once. */
export interface SensitiveCells {
  readonly codes: Uint32Array;
  readonly classes: Uint32Array;
  readonly rows: Uint32Array;
  /** Distinct subjects of the class that have the value; `rows` itself where each row is a subject. */
  readonly holders: Uint32Array;
  /** As of a class's subjects: those who have one value in several classes; `classes` holds places of cells. */
  readonly spanning: SpanningClasses;
}

/** What a table holds in memory, in numbers. */
export function measureTable({ classes, spanning, sensitive }: ClassTable): number {
  const cells = sensitive.reduce((sum, { codes, spanning: held }) => sum + 3 * codes.length + measureSpanning(held), 0);
  return 5 * classes + measureSpanning(spanning) + cells;
}

function measureSpanning({ offsets, classes }: SpanningClasses): number {
  return offsets.length + classes.length;
}
