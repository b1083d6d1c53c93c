import type { Node } from '../histogram/class-merger';
import { judgeTable } from '../models/floor-criteria';
import { createBarrenNodes } from './barren-nodes';
import { countSuppressed } from './count-suppressed';
import { chooseCut, countNodes, isWithin, trimBox } from './lattice-box';
import type { LossModel } from './loss-model';
import type { RowCounter } from './row-counter';
import { createSearchRun, type SearchResult, type SearchRun } from './search-in-passes';
import type { LatticeSearch } from './search-lattice';

interface BoxSearch extends Omit<LatticeSearch, 'guide' | 'metric'> {
  readonly counter: RowCounter;
  readonly metric: LatticeSearch['metric'] & Required<Pick<LatticeSearch['metric'], 'levels' | 'addLost'>>;
}

/** What every node of a box loses at least. */
interface Bound {
  readonly lostRows: number;
  /** What these rows add, per column and level: the more, the finer the level. */
  readonly lostLevels: LossModel['levels'];
}

/** What is left of a box. */
interface Box {
  readonly top: Node;
  readonly bound: Bound;
}

/** The search is made in passes, each with a smaller gap, so that an early end leaves a proven one. */
const GAPS = [0.5, 0.25, 0.15, 0.1, 0.07, 0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.01, 0.005, 0];
/** Nodes remembered as too fine, and bounds remembered from pass to pass. */
const BARREN_NODES = 16_384;
const KNOWN_BOUNDS = 50_000;

/**
 * The same as `searchLattice` finds, for lattices of more nodes than fit in memory: where the metric is a sum over columns,
 * and the floor asks for nothing but subjects. Boxes are ruled out by what is lost at their upper corners: it is lost in all
 * of the box. Only what may be the best is counted as it is.
 */
export function searchByBoxes(search: BoxSearch): SearchResult {
  const { sizes, budget, onProgress, metric } = search;
  const { levels } = metric;
  const run = createSearchRun(
    sizes.reduce((product, size) => product * size, 1),
    budget,
    onProgress,
  );
  const narrow = createNarrowing(levels, run, createVisit(search, run));

  function searchBox(low: Node, high: Node, before: Bound, isVisited: boolean): void {
    const left = narrow(low, high, before, isVisited);
    if (!left) return;
    const { top, bound } = left;
    const cut = chooseCut(levels, low, top);
    if (!cut) {
      run.settle(1);
      return;
    }
    const { column, lastFiner } = cut;
    searchBox(low.with(column, lastFiner + 1), top, bound, true);
    searchBox(low, top.with(column, lastFiner), bound, false);
  }

  const low = sizes.map(() => 0);
  const high = sizes.map((size) => size - 1);
  const nothing: Bound = { lostRows: 0, lostLevels: levels.map((column) => column.map(() => 0)) };
  return run.pass(GAPS, sumAt(levels, low), () => searchBox(low, high, nothing, false));
}

/** What the upper corner of a box tells of all of it; nothing where all of it is too fine. */
type Visit = (top: Node, before: Bound) => Bound | undefined;

function createVisit(search: BoxSearch, run: SearchRun): Visit {
  const { sizes, limit, counter, metric } = search;
  const { levels, addLost } = metric;
  const barren = createBarrenNodes(sizes.length, BARREN_NODES);
  const known = new Map<string, Bound>();
  const mayBeBest = (node: Node, bound: Bound) =>
    run.wouldBeBest({ cost: costAt(levels, node, bound), suppressed: bound.lostRows, node });
  return (top, before) => {
    if (barren.covers(top)) return undefined;
    const key = top.join();
    const found = known.get(key);
    if (found && found.lostRows >= before.lostRows) return found;
    run.begin();
    const { lostRows, seen, listLost } = counter.look(top, 0);
    run.spend(seen);
    const isTooFine = lostRows > limit;
    const bound = lostRows > before.lostRows && !isTooFine ? { lostRows, lostLevels: addLost(listLost()) } : before;
    // One that would be the best is too fine, or it is the best: that is worth to know.
    if (isTooFine || (mayBeBest(top, bound) && !offerCounted(search, run, top))) {
      barren.add(top);
      return undefined;
    }
    if (known.size < KNOWN_BOUNDS || known.has(key)) known.set(key, bound);
    return bound;
  };
}

/** Whether the node does not lose more than the limit, as it is. */
function offerCounted({ merger, criteria, limit, finest, metric }: BoxSearch, run: SearchRun, node: Node): boolean {
  const table = merger.merge(finest, node);
  const verdict = judgeTable(table, criteria);
  const suppressed = countSuppressed(table, verdict);
  if (suppressed <= limit) run.offer({ cost: metric.measure(table, node, verdict).cost, suppressed, node });
  run.spend(finest.classes);
  return suppressed <= limit;
}

/** Makes a box smaller by what its upper corners tell, until they tell no more; nothing where none of it is left. */
function createNarrowing(levels: LossModel['levels'], run: SearchRun, visit: Visit) {
  function trim(low: Node, high: Node, bound: Bound): Node | undefined {
    const { lostRows: suppressed, lostLevels } = bound;
    const costOf = (column: number, level: number) => levels[column]![level]! + lostLevels[column]![level]!;
    return trimBox(low, high, { cost: costAt(levels, low, bound), suppressed }, costOf, run.mayImprove);
  }

  return (low: Node, high: Node, before: Bound, isVisited: boolean): Box | undefined => {
    let [top, bound, isSettled]: [Node, Bound | undefined, boolean] = [high, before, isVisited];
    while (bound) {
      const next = trim(low, top, bound);
      run.settle(countNodes(low, top) - (next ? countNodes(low, next) : 0));
      if (!next) return undefined;
      if (isSettled && isWithin(top, next)) return { top, bound };
      top = next;
      bound = visit(top, bound);
      isSettled = true;
    }
    run.settle(countNodes(low, top));
    return undefined;
  };
}

function costAt(levels: LossModel['levels'], node: Node, { lostLevels }: Bound): number {
  return sumAt(levels, node) + sumAt(lostLevels, node);
}

function sumAt(levels: LossModel['levels'], node: Node): number {
  let sum = 0;
  for (let column = 0; column < node.length; column++) sum += levels[column]![node[column]!]!;
  return sum;
}
