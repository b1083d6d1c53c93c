import { createKeyGroups, type KeyDigit } from './class-keys';
import type { Node } from './class-merger';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';
import { createRowLayouts, type Layout, MOST_IN_BYTE, type RowsInBlocks } from './row-layouts';

/** Counts what is lost at nodes, fast, and tells of each no more than is true. */
export interface RowCounter {
  /** Looks at the rows until more than the limit are lost. */
  readonly look: (node: Node) => Sighting;
  /** What a node is likely to lose, from some of the rows. */
  readonly estimate: (node: Node) => Estimate;
}

export interface Sighting {
  /** Rows that must be suppressed at the node, at least. */
  readonly lostRows: number;
  /** Tuples looked at. */
  readonly seen: number;
  /** Per column and value, the rows that are lost. To be asked before anything else is looked at. */
  readonly listLost: () => readonly Float64Array[];
}

export type Estimate = Pick<Sighting, 'lostRows' | 'seen'>;

export interface RowCounting {
  readonly histogram: Histogram;
  readonly ladders: readonly Ladder[];
  /** Subjects that a class must hold. */
  readonly least: number;
  /** Rows that may be suppressed. */
  readonly limit: number;
}

/** Slots for each tuple, so that hardly two classes meet in one. */
const ROOM = 16;
const FEWEST_SLOT_BITS = 8;
const MOST_SLOT_BITS = 22;
/** Keys that are made at a time. */
const CHUNK = 2048;
/** For an estimate a block out of so many is looked at, or of more where these would be many. */
const SOME = 16;
const MANY_BLOCKS = 32;

/**
 * A class is a slot of a table of counts, found by a hash of what the class shows. Classes that meet in a slot are counted
 * as one, and subjects with rows in several tuples several times: both can only hide that a class is too small. So rows
 * that are found to be lost are lost, by their number of subjects alone.
 *
 * Most of the time would be spent waiting for memory if the table were one for all rows. So they lie in blocks; those that
 * lose most come first, since a look ends when too many are lost.
 */
export function createRowCounter({ histogram, ladders, least, limit }: RowCounting): RowCounter {
  const { tuples, columns } = histogram;
  const groups = createKeyGroups(histogram, ladders);
  const lengths = groups.map(({ sizes }) => sizes.reduce((product, size) => product * size, 1));
  const factors = groups.map((_, index) => spread(index + 1) | 1);
  const hashed = new WeakMap<KeyDigit, Int32Array>();
  const slots = 2 ** countSlotBits(tuples);
  const counts = least <= MOST_IN_BYTE ? new Uint8Array(slots) : new Uint32Array(slots);
  const slotOf = new Int32Array(tuples);
  const found = new Int32Array(tuples);
  const layouts = createRowLayouts(histogram, ladders, groups, least);

  /** The groups that tell classes apart at the node, with what their combinations add to the hash. */
  function hashDigits(node: Node): readonly { readonly index: number; readonly digits: Int32Array }[] {
    return groups.flatMap(({ digitAt }, index) => {
      const digit = digitAt(node);
      if (digit.radix === 1) return [];
      const before = hashed.get(digit);
      if (before) return [{ index, digits: before }];
      const digits = Int32Array.from(digit.codes, (code) => Math.imul(code, factors[index]!));
      hashed.set(digit, digits);
      return [{ index, digits }];
    });
  }

  function findKeys(
    combinations: Layout['combinations'],
    telling: ReturnType<typeof hashDigits>,
    from: number,
    to: number,
  ): void {
    slotOf.fill(0, from, to);
    for (const { index, digits } of telling) addKeys(combinations[index]!, digits, slotOf, from, to);
  }

  /** `isEnough`: asked after each block. Places that are lost are in `found`. */
  function count(
    { layout: { combinations, subjects, rows }, blocks: { ends } }: RowsInBlocks,
    node: Node,
    order: Uint32Array,
    isEnough: (lostRows: number, seen: number, block: number) => boolean,
  ) {
    const telling = hashDigits(node);
    let [lostRows, seen, lostPlaces] = [0, 0, 0];
    for (const block of order) {
      const from = block === 0 ? 0 : ends[block - 1]!;
      const to = ends[block]!;
      const bits = countSlotBits(to - from);
      counts.fill(0, 0, 2 ** bits);
      for (let at = from; at < to; at += CHUNK) {
        const end = Math.min(to, at + CHUNK);
        findKeys(combinations, telling, at, end);
        countSlots(subjects, slotOf, counts, { from: at, to: end, least, shift: 32 - bits });
      }
      const before = lostPlaces;
      lostPlaces = listSmall(slotOf, counts, found, before, { from, to, least });
      for (let at = before; at < lostPlaces; at++) lostRows += rows[found[at]!]!;
      seen += to - from;
      if (isEnough(lostRows, seen, block)) break;
    }
    return { lostRows, seen, lostPlaces };
  }

  /** By what they lose at the first node that is counted in them. */
  function orderBlocks(place: RowsInBlocks, node: Node): Uint32Array {
    const { ends } = place.blocks;
    const shares = new Float64Array(ends.length);
    let before = 0;
    count(place, node, Uint32Array.from(ends.keys()), (lostRows, _, block) => {
      shares[block] = (lostRows - before) / (ends[block]! - (block === 0 ? 0 : ends[block - 1]!));
      before = lostRows;
      return false;
    });
    return Uint32Array.from(ends.keys()).sort((one, other) => shares[other]! - shares[one]!);
  }

  function listLost({ combinations, rows }: Layout, places: Int32Array): readonly Float64Array[] {
    const sums = columns.map(({ values }) => new Float64Array(Math.max(1, values.length)));
    for (const [index, { columns: own, sizes }] of groups.entries()) {
      const ofGroup = new Float64Array(lengths[index]!);
      const codes = combinations[index]!;
      for (const place of places) ofGroup[codes[place]!]! += rows[place]!;
      let width = 1;
      for (let at = own.length - 1; at >= 0; at--) {
        addByValue(ofGroup, width, sums[own[at]!]!);
        width *= sizes[at]!;
      }
    }
    return sums;
  }

  return {
    look: (node) => {
      const place = layouts.choose(node);
      place.blocks.order ??= orderBlocks(place, node);
      const { lostRows, seen, lostPlaces } = count(place, node, place.blocks.order, (lost) => lost > limit);
      layouts.heedWaste(place, seen);
      return { lostRows, seen, listLost: () => listLost(place.layout, found.subarray(0, lostPlaces)) };
    },
    estimate: (node) => {
      const place = layouts.choose(node);
      place.blocks.order ??= orderBlocks(place, node);
      const { order } = place.blocks;
      const step = order.length < SOME ? 1 : Math.max(SOME, Math.floor(order.length / MANY_BLOCKS));
      const some = order.filter((_, at) => at % step === step >> 1);
      const { lostRows, seen } = count(place, node, some, () => false);
      layouts.heedWaste(place, seen);
      return { lostRows: (lostRows * tuples) / Math.max(1, seen), seen };
    },
  };
}

function addKeys(
  codes: Uint16Array | Uint32Array,
  digits: Int32Array,
  keys: Int32Array,
  from: number,
  to: number,
): void {
  for (let place = from; place < to; place++) keys[place] = (keys[place]! + digits[codes[place]!]!) | 0;
}

type Counting = Readonly<Record<'from' | 'to' | 'least', number>>;

/** Leaves slots in place of keys; without branches, since none of them could be foretold. */
function countSlots(
  subjects: Uint8Array | Uint32Array,
  keys: Int32Array,
  counts: Uint8Array | Uint32Array,
  { from, to, shift, least }: Counting & { readonly shift: number },
): void {
  for (let place = from; place < to; place++) {
    const slot = mixKey(keys[place]!) >>> shift;
    keys[place] = slot;
    const sum = (counts[slot]! + subjects[place]!) | 0;
    const over = (least - sum) | 0;
    counts[slot] = sum + (over & (over >> 31));
  }
}

/** Appends the places whose slots hold too little; returns how many there are then. */
function listSmall(
  slots: Int32Array,
  counts: Uint8Array | Uint32Array,
  found: Int32Array,
  before: number,
  { from, to, least }: Counting,
): number {
  let size = before;
  for (let place = from; place < to; place++) {
    found[size] = place;
    size += (((counts[slots[place]!]! - least) | 0) >>> 31) & 1;
  }
  return size;
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

function mixKey(key: number): number {
  return Math.imul(key ^ (key >>> 15), 0x85ebca6b);
}

/** Small numbers over 32 bits, so that sums of multiples of them hardly ever meet (the last step of MurmurHash3). */
function spread(number: number): number {
  let mixed = Math.imul(number, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
