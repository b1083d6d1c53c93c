import type { Node } from './class-merger';
import { countSuppressed } from './count-suppressed';
import { judgeTable } from './floor-criteria';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';
import { createLatticeMap } from './lattice-map';
import { sumCounts } from './loss-model';
import { createLostNodes } from './lost-nodes';
import { createLostSample, type LostSample } from './lost-sample';
import { createNodeSet } from './node-set';
import { orderNodes } from './order-nodes';
import type { RowCounter, Sighting } from './row-counter';
import { createSearchRun, type SearchResult } from './search-in-passes';
import type { LatticeSearch } from './search-lattice';

interface WideSearch extends Omit<LatticeSearch, 'guide' | 'metric'> {
  readonly counter: RowCounter;
  readonly histogram: Histogram;
  readonly ladders: readonly Ladder[];
  /** Subjects that a class must hold, and all that the floor asks for. */
  readonly least: number;
  readonly metric: LatticeSearch['metric'] & Required<Pick<LatticeSearch['metric'], 'levels' | 'addLost'>>;
}

/** What a node that keeps the limit says of all finer ones: what their levels cost at least, lost rows included. */
interface Bound {
  readonly node: Node;
  readonly costs: readonly (readonly number[])[];
}

const GAPS = [0.1, 0.05, 0.02, 0.01, 0];
/** A proof that the pass at hand needs is chosen so that it serves the pass of this gap as well. */
const AIM = 0.02;
/** More than what sums of costs differ by for rounding. */
const COST_ROUNDING = 1e-11;
/** Tuples of which the sizes at all nodes are found in turn, where one that is lost is one too many. */
const WITNESSES = 8;
/** Tuples that stand for all where some may be lost: to begin with, since what they foretell is looked into. */
const SAMPLES = 32;
/** So many times what is needed is to be foretold: fewer looks are in vain, and nearly as much is ruled out. */
const CAUTION = 1.5;
/** Nodes that are guessed at to find a good one to begin with, and then a better one. */
const MOST_GUESSES = 2000;
const GUESSES_TO_BETTER = 50;
/** One of so many is guessed at, then more. */
const STRIDES = [16, 4, 1];
/** Stands for a share so small that the sample does not tell it. */
const NOTHING = 1e-4;

/**
 * The same as `searchLattice` finds, where the metric is a sum over columns, the floor asks for nothing but subjects, and a
 * bit for every node fits in memory. Nodes are asked about in the order of their cost; those of which it is known that they
 * are no better than the best are passed over.
 *
 * Where no row may be lost, one tuple in too small a class proves a node too fine; and how large its class is can be found
 * for all nodes at once. A few hundred tuples, those of the last node looked at, prove it of nearly all nodes.
 *
 * Where some may be lost, a sample of tuples foretells how much a node loses. It proves nothing, but tells what to look at:
 * of the nodes above the one asked about the most general that loses too much as well, which rules out all below it.
 */
export function searchWideLattice(search: WideSearch): SearchResult {
  const { sizes, counter, histogram, ladders, least, merger, criteria, limit, finest, budget, onProgress } = search;
  const { levels, addLost, measure } = search.metric;
  const map = createLatticeMap(sizes);
  const run = createSearchRun(
    sizes.reduce((product, size) => product * size, 1),
    budget,
    onProgress,
  );
  const order = orderNodes(map, levels);
  const findLost = createLostNodes(histogram, ladders, finest.subjects, least, map);
  const rows = sumCounts(histogram.rows);
  /** Nodes that are too fine, or have been offered. */
  const done = createNodeSet(map);
  /** Nodes that cost too much for the pass at hand. */
  const dear = createNodeSet(map);
  const bounds: Bound[] = [];

  const sampled = Math.min(rows, SAMPLES);
  const sample = limit > 0 ? createLostSample(map, sampled) : undefined;
  /** Per tuple, how often it was lost at a node looked at. */
  const timesLost = new Uint16Array(limit > 0 ? 0 : histogram.tuples);

  /** A row out of every so many stands for the others. */
  function drawSample(known: LostSample): void {
    let tuple = 0;
    let passed = histogram.rows[0]!;
    for (let drawn = 0; drawn < sampled; drawn++) {
      const row = Math.floor(((drawn + 0.5) * rows) / sampled);
      while (passed <= row) passed += histogram.rows[++tuple]!;
      run.heed();
      known.add(findLost(tuple));
      run.spend(histogram.tuples);
    }
  }

  function look(node: Node, needed = 0): Sighting {
    run.begin();
    const sighting = counter.look(node, needed);
    run.spend(sighting.seen);
    return sighting;
  }

  function guess(node: Node): number {
    run.heed();
    const { lostRows, seen } = counter.estimate(node);
    run.spend(seen);
    return lostRows;
  }

  function listLost(node: Node): readonly number[] {
    run.begin();
    const { classes, classOf } = merger.assign(finest, node);
    const held = new Uint32Array(classes);
    for (let tuple = 0; tuple < histogram.tuples; tuple++) held[classOf[tuple]!]! += finest.subjects[tuple]!;
    run.spend(histogram.tuples);
    const lost: number[] = [];
    for (let tuple = 0; tuple < histogram.tuples; tuple++)
      if (held[classOf[tuple]!]! < least && histogram.rows[tuple]! > 0) lost.push(tuple);
    return lost;
  }

  /** Whether it keeps the limit, as it is. There is no more to know of it then. */
  function offer(node: Node): boolean {
    const table = merger.merge(finest, node);
    const verdict = judgeTable(table, criteria);
    const suppressed = countSuppressed(table, verdict);
    run.spend(histogram.tuples);
    if (suppressed > limit) {
      ruleOut(node);
      return false;
    }
    run.offer({ cost: measure(table, node, verdict).cost, suppressed, node });
    done.add(map.placeOf(node));
    return true;
  }

  function ruleOut(node: Node): void {
    done.addBelow(node);
  }

  function isCovered(place: number): boolean {
    return done.has(place) || dear.has(place);
  }

  function costsWith(lost: readonly Float64Array[]): readonly (readonly number[])[] {
    return addLost(lost).map((column, index) => column.map((added, level) => added + levels[index]![level]!));
  }

  function boundBy(node: Node, lost: readonly Float64Array[]): void {
    const costs = costsWith(lost);
    bounds.push({ node, costs });
    dear.addDearBelow(node, costs, run.target() + COST_ROUNDING);
  }

  /** From the most general node, one level at a time where most is gained, to one below which nothing keeps the limit. */
  function descend(): boolean {
    const top = sizes.map((size) => size - 1);
    if (look(top).lostRows > limit || !offer(top)) return false;
    const open = new Set(sizes.keys());
    const path: Node[] = [top];
    while (open.size > 0) {
      const node = path.at(-1)!;
      const gainOf = (column: number) => levels[column]![node[column]!]! - (levels[column]![node[column]! - 1] ?? 0);
      const column = [...open].reduce((one, other) => (gainOf(other) > gainOf(one) ? other : one));
      const finer = node.with(column, node[column]! - 1);
      if (node[column] === 0) open.delete(column);
      else if (look(finer).lostRows <= limit) path.push(finer);
      else {
        ruleOut(finer);
        open.delete(column);
      }
    }
    while (path.length > 1 && !offer(path.at(-1)!)) path.pop();
    return true;
  }

  /** A good one to begin with: of the cheapest nodes those that are not likely to lose too much. */
  function findGood(known: LostSample): void {
    const doubted = createNodeSet(map);
    doubted.become(done);
    for (const stride of STRIDES) {
      let left = MOST_GUESSES;
      let passed = 0;
      for (const place of order.places) {
        if (doubted.has(place) || known.shareAt(place) * rows > limit || ++passed % stride !== 0) continue;
        const node = map.nodeAt(place);
        if (!run.wouldBeBest({ cost: order.costOf(place) - order.step, suppressed: 0, node })) break;
        if (--left < 0) break;
        if (guess(node) > limit) {
          doubted.addBelow(node);
          continue;
        }
        const { lostRows, listLost } = look(node);
        if (lostRows > limit) doubted.addBelow(node);
        else if (
          run.wouldBeBest({ cost: sumAt(costsWith(listLost()), node), suppressed: lostRows, node }) &&
          offer(node)
        )
          left = GUESSES_TO_BETTER;
      }
    }
  }

  /** Until it is known that the node is no better than the best. */
  function resolveBySample(place: number, cost: number, known: LostSample): void {
    // Proven against the best itself, it holds whatever gap later passes are content with.
    const needed = Math.min(limit, rows * Math.max(0, (run.bestCost() - cost) / Math.max(NOTHING, 1 - cost)));
    const node = map.nodeAt(place);
    // Nodes that a later pass would ask about need not be asked about then.
    const dearest = run.bestCost() * (1 - AIM);
    let path = known.climb(place, (CAUTION * needed) / rows, (at) => order.costOf(at) < dearest && !isCovered(at));
    while (!isCovered(place)) {
      const top = [...node];
      for (const column of path) top[column]! += 1;
      const sighting = look(top, path.length > 0 ? needed : 0);
      if (sighting.isUnlikely) {
        path = path.slice(0, -1);
        continue;
      }
      if (sighting.lostRows > limit) ruleOut(top);
      else {
        boundBy(top, sighting.listLost());
        if (path.length === 0 && !isCovered(place)) offer(node);
      }
      path = path.slice(0, Math.floor(path.length / 2));
    }
  }

  function resolveByWitnesses(place: number): void {
    const node = map.nodeAt(place);
    const lost = listLost(node);
    if (lost.length === 0) {
      offer(node);
      return;
    }
    for (const tuple of lost) timesLost[tuple]! += 1;
    const part = Math.ceil(lost.length / WITNESSES);
    for (let from = 0; from < lost.length; from += part) {
      const witness = lost
        .slice(from, from + part)
        .reduce((one, other) => (timesLost[other]! > timesLost[one]! ? other : one));
      run.heed();
      done.addAll(findLost(witness));
      run.spend(histogram.tuples);
    }
    ruleOut(node);
  }

  /**
   * By a sample from the dearest node down: of those near the target each needs a proof of its own, and the cheaper ones
   * fall to these. Witnesses rule out nearly all at once, from the cheapest node up.
   */
  function goThrough(): void {
    dear.clear();
    for (const { node, costs } of bounds) dear.addDearBelow(node, costs, run.target() + COST_ROUNDING);
    const { places } = order;
    let before = 0;
    for (let index = 0; index < places.length; index++) {
      const place = places[sample ? places.length - 1 - index : index]!;
      const cost = order.costOf(place);
      if (cost > run.target() || isCovered(place)) continue;
      if (!run.mayImprove({ cost, suppressed: 0, node: map.nodeAt(place) })) continue;
      run.settle(index - before);
      before = index;
      if (sample) resolveBySample(place, cost, sample);
      else resolveByWitnesses(place);
    }
    run.settle(places.length - before);
  }

  /** What every node costs at least that may be better than the best, wherever a pass is. */
  function boundCost(): number {
    const place = order.places.find((each) => !isCovered(each));
    return place === undefined ? run.target() : Math.min(run.target(), order.costOf(place) - order.step);
  }

  let isBegun = false;
  const goOn = () => {
    if (!isBegun && !descend()) return;
    if (!isBegun && sample) {
      drawSample(sample);
      findGood(sample);
    }
    isBegun = true;
    goThrough();
  };
  return run.pass(GAPS, order.costOf(0), goOn, boundCost);
}

function sumAt(costs: readonly (readonly number[])[], node: Node): number {
  return node.reduce((sum, level, column) => sum + costs[column]![level]!, 0);
}
