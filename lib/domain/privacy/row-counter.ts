import { createKeyGroups, type KeyDigit } from './class-keys';
import type { Node } from './class-merger';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';

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

/**
 * Tuples sorted by what some columns show at coarse levels. No class of a node that is nowhere coarser than the first so
 * many of these steps spans two of the blocks that they tell apart.
 */
interface Layout {
  readonly steps: readonly Step[];
  /** By how many of the steps are taken: none, one and so on. */
  readonly depths: readonly Blocks[];
  readonly combinations: readonly (Uint16Array | Uint32Array)[];
  /** No more than a class must hold. */
  readonly subjects: Uint8Array | Uint32Array;
  /** The same array where each row is a subject. */
  readonly rows: Uint8Array | Uint32Array;
}

interface Step {
  readonly column: number;
  readonly level: number;
}

interface Blocks {
  /** Where they end, ascending. */
  readonly ends: Uint32Array;
  /** How many tuples a tuple's block has, on average. */
  readonly size: number;
  /** Those first that are likely to lose most; in the order they lie in until that is known. */
  order?: Uint32Array;
}

/** Where a node is counted. */
interface Place {
  readonly layout: Layout;
  readonly blocks: Blocks;
}

/** Tuples of a block, where its classes allow it: what is counted of them stays in the processor's reach. */
const BLOCK = 1024;
/** Larger blocks are worth another layout, once so many times all tuples were looked at in them. */
const LARGE_BLOCK = 2 ** 15;
const WORTH_LAYING_OUT = 8;
/** Tuples in the layouts kept at once: so many times as many as there are, or this many. */
const TIMES_KEPT = 4;
const KEPT_TUPLES = 3.2e7;
/** More bits than it takes to tell blocks apart, since columns tell in part the same. */
const SPARE_BITS = 3;
/** What blocks are told apart by has no more combinations. */
const RADIX_BITS = 12;
const MOST_CODES = 2 ** (2 * RADIX_BITS);
/** Slots for each tuple, so that hardly two classes meet in one. */
const ROOM = 16;
const FEWEST_SLOT_BITS = 8;
const MOST_SLOT_BITS = 22;
/** Keys that are made at a time. */
const CHUNK = 2048;
/** For an estimate a block out of so many is looked at, or of more where these would be many. */
const SOME = 16;
const MANY_BLOCKS = 32;
const MOST_IN_BYTE = 127;

/**
 * A class is a slot of a table of counts, found by a hash of what the class shows. Classes that meet in a slot are counted
 * as one, and subjects with rows in several tuples several times: both can only hide that a class is too small. So rows
 * that are found to be lost are lost, by their number of subjects alone.
 *
 * Most of the time would be spent waiting for memory if the table were one for all rows. So they are laid out in blocks
 * that each hold all of a class, for nodes below one that is coarse; blocks that lose most come first, since a look ends
 * when too many are lost.
 */
export function createRowCounter({ histogram, ladders, least, limit }: RowCounting): RowCounter {
  const { tuples, spanning, columns } = histogram;
  const groups = createKeyGroups(histogram, ladders);
  const lengths = groups.map(({ sizes }) => sizes.reduce((product, size) => product * size, 1));
  const factors = groups.map((_, index) => spread(index + 1) | 1);
  const hashed = new WeakMap<KeyDigit, Int32Array>();
  const slots = 2 ** countSlotBits(tuples);
  const counts = least <= MOST_IN_BYTE ? new Uint8Array(slots) : new Uint32Array(slots);
  const slotOf = new Int32Array(tuples);
  const found = new Int32Array(tuples);
  const bitsAt = ladders.map((ladder, column) => measureBits(histogram, ladder, column));
  const everything = listEverything();
  /** The one used last stands last. */
  const layouts: Layout[] = [];
  const most = Math.max(TIMES_KEPT * tuples, KEPT_TUPLES);
  const largeBlock = Math.max(2 * BLOCK, Math.min(LARGE_BLOCK, tuples / SOME));
  let wasted = 0;

  function listEverything(): Layout {
    const all = histogram.subjects.slice();
    for (const tuple of spanning.tuples) all[tuple]! += 1;
    const isAlike = all.every((subjects, tuple) => subjects === histogram.rows[tuple]);
    const subjects = least <= MOST_IN_BYTE ? new Uint8Array(tuples) : new Uint32Array(tuples);
    for (let tuple = 0; tuple < tuples; tuple++) subjects[tuple] = Math.min(least, all[tuple]!);
    return {
      steps: [],
      depths: [{ ends: Uint32Array.of(tuples), size: tuples }],
      combinations: groups.map(({ combinations }) => combinations),
      subjects,
      rows: isAlike ? subjects : histogram.rows,
    };
  }

  function choose(node: Node): Place {
    let place: Place = { layout: everything, blocks: everything.depths[0]! };
    for (const layout of layouts) {
      const end = layout.steps.findIndex(({ column, level }) => node[column]! > level);
      const blocks = layout.depths.at(end)!;
      if (blocks.size < place.blocks.size) place = { layout, blocks };
    }
    if (place.blocks.size > largeBlock && wasted > WORTH_LAYING_OUT * tuples) {
      wasted = 0;
      const layout = layOut(chooseSteps(node));
      const blocks = layout.depths.at(-1)!;
      if (blocks.size < place.blocks.size) {
        layouts.push(layout);
        while (layouts.length > 1 && layouts.length * tuples > most) layouts.shift();
        place = { layout, blocks };
      }
    } else if (place.layout !== everything) layouts.push(...layouts.splice(layouts.indexOf(place.layout), 1));
    return place;
  }

  /** Coarse ones, so that they serve many nodes, those that tell most first. */
  function chooseSteps(node: Node): readonly Step[] {
    let missing = Math.max(0, Math.log2(tuples / BLOCK)) + SPARE_BITS;
    const steps = ladders
      .map(({ levels }, column) => ({ column, level: Math.max(node[column]!, levels.length - 2) }))
      .filter(({ column, level }) => level < ladders[column]!.levels.length - 1)
      .map((step) => ({ ...step, bits: bitsAt[step.column]![step.level]! }))
      .sort((one, other) => other.bits - one.bits);
    let codes = 1;
    return steps.filter(({ column, level, bits }) => {
      const own = ladders[column]!.levels[level]!.shown.length;
      if (missing <= 0 || codes * own > MOST_CODES) return false;
      missing -= bits;
      codes *= own;
      return true;
    });
  }

  function layOut(steps: readonly Step[]): Layout {
    const { combinations, subjects, rows } = everything;
    const codes = new Uint32Array(tuples);
    const radixes = steps.map(({ column, level }) => {
      const { codes: shown, shown: all } = ladders[column]!.levels[level]!;
      const own = columns[column]!.codes;
      for (let tuple = 0; tuple < tuples; tuple++) codes[tuple] = codes[tuple]! * all.length + shown[own[tuple]!]!;
      return all.length;
    });
    const places = sortByCode(codes);
    const sorted = pick(codes, places);
    let width = radixes.reduce((product, radix) => product * radix, 1);
    const depths = [1, ...radixes].map((radix) => {
      width /= radix;
      return cutBlocks(sorted, width);
    });
    const picked = pick(subjects, places);
    return {
      steps,
      depths,
      combinations: combinations.map((own) => pick(own, places)),
      subjects: picked,
      rows: rows === subjects ? picked : pick(rows, places),
    };
  }

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
    { layout: { combinations, subjects, rows }, blocks: { ends } }: Place,
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
  function orderBlocks(place: Place, node: Node): Uint32Array {
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

  function heedWaste({ blocks }: Place, seen: number): void {
    if (blocks.size > largeBlock) wasted += seen;
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
      const place = choose(node);
      place.blocks.order ??= orderBlocks(place, node);
      const { lostRows, seen, lostPlaces } = count(place, node, place.blocks.order, (lost) => lost > limit);
      heedWaste(place, seen);
      return { lostRows, seen, listLost: () => listLost(place.layout, found.subarray(0, lostPlaces)) };
    },
    estimate: (node) => {
      const place = choose(node);
      place.blocks.order ??= orderBlocks(place, node);
      const { order } = place.blocks;
      const step = order.length < SOME ? 1 : Math.max(SOME, Math.floor(order.length / MANY_BLOCKS));
      const some = order.filter((_, at) => at % step === step >> 1);
      const { lostRows, seen } = count(place, node, some, () => false);
      heedWaste(place, seen);
      return { lostRows: (lostRows * tuples) / Math.max(1, seen), seen };
    },
  };
}

/** Per level, the bits by which a column tells tuples apart. */
function measureBits({ columns, tuples }: Histogram, { levels }: Ladder, column: number): readonly number[] {
  const { codes } = columns[column]!;
  return levels.map((level) => {
    const tuplesOf = new Float64Array(level.shown.length);
    for (let tuple = 0; tuple < tuples; tuple++) tuplesOf[level.codes[codes[tuple]!]!]! += 1;
    return tuplesOf.reduce((sum, own) => sum + (own === 0 ? 0 : (own / tuples) * Math.log2(tuples / own)), 0);
  });
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

/** Places in the order of their codes (two passes of a radix sort). */
function sortByCode(codes: Uint32Array): Uint32Array {
  let places = new Uint32Array(codes.length);
  for (let place = 0; place < places.length; place++) places[place] = place;
  for (const shift of [0, RADIX_BITS]) {
    const next = new Uint32Array(2 ** RADIX_BITS + 1);
    const mask = 2 ** RADIX_BITS - 1;
    for (let at = 0; at < codes.length; at++) next[((codes[at]! >>> shift) & mask) + 1]! += 1;
    for (let digit = 1; digit < next.length; digit++) next[digit]! += next[digit - 1]!;
    const sorted = new Uint32Array(codes.length);
    for (let at = 0; at < places.length; at++) {
      const place = places[at]!;
      sorted[next[(codes[place]! >>> shift) & mask]!++] = place;
    }
    places = sorted;
  }
  return places;
}

/** Between sorted codes that differ by more than what is below `width`; not too small. */
function cutBlocks(codes: Uint32Array, width: number): Blocks {
  const ends: number[] = [];
  let [start, squares] = [0, 0];
  // The first code that is of another block.
  let next = 0;
  for (let at = 0; at < codes.length; at++) {
    if (codes[at]! < next) continue;
    next = (Math.floor(codes[at]! / width) + 1) * width;
    if (at - start < BLOCK) continue;
    ends.push(at);
    squares += (at - start) ** 2;
    start = at;
  }
  ends.push(codes.length);
  squares += (codes.length - start) ** 2;
  return { ends: Uint32Array.from(ends), size: squares / Math.max(1, codes.length) };
}

function pick<T extends Uint8Array | Uint16Array | Uint32Array>(numbers: T, places: Uint32Array): T {
  const picked = numbers.slice() as T;
  for (let place = 0; place < places.length; place++) picked[place] = numbers[places[place]!]!;
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
