import { sumCounts } from '../loss-model';
import { createLostSample, type LostSample } from '../lost-sample';
import type { WideLattice } from './wide-lattice';

/** A proof that the pass at hand needs is chosen so that it serves the pass of this gap as well. */
const AIM = 0.02;
/** Tuples that stand for all: to begin with, since what they foretell is looked into. */
const SAMPLES = 32;
/** So many times what is needed is to be foretold: fewer looks are in vain, and nearly as much is ruled out. */
const CAUTION = 1.5;
/** Stands for a share so small that the sample does not tell it. */
const NOTHING = 1e-4;

/** A row out of every so many stands for the others. */
export function drawSample({ search, map, findLost }: WideLattice): LostSample {
  const { rows: counts } = search.histogram;
  const rows = sumCounts(counts);
  const sampled = Math.min(rows, SAMPLES);
  const sample = createLostSample(map, sampled);
  let tuple = 0;
  let passed = counts[0]!;
  for (let drawn = 0; drawn < sampled; drawn++) {
    const row = Math.floor(((drawn + 0.5) * rows) / sampled);
    while (passed <= row) passed += counts[++tuple]!;
    sample.add(findLost(tuple));
  }
  return sample;
}

/**
 * Where some rows may be lost: a sample of tuples foretells how much a node loses. It proves nothing, but tells what to
 * look at: of the nodes above the one asked about the most general that loses too much as well, which rules out all below.
 */
export function createSampleResolver(lattice: WideLattice, sample: LostSample): (place: number) => void {
  const { search, run, order, map, known, look, costsWith, offer } = lattice;
  const rows = sumCounts(search.histogram.rows);
  return (place) => {
    const cost = order.costOf(place);
    // Proven against the best itself, it holds whatever gap later passes are content with.
    const needed = Math.min(search.limit, rows * Math.max(0, (run.bestCost() - cost) / Math.max(NOTHING, 1 - cost)));
    const node = map.nodeAt(place);
    // Nodes that a later pass would ask about need not be asked about then.
    const dearest = run.bestCost() * (1 - AIM);
    const isWanted = (at: number) => order.costOf(at) < dearest && !known.isCovered(at);
    let path = sample.climb(place, (CAUTION * needed) / rows, isWanted);
    while (!known.isCovered(place)) {
      const top = [...node];
      for (const column of path) top[column]! += 1;
      const sighting = look(top, path.length > 0 ? needed : 0);
      if (sighting.isUnlikely) {
        path = path.slice(0, -1);
        continue;
      }
      if (sighting.lostRows > search.limit) known.ruleOut(top);
      else {
        known.bound(top, costsWith(sighting.listLost()));
        if (path.length === 0 && !known.isCovered(place)) offer(node);
      }
      path = path.slice(0, Math.floor(path.length / 2));
    }
  };
}
