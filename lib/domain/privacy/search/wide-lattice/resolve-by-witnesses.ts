import type { Node } from '../../histogram/class-merger';
import type { WideLattice } from './wide-lattice';

/** Tuples of which the sizes at all nodes are found in turn. */
const WITNESSES = 8;

/**
 * Where no row may be lost, one tuple in too small a class proves a node too fine, and how large its class is can be found
 * for all nodes at once: of many nodes that lose much a few tuples prove it, those of the last node looked at. Nodes that
 * lose hardly a tuple have each another, if columns are independent: a look at each ends at the first block that loses one,
 * and is over hundreds of times before a witness is found everywhere. As much time goes into the one as into the other.
 */
export function createWitnessResolver(lattice: WideLattice): (place: number) => void {
  const { search, map, known, look, listLost, findLost, findingLost, offer } = lattice;
  /** Tuples looked at more in looks than for witnesses. */
  let ahead = 0;
  /** Per tuple, how often it was lost at a node of which all that are lost were listed. */
  const timesLost = new Uint16Array(search.histogram.tuples);

  function ruleOutByWitnesses(node: Node): void {
    const lost = listLost(node);
    for (const tuple of lost) timesLost[tuple]! += 1;
    const part = Math.ceil(lost.length / WITNESSES);
    for (let from = 0; from < lost.length; from += part) {
      const oftener = (one: number, other: number) => (timesLost[other]! > timesLost[one]! ? other : one);
      known.ruleOutAll(findLost(lost.slice(from, from + part).reduce(oftener)));
      ahead -= findingLost;
    }
  }

  return (place) => {
    const node = map.nodeAt(place);
    const { lostRows, seen } = look(node);
    ahead += seen;
    if (lostRows === 0) {
      offer(node);
      return;
    }
    if (ahead >= 0) ruleOutByWitnesses(node);
    // All below are cheaper, and have been asked about.
    known.settle(node);
  };
}
