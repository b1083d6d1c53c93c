import type { ClassTable, SensitiveCells, SpanningClasses } from './class-table';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';

/** A point of the lattice: a level per class column. */
export type Node = readonly number[];

export interface ClassMerger {
  /** The classes at a node, from those of a node that is nowhere more general. */
  readonly merge: (table: ClassTable, node: Node) => ClassTable;
  /** Which class at `node` each class of `table` falls into. The next call overwrites the answer. */
  readonly assign: (table: ClassTable, node: Node) => Assignment;
}

export interface Assignment {
  readonly classes: number;
  /** Per class of the table, its class at the node. */
  readonly classOf: Uint32Array;
  /** Per class at the node, one of its tuples. */
  readonly tuples: Uint32Array;
}

/** A column as a digit of the key that tells classes apart. */
interface Digit {
  readonly valueOfTuple: Uint32Array;
  readonly codeOfValue: Uint32Array;
  readonly radix: number;
}

/** Merges classes by hashing what they show, on buffers made once. */
export function createClassMerger(histogram: Histogram, ladders: readonly Ladder[]): ClassMerger {
  const capacity = histogram.tuples;
  const classOf = new Uint32Array(capacity);
  const tuples = new Uint32Array(capacity);
  const keys = new Uint32Array(capacity);
  const split = createSplitter(capacity);

  function assign(table: ClassTable, node: Node): Assignment {
    const digits = ladders.map(({ levels }, column): Digit => {
      const { codes, shown } = levels[node[column]!]!;
      return { valueOfTuple: histogram.columns[column]!.codes, codeOfValue: codes, radix: shown.length };
    });
    classOf.fill(0, 0, table.classes);
    let classes = Math.min(1, table.classes);
    for (const word of packWords(digits)) {
      writeKeys(word, table, keys);
      classes = split(classOf, keys, table.classes);
    }
    for (let old = table.classes - 1; old >= 0; old--) tuples[classOf[old]!] = table.tuples[old]!;
    return { classes, classOf, tuples: tuples.subarray(0, classes) };
  }

  function merge(table: ClassTable, node: Node): ClassTable {
    const { classes, tuples } = assign(table, node);
    const rows = sumByClass(table.rows, classOf, classes);
    const subjects = sumByClass(table.subjects, classOf, classes);
    const population = new Float64Array(classes);
    if (histogram.population) addByClass(table.population, classOf, population);
    const spanning = mergeSpanning(table.spanning, classOf, subjects);
    const sensitive = table.sensitive.map((cells) => mergeCells(cells, classOf, classes));
    return { classes, tuples: tuples.slice(), rows, subjects, population, spanning, sensitive };
  }

  return { merge, assign };
}

type Splitter = (classOf: Uint32Array, keys: Uint32Array, length: number) => number;

/** Splits classes in place, by a key per member; answers their number. Classes are numbered as they first appear. */
function createSplitter(capacity: number): Splitter {
  // A slot of the hash table holds its class + 1, so that 0 is a free one.
  const slots = new Uint32Array(countSlots(capacity));
  const classes = new Uint32Array(capacity);
  const keysOfClass = new Uint32Array(capacity);
  return (classOf, keys, length) => {
    const mask = countSlots(length) - 1;
    slots.fill(0, 0, mask + 1);
    let count = 0;
    for (let member = 0; member < length; member++) {
      const whole = classOf[member]!;
      const key = keys[member]!;
      let slot = hashPair(whole, key) & mask;
      let found = slots[slot]! - 1;
      while (found >= 0 && (keysOfClass[found] !== key || classes[found] !== whole)) {
        slot = (slot + 1) & mask;
        found = slots[slot]! - 1;
      }
      if (found < 0) {
        found = count++;
        slots[slot] = count;
        keysOfClass[found] = key;
        classes[found] = whole;
      }
      classOf[member] = found;
    }
    return count;
  };
}

/** Enough for open addressing: a power of two, at most half full. */
function countSlots(classes: number): number {
  return 2 ** Math.ceil(Math.log2(2 * classes + 2));
}

/** Multiplicative hashing by 2³² / golden ratio; the high bits, which it mixes best, are folded onto the low ones. */
function hashPair(one: number, other: number): number {
  const hash = Math.imul(Math.imul(one, 0x85ebca6b) ^ other, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** As few 32-bit words as hold one digit per column that still tells values apart. */
function packWords(digits: readonly Digit[]): readonly (readonly Digit[])[] {
  const words: Digit[][] = [[]];
  let combinations = 1;
  for (const digit of digits) {
    if (digit.radix <= 1) continue;
    combinations *= digit.radix;
    if (combinations > 2 ** 32) {
      words.push([]);
      combinations = digit.radix;
    }
    words.at(-1)!.push(digit);
  }
  return words;
}

function writeKeys(digits: readonly Digit[], { classes, tuples }: ClassTable, keys: Uint32Array): void {
  keys.fill(0, 0, classes);
  for (const { valueOfTuple, codeOfValue, radix } of digits) {
    for (let index = 0; index < classes; index++) {
      keys[index] = Math.imul(keys[index]!, radix) + codeOfValue[valueOfTuple[tuples[index]!]!]!;
    }
  }
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

function mergeCells(cells: SensitiveCells, classOf: Uint32Array, classes: number): SensitiveCells {
  const merged = {
    codes: new Uint32Array(cells.codes.length),
    classes: new Uint32Array(cells.codes.length),
    rows: new Uint32Array(cells.codes.length),
  };
  // Per class, where its latest cell stands, counted from 1; it is of the value at hand when it is behind `start`.
  const latest = new Uint32Array(classes);
  let start = 0;
  let size = 0;
  for (let cell = 0; cell < cells.codes.length; cell++) {
    const code = cells.codes[cell]!;
    if (cell > 0 && code !== cells.codes[cell - 1]) start = size;
    const target = classOf[cells.classes[cell]!]!;
    if (latest[target]! <= start) {
      merged.codes[size] = code;
      merged.classes[size] = target;
      latest[target] = ++size;
    }
    merged.rows[latest[target]! - 1]! += cells.rows[cell]!;
  }
  return {
    codes: merged.codes.slice(0, size),
    classes: merged.classes.slice(0, size),
    rows: merged.rows.slice(0, size),
  };
}
