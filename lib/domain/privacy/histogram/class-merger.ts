import type { Ladder } from '../hierarchies/ladder';
import { createKeyGroups, type KeyDigit } from './class-keys';
import type { ClassTable, SensitiveCells, SpanningClasses } from './class-table';
import type { Histogram } from './histogram';
import { createSplitter } from './split-classes';

/** A point of the lattice: a level per class column. */
export type Node = readonly number[];

export interface ClassMerger {
  /** The classes at a node, from those of a node that is nowhere more general. */
  readonly merge: (table: ClassTable, node: Node) => ClassTable;
  /** Which class at `node` each class of `table` falls into. The next call overwrites the answer. */
  readonly assign: (table: ClassTable, node: Node) => Assignment;
}

interface Assignment {
  readonly classes: number;
  /** Per class of the table, its class at the node. */
  readonly classOf: Uint32Array;
  /** Per class at the node, one of its tuples. */
  readonly tuples: Uint32Array;
}

const NO_POPULATION = new Float64Array();

/** Where merged cells are written before their number is known. */
interface CellRoom {
  readonly codes: Uint32Array;
  readonly classes: Uint32Array;
  /** Per cell before, the one it falls into. */
  readonly cellOf: Uint32Array;
}

/** Merges classes by hashing what they show, on buffers made once. */
export function createClassMerger(histogram: Histogram, ladders: readonly Ladder[]): ClassMerger {
  const capacity = histogram.tuples;
  const classOf = new Uint32Array(capacity);
  const tuples = new Uint32Array(capacity);
  const keys = new Uint32Array(capacity);
  const split = createSplitter(capacity);
  const groups = createKeyGroups(histogram, ladders);
  const cells = Math.max(0, ...histogram.sensitive.map(({ codes }) => codes.length));
  const room = { codes: new Uint32Array(cells), classes: new Uint32Array(cells), cellOf: new Uint32Array(cells) };

  function assign(table: ClassTable, node: Node): Assignment {
    const [first = [], ...others] = packWords(
      groups.map(({ digitAt }) => digitAt(node)).filter(({ radix }) => radix > 1),
    );
    // The first word of the key stands in for the class until there is one.
    writeKeys(first, table, classOf);
    let classes = 0;
    for (const word of others.length === 0 ? [[]] : others) {
      writeKeys(word, table, keys);
      classes = split(classOf, keys, table.classes, tuples);
    }
    // Of each class the first member, and then that one's tuple.
    for (let index = 0; index < classes; index++) tuples[index] = table.tuples[tuples[index]!]!;
    return { classes, classOf, tuples: tuples.subarray(0, classes) };
  }

  function merge(table: ClassTable, node: Node): ClassTable {
    const { classes, tuples } = assign(table, node);
    const rows = sumByClass(table.rows, classOf, classes);
    // Where every row is a subject of its own, they are counted once.
    const subjects = table.subjects === table.rows ? rows : sumByClass(table.subjects, classOf, classes);
    const population = histogram.population ? new Float64Array(classes) : NO_POPULATION;
    if (histogram.population) addByClass(table.population, classOf, population);
    const spanning = mergeSpanning(table.spanning, classOf, subjects);
    const sensitive = table.sensitive.map((own) => mergeCells(own, classOf, classes, room));
    const settled = table.settled === table.subjects ? subjects : sumByClass(table.settled, classOf, classes);
    return { classes, tuples: tuples.slice(), rows, subjects, population, spanning, settled, sensitive };
  }

  return { merge, assign };
}

/** As few 32-bit words as hold all digits. */
function packWords(digits: readonly KeyDigit[]): readonly (readonly KeyDigit[])[] {
  const words: KeyDigit[][] = [];
  let combinations = Number.POSITIVE_INFINITY;
  for (const digit of digits) {
    combinations *= digit.radix;
    if (combinations > 2 ** 32) {
      words.push([]);
      combinations = digit.radix;
    }
    words.at(-1)!.push(digit);
  }
  return words;
}

function writeKeys(digits: readonly KeyDigit[], { classes, tuples }: ClassTable, keys: Uint32Array): void {
  const [first, ...others] = digits;
  if (!first) {
    keys.fill(0, 0, classes);
    return;
  }
  const { combinations, codes } = first;
  for (let index = 0; index < classes; index++) keys[index] = codes[combinations[tuples[index]!]!]!;
  for (const { combinations: own, codes: shown, radix } of others)
    for (let index = 0; index < classes; index++)
      keys[index] = Math.imul(keys[index]!, radix) + shown[own[tuples[index]!]!]!;
}

function sumByClass(counts: Uint32Array, classOf: Uint32Array, classes: number): Uint32Array {
  const sums = new Uint32Array(classes);
  addByClass(counts, classOf, sums);
  return sums;
}

function addByClass<T extends Uint32Array | Float64Array>(counts: T, classOf: Uint32Array, sums: T): void {
  for (let old = 0; old < counts.length; old++) sums[classOf[old]!]! += counts[old]!;
}

/** Takes from `subjects` what a subject was counted more than once in a class. */
function mergeSpanning(spanning: SpanningClasses, classOf: Uint32Array, subjects: Uint32Array): SpanningClasses {
  if (spanning.classes.length === 0) return spanning;
  const offsets = new Uint32Array(spanning.offsets.length);
  const classes = new Uint32Array(spanning.classes.length);
  const lastSubject = new Uint32Array(subjects.length);
  let kept = 0;
  let size = 0;
  for (let subject = 1; subject < spanning.offsets.length; subject++) {
    for (let place = spanning.offsets[subject - 1]!; place < spanning.offsets[subject]!; place++) {
      const merged = classOf[spanning.classes[place]!]!;
      if (lastSubject[merged] === subject) {
        subjects[merged]! -= 1;
      } else {
        lastSubject[merged] = subject;
        classes[size++] = merged;
      }
    }
    // A subject that is left in one class spans no longer: the class counts it already.
    if (size - offsets[kept]! < 2) size = offsets[kept]!;
    else offsets[++kept] = size;
  }
  return { offsets: offsets.slice(0, kept + 1), classes: classes.slice(0, size) };
}

function mergeCells(cells: SensitiveCells, classOf: Uint32Array, classes: number, room: CellRoom): SensitiveCells {
  const { codes: codesBefore, classes: classesBefore } = cells;
  const { codes, classes: cellClasses, cellOf } = room;
  // Per class, where its latest cell stands, counted from 1; it is of the value at hand when it is behind `start`.
  const latest = new Uint32Array(classes);
  let start = 0;
  let size = 0;
  let value = -1;
  for (let cell = 0; cell < codesBefore.length; cell++) {
    const code = codesBefore[cell]!;
    if (code !== value) {
      value = code;
      start = size;
    }
    const target = classOf[classesBefore[cell]!]!;
    if (latest[target]! <= start) {
      codes[size] = code;
      cellClasses[size] = target;
      latest[target] = ++size;
    }
    cellOf[cell] = latest[target]! - 1;
  }
  const rows = sumByClass(cells.rows, cellOf, size);
  const holders = cells.holders === cells.rows ? rows : sumByClass(cells.holders, cellOf, size);
  return {
    codes: codes.slice(0, size),
    classes: cellClasses.slice(0, size),
    rows,
    holders,
    spanning: mergeSpanning(cells.spanning, cellOf, holders),
  };
}
