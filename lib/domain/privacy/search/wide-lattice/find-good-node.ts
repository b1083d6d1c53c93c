import type { Node } from '../../histogram/class-merger';
import { sumCounts } from '../loss-model';
import type { LostSample } from '../lost-sample';
import type { WideLattice } from './wide-lattice';

/** Nodes that are guessed at to find a good one to begin with, and then a better one. */
const MOST_GUESSES = 2000;
const GUESSES_TO_BETTER = 50;
/** One of so many is guessed at, then more. */
const STRIDES = [16, 4, 1];

/** A good one to begin with: of the cheapest nodes those that are not likely to lose too much. */
export function findGoodNode(lattice: WideLattice, sample: LostSample): void {
  const { run, order, map, known, guess, look, search } = lattice;
  const { limit, histogram } = search;
  const rows = sumCounts(histogram.rows);
  const doubted = known.copy();

  /** Whether it is the best from now on. */
  function isBetter(node: Node): boolean {
    const sighting = guess(node) > limit ? undefined : look(node);
    if (!sighting || sighting.lostRows > limit) {
      doubted.addBelow(node);
      return false;
    }
    const costs = lattice.costsWith(sighting.listLost());
    const cost = node.reduce((sum, level, column) => sum + costs[column]![level]!, 0);
    return run.wouldBeBest({ cost, suppressed: sighting.lostRows, node }) && lattice.offer(node);
  }

  for (const stride of STRIDES) {
    let left = MOST_GUESSES;
    let passed = 0;
    for (const place of order.places) {
      if (doubted.has(place) || sample.shareAt(place) * rows > limit || ++passed % stride !== 0) continue;
      const node = map.nodeAt(place);
      if (!run.wouldBeBest({ cost: order.costOf(place) - order.step, suppressed: 0, node })) break;
      if (--left < 0) break;
      if (isBetter(node)) left = GUESSES_TO_BETTER;
    }
  }
}
