import type { SearchResult } from './search-in-passes';
import { descend } from './wide-lattice/descend';
import { findGoodNode } from './wide-lattice/find-good-node';
import { createSampleResolver, drawSample } from './wide-lattice/resolve-by-sample';
import { createWitnessResolver } from './wide-lattice/resolve-by-witnesses';
import { openWideLattice, type WideLattice, type WideSearch } from './wide-lattice/wide-lattice';

const GAPS = [0.1, 0.05, 0.02, 0.01, 0];

/**
 * The same as `searchLattice` finds, where the metric is a sum over columns, the floor asks for nothing but subjects, and a
 * bit for every node fits in memory. Nodes are asked about in the order of their cost; those of which it is known that they
 * are no better than the best are passed over.
 *
 * By a sample they are asked about from the dearest down: of those near the target each needs a proof of its own, and the
 * cheaper ones fall to these. Where no row may be lost, from the cheapest up: the first that is not too fine is the best.
 */
export function searchWideLattice(search: WideSearch): SearchResult {
  const lattice = openWideLattice(search);
  const { run, order, known } = lattice;
  const isDownward = search.limit > 0;

  let resolve: ((place: number) => void) | undefined;
  const goOn = () => {
    if (!resolve && !descend(lattice)) return;
    resolve ??= prepare(lattice);
    goThrough(lattice, isDownward, resolve);
  };
  return run.pass(GAPS, order.costOf(0), goOn, () => order.boundLeft(known.isCovered, run.target()));
}

/** What decides a node: that it is no better than the best, or the best from now on. */
function prepare(lattice: WideLattice): (place: number) => void {
  if (lattice.search.limit === 0) return createWitnessResolver(lattice);
  const sample = drawSample(lattice);
  findGoodNode(lattice, sample);
  return createSampleResolver(lattice, sample);
}

function goThrough(
  { run, order, map, known }: WideLattice,
  isDownward: boolean,
  resolve: (place: number) => void,
): void {
  known.aimAnew();
  const { places, costOf, isBeyond } = order;
  let before = 0;
  for (let index = 0; index < places.length; index++) {
    const place = places[isDownward ? places.length - 1 - index : index]!;
    const cost = costOf(place);
    if (!isDownward && isBeyond(cost, run.target())) break;
    if (cost > run.target() || known.isCovered(place)) continue;
    if (!run.mayImprove({ cost, suppressed: 0, node: map.nodeAt(place) })) continue;
    run.settle(index - before);
    before = index;
    resolve(place);
  }
  run.settle(places.length - before);
}
