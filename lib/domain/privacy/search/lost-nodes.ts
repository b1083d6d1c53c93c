import type { Ladder } from '../hierarchies/ladder';
import { createKeyGroups } from '../histogram/class-keys';
import type { Histogram } from '../histogram/histogram';
import { CELL, type LatticeMap } from './lattice-map';

/** Two counts must fit, and a bit that tells whether they are enough. */
export const MOST_COUNTED = 2 ** 14 - 1;
const MOST_IN_BYTE = 2 ** 6 - 1;
/** Places that are found at a time. */
const CHUNK = 4096;

/**
 * Finds for a tuple the nodes, all at once, at which the class that it is in is too small, as words of a `NodeSet`. Another
 * tuple joins its class where every column is at least at the first level that shows the same of both: it is counted
 * there, and then sums run up the lattice, a column at a time. The next call overwrites the answer. `subjects`: per tuple.
 * Subjects with rows in several tuples count for each, which can only hide that a class is too small. `least`: subjects
 * that a class must hold, up to `MOST_COUNTED`.
 */
export function createLostNodes(
  histogram: Histogram,
  ladders: readonly Ladder[],
  subjects: Uint32Array,
  least: number,
  map: LatticeMap,
): (tuple: number) => Int32Array {
  const { columns, tuples } = histogram;
  const groups = createKeyGroups(histogram, ladders);
  const { sizes, strides, cells, outer } = map;
  const places = cells * CELL;
  const counts = least <= MOST_IN_BYTE ? new Uint8Array(places) : new Uint16Array(places);
  const lanes = new Int32Array(counts.buffer);
  const width = counts.BYTES_PER_ELEMENT * 8;
  const inLane = 4 / counts.BYTES_PER_ELEMENT;
  const ones = onesOf(width);
  const tables = groups.map(({ sizes: own }) => new Int32Array(own.reduce((product, size) => product * size, 1)));
  const found = new Int32Array(CHUNK);
  const lost = new Int32Array(cells);
  const within = listWithin(map, inLane);

  /** Per value of the column, the place at which it joins the tuple's; beyond all places where it never does. */
  function findMeetings(column: number, tuple: number): Int32Array {
    const { values, codes } = columns[column]!;
    const own = codes[tuple]!;
    const { levels } = ladders[column]!;
    return Int32Array.from({ length: Math.max(1, values.length) }, (_, value) => {
      const level = levels.findIndex((each) => each.codes[own] === each.codes[value]);
      return level < 0 ? places : level * strides[column]!;
    });
  }

  return (tuple) => {
    for (const [index, { columns: own }] of groups.entries())
      combine(
        own.map((column) => findMeetings(column, tuple)),
        tables[index]!,
        places,
      );
    counts.fill(0);
    for (let from = 0; from < tuples; from += CHUNK) {
      const to = Math.min(tuples, from + CHUNK);
      found.fill(0, 0, to - from);
      for (const [index, { combinations }] of groups.entries())
        addPlaces(combinations, tables[index]!, found, from, to);
      countAt(found, subjects, counts, { from, to, places, least });
    }
    addWithin(counts, lanes, within, least, width);
    for (const column of outer) {
      const step = strides[column]! / inLane;
      addAcross(lanes, step, step * sizes[column]!, least * ones, width);
    }
    tellSmall(lanes, lost, least * ones, width);
    return lost;
  };
}

function combine(parts: readonly Int32Array[], table: Int32Array, most: number): void {
  let width = table.length;
  table.fill(0);
  for (const part of parts) {
    width /= part.length;
    for (let combination = 0; combination < table.length; combination++)
      table[combination] = Math.min(most, table[combination]! + part[Math.floor(combination / width) % part.length]!);
  }
}

function addPlaces(
  combinations: Uint16Array | Uint32Array,
  table: Int32Array,
  found: Int32Array,
  from: number,
  to: number,
): void {
  for (let tuple = from; tuple < to; tuple++) found[tuple - from] = found[tuple - from]! + table[combinations[tuple]!]!;
}

function countAt(
  found: Int32Array,
  subjects: Uint32Array,
  counts: Uint8Array | Uint16Array,
  { from, to, places, least }: Readonly<Record<'from' | 'to' | 'places' | 'least', number>>,
): void {
  for (let tuple = from; tuple < to; tuple++) {
    const place = found[tuple - from]!;
    if (place < places) counts[place] = Math.min(least, counts[place]! + subjects[tuple]!);
  }
}

/** What is added to what within a cell, in this order: single counts, and words of counts. */
interface Within {
  readonly counts: Int32Array;
  readonly words: Int32Array;
}

/** Pairs of places, the one added to first. Columns whose levels are whole words apart come last: see `createLatticeMap`. */
function listWithin({ inner, strides, innerLevels }: LatticeMap, inLane: number): Within {
  const counts: number[] = [];
  const words: number[] = [];
  for (const [at, column] of inner.entries()) {
    const stride = strides[column]!;
    const isWhole = stride % inLane === 0;
    for (let place = 0; place < innerLevels.length; place += isWhole ? inLane : 1) {
      if (innerLevels[place]![at] === 0) continue;
      if (isWhole) words.push(place / inLane, (place - stride) / inLane);
      else counts.push(place, place - stride);
    }
  }
  return { counts: Int32Array.from(counts), words: Int32Array.from(words) };
}

function addWithin(
  counts: Uint8Array | Uint16Array,
  lanes: Int32Array,
  within: Within,
  least: number,
  width: number,
): void {
  const { counts: single, words } = within;
  const most = least * onesOf(width);
  const full = 2 ** width - 1;
  const high = highOf(width);
  const rest = (high - most) | 0;
  const inCell = width;
  for (let cell = 0; cell * CELL < counts.length; cell++) {
    const start = cell * CELL;
    for (let at = 0; at < single.length; at += 2) {
      const sum = counts[start + single[at]!]! + counts[start + single[at + 1]!]!;
      counts[start + single[at]!] = Math.min(sum, least);
    }
    const first = cell * inCell;
    for (let at = 0; at < words.length; at += 2) {
      const sum = (lanes[first + words[at]!]! + lanes[first + words[at + 1]!]!) | 0;
      const enough = Math.imul(((sum + rest) & high) >>> (width - 1), full);
      lanes[first + words[at]!] = (sum & ~enough) | (most & enough);
    }
  }
}

/** Up a column whose levels are `step` words apart: all counts of a word at once, none above `most`. */
function addAcross(lanes: Int32Array, step: number, block: number, most: number, width: number): void {
  const high = highOf(width);
  const full = 2 ** width - 1;
  const rest = (high - most) | 0;
  for (let start = 0; start < lanes.length; start += block)
    for (let at = start + step; at < start + block; at++) {
      const sum = (lanes[at]! + lanes[at - step]!) | 0;
      // All ones in a count that is enough.
      const enough = Math.imul(((sum + rest) & high) >>> (width - 1), full);
      lanes[at] = (sum & ~enough) | (most & enough);
    }
}

/** A bit for each place, of those whose count is not enough. */
function tellSmall(lanes: Int32Array, lost: Int32Array, most: number, width: number): void {
  const high = highOf(width);
  const rest = (high - most) | 0;
  const inLane = 32 / width;
  for (let cell = 0; cell < lost.length; cell++) {
    let bits = 0;
    for (let at = 0; at < width; at++) {
      const enough = ((lanes[cell * width + at]! + rest) & high) >>> (width - 1);
      // The lowest bits of the counts of a word, side by side.
      const told = width === 8 ? (Math.imul(enough, 0x01020408) >>> 24) & 15 : (enough | (enough >>> 15)) & 3;
      bits |= told << (at * inLane);
    }
    lost[cell] = ~bits;
  }
}

/** One in each count of a word, and the highest bit of each. */
function onesOf(width: number): number {
  return width === 8 ? 0x01010101 : 0x00010001;
}

function highOf(width: number): number {
  return width === 8 ? 0x80808080 : 0x80008000;
}
