import type { Ladder } from '../hierarchies/ladder';
import type { Node } from '../histogram/class-merger';
import type { Histogram } from '../histogram/histogram';
import { measureBits } from './measure-bits';
import type { BlockOrder } from './order-blocks';
import type { RowPlace } from './row-kernel';
import type { RowWords } from './row-words';

/**
 * Tuples sorted by what some columns show at coarse levels. No class of a node that is nowhere coarser than the first so
 * many of these steps spans two of the blocks that they tell apart.
 */
export interface Layout {
  readonly steps: readonly Step[];
  /** By how many of the steps are taken: none, one and so on. */
  readonly depths: readonly Blocks[];
  readonly place: RowPlace;
  /** Per tuple of this order, which one it is; absent where that is the histogram's own order. */
  readonly tuples?: Uint32Array;
  /** The subjects that are counted, where each row is one. */
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
  /** In which order to look at them, once it is known what they lose at some node. */
  order?: BlockOrder;
}

/** Where a node is counted. */
export interface RowsInBlocks {
  readonly layout: Layout;
  readonly blocks: Blocks;
}

interface RowLayouts {
  /** The smallest blocks there are for a node. */
  readonly choose: (node: Node) => RowsInBlocks;
  /** So many tuples were looked at there: where blocks are large, smaller ones will be worth their while. */
  readonly heedWaste: (place: RowsInBlocks, seen: number) => void;
}

/** Tuples of a block, where its classes allow it: what is counted of them stays in the processor's reach. */
const BLOCK = 1024;
/** Larger blocks are worth a first layout, once so many times all tuples were looked at in them; each further one serves fewer nodes. */
const LARGE_BLOCK = 2 ** 15;
const WORTH_LAYING_OUT = 8;
/** Tuples in the layouts kept at once: so many times as many as there are, or this many. */
const TIMES_KEPT = 4;
const KEPT_TUPLES = 2.4e7;
const MOST_KEPT = 64;
/** More bits than it takes to tell blocks apart, since columns tell in part the same. */
const SPARE_BITS = 3;
/** What blocks are told apart by has no more combinations. */
const RADIX_BITS = 12;
const MOST_CODES = 2 ** (2 * RADIX_BITS);
/** Blocks of a smaller share of the tuples are small, too. */
const FEW_BLOCKS = 16;

/** Orders of the tuples that are kept at once, the histogram's own among them. */
export function countLayouts(tuples: number): number {
  if (tuples <= 2 * BLOCK) return 1;
  return 1 + Math.min(MOST_KEPT, Math.ceil(Math.max(TIMES_KEPT * tuples, KEPT_TUPLES) / tuples));
}

/**
 * Keeps rows in several orders. Each is made for a node for which there are only large blocks, by columns that it shows at
 * a level below the most general; it serves all nodes that do so of the first of them.
 */
export function createRowLayouts(
  histogram: Histogram,
  ladders: readonly Ladder[],
  words: RowWords,
  places: readonly RowPlace[],
  least: number,
): RowLayouts {
  const { tuples, spanning, columns } = histogram;
  const bitsAt = ladders.map((ladder, column) => measureBits(histogram, ladder, column));
  const free = [...places];
  const everything = listEverything(free.shift()!);
  /** The one used last stands last. */
  const layouts: Layout[] = [];
  const largeBlock = Math.max(2 * BLOCK, Math.min(LARGE_BLOCK, tuples / FEW_BLOCKS));
  let wasted = 0;

  function listEverything(place: RowPlace): Layout {
    const all = histogram.subjects.slice();
    for (const tuple of spanning.tuples) all[tuple]! += 1;
    const isAlike = all.every((subjects, tuple) => subjects === histogram.rows[tuple]);
    for (let tuple = 0; tuple < tuples; tuple++) place.subjects[tuple] = Math.min(least, all[tuple]!);
    for (const [word, own] of place.words.entries()) own.set(words.list(word));
    return {
      steps: [],
      depths: [{ ends: Uint32Array.of(tuples), size: tuples }],
      place,
      rows: isAlike ? place.subjects : histogram.rows,
    };
  }

  function choose(node: Node): RowsInBlocks {
    let place: RowsInBlocks = { layout: everything, blocks: everything.depths[0]! };
    for (const layout of layouts) {
      const end = layout.steps.findIndex(({ column, level }) => node[column]! > level);
      const blocks = layout.depths.at(end)!;
      if (blocks.size < place.blocks.size) place = { layout, blocks };
    }
    if (
      places.length > 1 &&
      place.blocks.size > largeBlock &&
      wasted > WORTH_LAYING_OUT * tuples * (1 + layouts.length)
    ) {
      wasted = 0;
      const layout = layOut(chooseSteps(node), free.pop() ?? layouts.shift()!.place);
      const blocks = layout.depths.at(-1)!;
      if (blocks.size < place.blocks.size) {
        layouts.push(layout);
        place = { layout, blocks };
      } else free.push(layout.place);
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

  function layOut(steps: readonly Step[], place: RowPlace): Layout {
    const codes = new Uint32Array(tuples);
    const radixes = steps.map(({ column, level }) => {
      const { codes: shown, shown: all } = ladders[column]!.levels[level]!;
      const own = columns[column]!.codes;
      for (let tuple = 0; tuple < tuples; tuple++) codes[tuple] = codes[tuple]! * all.length + shown[own[tuple]!]!;
      return all.length;
    });
    const order = sortByCode(codes);
    const sorted = pick(codes, order, new Uint32Array(tuples));
    let width = radixes.reduce((product, radix) => product * radix, 1);
    const depths = [1, ...radixes].map((radix) => {
      width /= radix;
      return cutBlocks(sorted, width);
    });
    for (const [word, own] of place.words.entries()) pick(everything.place.words[word]!, order, own);
    pick(everything.place.subjects, order, place.subjects);
    const isAlike = everything.rows === everything.place.subjects;
    const rows = isAlike ? place.subjects : pick(histogram.rows, order, new Uint32Array(tuples));
    return { steps, depths, place, tuples: order, rows };
  }

  function heedWaste({ blocks }: RowsInBlocks, seen: number): void {
    if (blocks.size > largeBlock) wasted += seen;
  }

  return { choose, heedWaste };
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

function pick<T extends Uint8Array | Uint32Array>(numbers: T, order: Uint32Array, picked: T): T {
  for (let place = 0; place < order.length; place++) picked[place] = numbers[order[place]!]!;
  return picked;
}
