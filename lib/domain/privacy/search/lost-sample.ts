import { CELL, type LatticeMap } from './lattice-map';

/** A few tuples that stand for all: it foretells how much a node loses, and proves nothing. */
export interface LostSample {
  /** One of the tuples, by the nodes at which it is lost: words of a `NodeSet`. */
  readonly add: (lost: Int32Array) => void;
  /** Which of the tuples are lost at a place of the lattice, as a share of them. */
  readonly shareAt: (place: number) => number;
  /**
   * Columns to raise, one level each, from a node up to where such a share of the tuples is still lost: first as long as
   * places are wanted, and then on.
   */
  readonly climb: (place: number, share: number, isWanted: (place: number) => boolean) => readonly number[];
}

/** Stands for a share so small that the sample does not tell it. */
const NOTHING = 1e-4;

/** `size`: how many tuples will be added, up to 255. */
export function createLostSample(map: LatticeMap, size: number): LostSample {
  const { sizes, strides } = map;
  const lost = new Uint8Array(map.cells * CELL);

  function climb(place: number, share: number, isWanted: (place: number) => boolean): readonly number[] {
    const path: number[] = [];
    const node = [...map.nodeAt(place)];
    let at = place;
    for (let isStrict = true; ; ) {
      let chosen = -1;
      let price = Number.POSITIVE_INFINITY;
      for (const [column, stride] of strides.entries()) {
        const level = node[column]!;
        const next = at + stride;
        if (level + 1 >= sizes[column]! || lost[next]! < share * size || (isStrict && !isWanted(next))) continue;
        // What is lost less there, for each time that more is ruled out.
        const own = ((lost[at]! - lost[next]!) / size + NOTHING) / Math.log((level + 2) / (level + 1));
        if (own >= price) continue;
        price = own;
        chosen = column;
      }
      if (chosen >= 0) {
        path.push(chosen);
        node[chosen]! += 1;
        at += strides[chosen]!;
      } else if (isStrict) isStrict = false;
      else return path;
    }
  }

  return { add: (words) => countUp(lost, words), shareAt: (place) => lost[place]! / size, climb };
}

/** Adds one where a bit says so, four counts at a time. */
function countUp(counts: Uint8Array, words: Int32Array): void {
  const lanes = new Int32Array(counts.buffer);
  const spread = Int32Array.from({ length: 16 }, (_, bits) => Math.imul(bits, 0x00204081) & 0x01010101);
  for (let cell = 0; cell < words.length; cell++)
    for (let at = 0; at < 8; at++) lanes[8 * cell + at]! += spread[(words[cell]! >>> (4 * at)) & 15]!;
}
