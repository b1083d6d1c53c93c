import type { Ladder } from '../../hierarchies/ladder';
import type { Node } from '../../histogram/class-merger';
import type { Histogram } from '../../histogram/histogram';
import { judgeTable } from '../../models/floor-criteria';
import { countSuppressed } from '../count-suppressed';
import { CELL, createLatticeMap, type LatticeMap } from '../lattice-map';
import { createLostNodes } from '../lost-nodes';
import { measureBits } from '../measure-bits';
import { orderNodes } from '../order-nodes';
import type { RowCounter, Sighting } from '../row-counter';
import { createSearchRun } from '../search-in-passes';
import type { LatticeSearch } from '../search-lattice';
import { createKnownNodes, type KnownNodes } from './known-nodes';

export interface WideSearch extends Omit<LatticeSearch, 'guide' | 'metric'> {
  readonly counter: RowCounter;
  readonly histogram: Histogram;
  readonly ladders: readonly Ladder[];
  /** Subjects that a class must hold, and all that the floor asks for. */
  readonly least: number;
  readonly metric: LatticeSearch['metric'] & Required<Pick<LatticeSearch['metric'], 'levels' | 'addLost'>>;
}

/** A lattice that is searched, and the ways to know more of its nodes; each is counted, and may end the search. */
export interface WideLattice {
  readonly search: WideSearch;
  readonly map: LatticeMap;
  readonly order: ReturnType<typeof orderNodes>;
  readonly run: ReturnType<typeof createSearchRun>;
  readonly known: KnownNodes;
  /** Per column and level, the bits by which it tells tuples apart. */
  readonly bits: readonly (readonly number[])[];
  readonly look: (node: Node, needed?: number) => Sighting;
  /** How many rows a node is likely to lose. */
  readonly guess: (node: Node) => number;
  /** Nodes at which a tuple is in too small a class: see `createLostNodes`. */
  readonly findLost: (tuple: number) => Int32Array;
  /** How long that takes, in tuples that a look sees meanwhile. */
  readonly findingLost: number;
  /** All tuples that are in too small a class at a node. */
  readonly listLost: (node: Node) => readonly number[];
  /** Whether it keeps the limit, as it is. */
  readonly offer: (node: Node) => boolean;
  /** Per column and level, what a node costs where these rows are lost. */
  readonly costsWith: (lost: readonly Float64Array[]) => readonly (readonly number[])[];
}

/** As long as a look takes for so many tuples it takes to find where a tuple joins another, and to sum up a place (measured). */
const JOINING = 14;
const SUMMING = 2;

export function openWideLattice(search: WideSearch): WideLattice {
  const { sizes, histogram, ladders, least, finest, budget, onProgress, metric } = search;
  const { levels, addLost } = metric;
  const map = createLatticeMap(sizes);
  const nodes = sizes.reduce((product, size) => product * size, 1);
  const run = createSearchRun(nodes, budget, onProgress);
  const known = createKnownNodes(map, run.target);
  const findLost = createLostNodes(histogram, ladders, finest.subjects, least, map);
  const findingLost = JOINING * histogram.tuples + SUMMING * map.cells * CELL;
  return {
    search,
    map,
    order: orderNodes(map, levels),
    run,
    known,
    bits: ladders.map((ladder, column) => measureBits(histogram, ladder, column)),
    ...countNodes(search, run, known),
    findLost: (tuple) => {
      run.heed();
      const lost = findLost(tuple);
      run.spend(findingLost);
      return lost;
    },
    findingLost,
    costsWith: (lost) =>
      addLost(lost).map((column, index) => column.map((added, level) => added + levels[index]![level]!)),
  };
}

/** The ways to count a node. */
function countNodes(
  { counter, histogram, merger, finest, least, criteria, limit, metric }: WideSearch,
  run: WideLattice['run'],
  known: KnownNodes,
): Pick<WideLattice, 'look' | 'guess' | 'listLost' | 'offer'> {
  return {
    look: (node, needed = 0) => {
      run.begin();
      const sighting = counter.look(node, needed);
      run.spend(sighting.seen);
      return sighting;
    },
    guess: (node) => {
      run.heed();
      const { lostRows, seen } = counter.estimate(node);
      run.spend(seen);
      return lostRows;
    },
    listLost: (node) => {
      run.begin();
      const { classes, classOf } = merger.assign(finest, node);
      const held = new Uint32Array(classes);
      for (let tuple = 0; tuple < histogram.tuples; tuple++) held[classOf[tuple]!]! += finest.subjects[tuple]!;
      run.spend(histogram.tuples);
      const lost: number[] = [];
      for (let tuple = 0; tuple < histogram.tuples; tuple++)
        if (held[classOf[tuple]!]! < least && histogram.rows[tuple]! > 0) lost.push(tuple);
      return lost;
    },
    offer: (node) => {
      const table = merger.merge(finest, node);
      const verdict = judgeTable(table, criteria);
      const suppressed = countSuppressed(table, verdict);
      run.spend(histogram.tuples);
      if (suppressed > limit) {
        known.ruleOut(node);
        return false;
      }
      run.offer({ cost: metric.measure(table, node, verdict).cost, suppressed, node });
      known.settle(node);
      return true;
    },
  };
}
