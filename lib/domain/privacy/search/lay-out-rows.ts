import type { Ladder } from '../hierarchies/ladder';
import type { Histogram } from '../histogram/histogram';
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

export interface Step {
  readonly column: number;
  readonly level: number;
}

export interface Blocks {
  /** Where they end, ascending. */
  readonly ends: Uint32Array;
  /** How many tuples a tuple's block has, on average. */
  readonly size: number;
  /** In which order to look at them, once it is known what they lose at some node. */
  order?: BlockOrder;
}

/** Tuples of a block, where its classes allow it: what is counted of them stays in the processor's reach. */
export const BLOCK = 1024;
/** What blocks are told apart by has no more combinations. */
const RADIX_BITS = 12;
export const MOST_CODES = 2 ** (2 * RADIX_BITS);

/**
 * All tuples in the histogram's own order, as one block.
 * @param least subjects of a class that need not be told from more of them
 */
export function takeOwnOrder(
  { tuples, spanning, subjects, rows }: Histogram,
  words: RowWords,
  place: RowPlace,
  least: number,
): Layout {
  const all = subjects.slice();
  for (const tuple of spanning.tuples) all[tuple]! += 1;
  const isAlike = all.every((count, tuple) => count === rows[tuple]);
  for (let tuple = 0; tuple < tuples; tuple++) place.subjects[tuple] = Math.min(least, all[tuple]!);
  for (const [word, own] of place.words.entries()) own.set(words.list(word));
  return {
    steps: [],
    depths: [{ ends: Uint32Array.of(tuples), size: tuples }],
    place,
    rows: isAlike ? place.subjects : rows,
  };
}

/**
 * The same tuples sorted by what these steps show.
 * @param own see `takeOwnOrder`
 * @param place where they go
 */
export function layOutRows(
  histogram: Histogram,
  ladders: readonly Ladder[],
  own: Layout,
  steps: readonly Step[],
  place: RowPlace,
): Layout {
  const { tuples, rows } = histogram;
  const { codes, radixes } = encodeSteps(histogram, ladders, steps);
  const order = sortByCode(codes);
  const sorted = pick(codes, order, new Uint32Array(tuples));
  let width = radixes.reduce((product, radix) => product * radix, 1);
  const depths = [1, ...radixes].map((radix) => {
    width /= radix;
    return cutBlocks(sorted, width);
  });
  for (const [word, numbers] of place.words.entries()) pick(own.place.words[word]!, order, numbers);
  pick(own.place.subjects, order, place.subjects);
  const isAlike = own.rows === own.place.subjects;
  return {
    steps,
    depths,
    place,
    tuples: order,
    rows: isAlike ? place.subjects : pick(rows, order, new Uint32Array(tuples)),
  };
}

/** Per tuple, what the steps show of it, as one number. */
function encodeSteps({ tuples, columns }: Histogram, ladders: readonly Ladder[], steps: readonly Step[]) {
  const codes = new Uint32Array(tuples);
  const radixes = steps.map(({ column, level }) => {
    const { codes: shown, shown: all } = ladders[column]!.levels[level]!;
    const own = columns[column]!.codes;
    for (let tuple = 0; tuple < tuples; tuple++) codes[tuple] = codes[tuple]! * all.length + shown[own[tuple]!]!;
    return all.length;
  });
  return { codes, radixes };
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
