import { createKeyGroups } from './class-keys';
import type { Node } from './class-merger';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';

/** Looks at nodes fast, and tells of each no more than is true. */
export interface Scout {
  /** All rows, in no order. */
  readonly everything: Field;
  /**
   * Looks at the rows of a field, at a node that is nowhere coarser than the one it was laid out for. No further than until
   * more than the limit are lost, or more than this share of all tuples was looked at.
   */
  readonly look: (field: Field, node: Node, effort: number) => Sighting;
  /** The same, to the end; and lays out the rows for this node, unless more than the limit are lost. */
  readonly survey: (field: Field, node: Node) => Survey;
}

export interface Sighting {
  /** Rows that must be suppressed at the node, at least. */
  readonly lostRows: number;
  /** Tuples looked at, and whether they are all that the field has. */
  readonly seen: number;
  readonly isWhole: boolean;
  /** Per column and value, the rows that are lost. To be asked before anything else is looked at. */
  readonly listLost: () => readonly Float64Array[];
}

export interface Survey {
  readonly lostRows: number;
  readonly seen: number;
  readonly field?: Field;
}

/** Rows in the order of the classes of a node, those of the smallest classes first. */
export interface Field {
  readonly under: Node;
  readonly combinations: readonly (Uint16Array | Uint32Array)[];
  readonly subjects: Uint32Array;
  readonly rows: Uint32Array;
  /** Places at which classes end, ascending; the last is the end of the field. */
  readonly ends: readonly number[];
  /** Rows of the classes that are too small already; they are no part of the field. */
  readonly lostRows: number;
  /** The same per column and value. */
  readonly lost: readonly Float64Array[];
  /** Tuples in small classes: the more, the sooner a finer node is found to be too fine. */
  readonly small: number;
}

export interface Scouting {
  readonly histogram: Histogram;
  readonly ladders: readonly Ladder[];
  /** Subjects that a class must hold. */
  readonly least: number;
  /** Rows that may be suppressed. */
  readonly limit: number;
}

/** Keys that are made at a time. */
const CHUNK = 4096;
const FEWEST_SLOT_BITS = 12;
const MOST_SLOT_BITS = 22;
/** Slots for each row, so that hardly two classes meet in one. */
const ROOM = 16;
/** Classes are told apart by their size up to so many times what they must hold, in so many steps. */
const TIMES_TOLD = 8;
const STEPS = 256;
/** Classes of about one size, in parts that no class spans. */
const PARTS = 64;
/** Tuples looked at between two questions whether they are enough. */
const FEWEST_TUPLES = 1024;
/** Small is below so many times what a class must hold. */
const SMALL = 4;

/**
 * A class is a slot of a table of counts, found by a hash of what the class shows. Classes that meet in a slot are counted
 * as one, and subjects with rows in several tuples several times: both can only hide that a class is too small. So rows
 * that are found to be lost are lost, by their number of subjects alone.
 *
 * Finer nodes split classes and nothing else. So of rows that are whole classes of a coarser node, what is lost is lost,
 * wherever the others are; and most is lost in the small classes. A node that is too fine is told by some of the rows, if
 * those of the smallest classes come first.
 */
export function createScout({ histogram, ladders, least, limit }: Scouting): Scout {
  const { tuples, spanning, columns } = histogram;
  const groups = createKeyGroups(histogram, ladders);
  const lengths = groups.map(({ sizes }) => sizes.reduce((product, size) => product * size, 1));
  const digits = lengths.map((length) => new Int32Array(length));
  const keys = new Int32Array(CHUNK);
  const slotOf = new Uint32Array(tuples);
  const told = Math.max(STEPS - 1, TIMES_TOLD * least);
  const step = Math.ceil((told + 1) / STEPS);
  const slots = 2 ** countSlotBits(tuples);
  const counts = told < 2 ** 8 ? new Uint8Array(slots) : new Uint32Array(slots);
  const everything = listEverything();
  const isAlike = everything.subjects === everything.rows;
  const rowsOf = new Uint32Array(isAlike ? 0 : slots);
  /** Of the pass at hand: its table has 2 to the power of this many slots. */
  let slotBits = 0;

  function listEverything(): Field {
    const alike =
      spanning.tuples.length === 0 && histogram.rows.every((rows, tuple) => rows === histogram.subjects[tuple]);
    const subjects = alike ? histogram.rows : histogram.subjects.slice();
    if (!alike) for (const tuple of spanning.tuples) subjects[tuple]! += 1;
    return {
      under: ladders.map(({ levels }) => levels.length - 1),
      combinations: groups.map(({ combinations }) => combinations),
      subjects,
      rows: histogram.rows,
      ends: [tuples],
      lostRows: 0,
      lost: createSums(),
      small: 0,
    };
  }

  function createSums(): readonly Float64Array[] {
    return columns.map(({ values }) => new Float64Array(Math.max(1, values.length)));
  }

  function look(field: Field, node: Node, effort: number): Sighting {
    const { lostRows, seen } = pass(field, node, effort * tuples, least);
    return { lostRows, seen, isWhole: seen === field.rows.length, listLost: () => listLost(field, seen) };
  }

  function survey(field: Field, node: Node): Survey {
    const { lostRows, seen } = pass(field, node, tuples, told);
    return { lostRows, seen, ...(lostRows <= limit && { field: layOut(field, node, lostRows) }) };
  }

  /** `most`: slots count no further. */
  function pass(field: Field, node: Node, effort: number, most: number) {
    const telling = hashDigits(node);
    slotBits = countSlotBits(field.rows.length);
    counts.fill(0, 0, 2 ** slotBits);
    if (!isAlike) rowsOf.fill(0, 0, 2 ** slotBits);
    let { lostRows } = field;
    let seen = 0;
    for (const end of field.ends) {
      findSlots(field, telling, seen, end);
      lostRows += countLost(field, seen, end, most);
      seen = end;
      if (lostRows > limit || seen > effort) break;
    }
    return { lostRows, seen };
  }

  /** The groups that tell classes apart at the node; what their combinations add to the hash is in `digits`. */
  function hashDigits(node: Node): readonly number[] {
    const telling: number[] = [];
    for (const [index, { digitAt }] of groups.entries()) {
      const { codes, radix } = digitAt(node);
      if (radix === 1) continue;
      const factor = spread(index + 1) | 1;
      const table = digits[index]!;
      for (let combination = 0; combination < table.length; combination++)
        table[combination] = Math.imul(codes[combination]!, factor);
      telling.push(index);
    }
    return telling;
  }

  function findSlots({ combinations }: Field, telling: readonly number[], start: number, end: number): void {
    for (let from = start; from < end; from += CHUNK) {
      const to = Math.min(end, from + CHUNK);
      keys.fill(0, 0, to - from);
      for (const index of telling) addKeys(combinations[index]!, digits[index]!, keys, from, to);
      const shift = 32 - slotBits;
      for (let place = from; place < to; place++) {
        const key = keys[place - from]!;
        slotOf[place] = Math.imul(key ^ (key >>> 15), 0x85ebca6b) >>> shift;
      }
    }
  }

  /** A slot that comes to hold enough gives back what it was thought to lose. */
  function countLost({ subjects, rows }: Field, start: number, end: number, most: number): number {
    let lost = 0;
    for (let place = start; place < end; place++) {
      const slot = slotOf[place]!;
      const before = counts[slot]!;
      if (before >= most) continue;
      const after = before + subjects[place]!;
      counts[slot] = Math.min(after, most);
      if (before >= least) continue;
      if (isAlike) {
        lost += after < least ? subjects[place]! : -before;
        continue;
      }
      const rowsBefore = rowsOf[slot]!;
      rowsOf[slot] = rowsBefore + rows[place]!;
      lost += after < least ? rows[place]! : -rowsBefore;
    }
    return lost;
  }

  function listLost({ combinations, rows, lost }: Field, end: number): readonly Float64Array[] {
    const places: number[] = [];
    for (let place = 0; place < end; place++) if (counts[slotOf[place]!]! < least) places.push(place);
    const found = createSums();
    for (const [index, { columns: own, sizes }] of groups.entries()) {
      const codes = combinations[index]!;
      const sums = new Float64Array(lengths[index]!);
      for (const place of places) sums[codes[place]!]! += rows[place]!;
      let width = 1;
      for (let at = own.length - 1; at >= 0; at--) {
        addByValue(sums, width, found[own[at]!]!);
        width *= sizes[at]!;
      }
    }
    for (const [column, values] of found.entries())
      for (let value = 0; value < values.length; value++) values[value]! += lost[column]![value]!;
    return found;
  }

  /** After a pass over all of the field that counted as far as classes are told apart. */
  function layOut(field: Field, under: Node, lostRows: number): Field {
    const { rows: before, subjects, combinations } = field;
    const partShift = slotBits - Math.log2(PARTS);
    const bucketOf = (slot: number, count: number) => Math.floor(count / step) * PARTS + (slot >>> partShift);
    const bounds = new Uint32Array(STEPS * PARTS + 1);
    let small = tuples - before.length;
    for (let place = 0; place < before.length; place++) {
      const slot = slotOf[place]!;
      const count = counts[slot]!;
      if (count < SMALL * least) small += 1;
      if (count >= least) bounds[bucketOf(slot, count) + 1]! += 1;
    }
    const ends: number[] = [];
    for (let bucket = 1; bucket < bounds.length; bucket++) {
      bounds[bucket]! += bounds[bucket - 1]!;
      const end = bounds[bucket]!;
      if (end - (ends.at(-1) ?? 0) >= FEWEST_TUPLES || bucket === bounds.length - 1) ends.push(end);
    }
    const members = new Uint32Array(ends.at(-1)!);
    for (let place = 0; place < before.length; place++) {
      const slot = slotOf[place]!;
      const count = counts[slot]!;
      if (count >= least) members[bounds[bucketOf(slot, count)]!++] = place;
    }
    const rows = members.map((place) => before[place]!);
    return {
      under,
      combinations: combinations.map((codes) =>
        codes instanceof Uint16Array ? pickShort(codes, members) : members.map((place) => codes[place]!),
      ),
      subjects: isAlike ? rows : members.map((place) => subjects[place]!),
      rows,
      ends,
      lostRows,
      lost: listLost(field, before.length),
      small,
    };
  }

  return { everything, look, survey };
}

function addKeys(
  codes: Uint16Array | Uint32Array,
  digits: Int32Array,
  keys: Int32Array,
  start: number,
  end: number,
): void {
  for (let place = start; place < end; place++)
    keys[place - start] = (keys[place - start]! + digits[codes[place]!]!) | 0;
}

function pickShort(codes: Uint16Array, places: Uint32Array): Uint16Array {
  const picked = new Uint16Array(places.length);
  for (let place = 0; place < places.length; place++) picked[place] = codes[places[place]!]!;
  return picked;
}

/** From combinations of values to those of one column, whose value changes every `width` combinations. */
function addByValue(combinations: Float64Array, width: number, values: Float64Array): void {
  for (let combination = 0; combination < combinations.length; )
    for (let value = 0; value < values.length; value++)
      for (const end = combination + width; combination < end; combination++)
        values[value]! += combinations[combination]!;
}

function countSlotBits(rows: number): number {
  return Math.min(MOST_SLOT_BITS, Math.max(FEWEST_SLOT_BITS, Math.ceil(Math.log2(ROOM * rows + 1))));
}

/** Small numbers over 32 bits, so that sums of multiples of them hardly ever meet (the last step of MurmurHash3). */
function spread(number: number): number {
  let mixed = Math.imul(number, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
