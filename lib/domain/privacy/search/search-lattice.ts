import type { ClassMerger, Node } from '../histogram/class-merger';
import { type ClassTable, measureTable } from '../histogram/class-table';
import { type FloorCriteria, judgeTable } from '../models/floor-criteria';
import { createBarrenNodes } from './barren-nodes';
import { countSuppressed } from './count-suppressed';
import { chooseCut, countNodes, isWithin, trimBox } from './lattice-box';
import type { Metric } from './metric';
import { createSearchRun, type SearchBudget, type SearchResult, type SolveProgress } from './search-in-passes';

export interface LatticeSearch {
  /** Every tuple a class of its own. */
  readonly finest: ClassTable;
  /** Number of levels per column. */
  readonly sizes: readonly number[];
  readonly merger: ClassMerger;
  readonly criteria: FloorCriteria;
  readonly metric: Metric;
  /** Per column and level: what guides how the lattice is cut, where the metric itself is no sum over columns. */
  readonly guide: readonly (readonly number[])[];
  /** Rows that may be suppressed. */
  readonly limit: number;
  readonly budget: SearchBudget;
  readonly onProgress?: (progress: SolveProgress) => void;
}

/** What counting a node tells of all finer ones: at least these rows they lose, and this cost comes with it. */
interface Standing {
  readonly lostRows: number;
  readonly lostCost: number;
}

/** A table to count the nodes of a box from, and the finest node it was made for. */
interface Source {
  readonly low: Node;
  readonly table: ClassTable;
}

/** Rows lost to t are fractions of classes; this much of a row is rounding. */
const ROW_ROUNDING = 1e-6;
/** A table is kept for a box only when it is this much smaller: those kept at once stay within ten of the largest. */
const WORTH_KEEPING = 0.9;
/** Nodes remembered as too fine. More would not rule out much, and take time to look through. */
const BARREN_NODES = 4096;
/** Standings remembered from pass to pass. */
const KNOWN_STANDINGS = 100_000;
/** Lattices of more nodes are searched in passes, each with a smaller gap, so that an early end leaves a proven one. */
export const MANY_NODES = 50_000;
const GAPS = [0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0];

/**
 * Finds the node of least cost that meets the floor, by branch and bound over boxes of the lattice (all nodes from
 * `low` to `high`). Counting `high` tells what every node of its box must suppress at least (see `judgeTable`); where
 * that is more than the limit, the box holds no answer. Otherwise no node of the box costs less than `low` does without
 * suppression plus what those rows add; where the best node known is as good, the box holds nothing better. What is
 * left is cut in two. Only the boxes on the way down are in memory, so the size of the lattice does not matter to it.
 */
export function searchLattice(search: LatticeSearch): SearchResult {
  const { sizes, merger, criteria, metric, guide, limit, budget, onProgress } = search;
  const latticeNodes = sizes.reduce((product, size) => product * size, 1);
  const run = createSearchRun(latticeNodes, budget, onProgress);
  const barren = createBarrenNodes(sizes.length, BARREN_NODES);
  const known = new Map<string, Standing>();
  const { condense, costBefore } = createSources(search);

  /** What a node tells of the box below it; nothing when it is too fine, and all finer ones with it. */
  function count(node: Node, { table }: Source): Standing | undefined {
    if (barren.covers(node)) return undefined;
    const key = node.join();
    const before = known.get(key);
    if (before) return before;
    run.begin();
    const counted = merger.merge(table, node);
    const verdict = judgeTable(counted, criteria);
    run.spend(table.classes);
    if (verdict.lostRows > limit + ROW_ROUNDING) {
      barren.add(node);
      return undefined;
    }
    const suppressed = countSuppressed(counted, verdict);
    const { cost, lost } = metric.measure(counted, node, verdict);
    if (suppressed <= limit) run.offer({ cost, suppressed, node });
    const standing = { lostRows: Math.ceil(verdict.lostRows - ROW_ROUNDING), lostCost: lost };
    if (known.size < KNOWN_STANDINGS) known.set(key, standing);
    return standing;
  }

  function trim(low: Node, high: Node, base: number, { lostRows: suppressed, lostCost }: Standing): Node | undefined {
    const { levels } = metric;
    const costOf = levels && ((column: number, level: number) => levels[column]![level]!);
    return trimBox(low, high, { cost: base + lostCost, suppressed }, costOf, run.mayImprove);
  }

  /** `standing`: of `high`, where it is known already. */
  function searchBox(low: Node, high: Node, source: Source, base: number, standing = count(high, source)): void {
    const top = standing && trim(low, high, base, standing);
    run.settle(countNodes(low, high) - (top ? countNodes(low, top) : 0));
    if (!top) return;
    const cut = chooseCut(guide, low, top);
    if (!isWithin(high, top)) {
      searchBox(low, top, source, base);
    } else if (!cut) {
      run.settle(1);
    } else {
      const { column, lastFiner } = cut;
      const nearer = condense(low, top, source);
      const coarser = low.with(column, lastFiner + 1);
      searchBox(coarser, top, nearer, costBefore(coarser, nearer), standing);
      searchBox(low, top.with(column, lastFiner), nearer, base);
    }
  }

  const low = sizes.map(() => 0);
  const high = sizes.map((size) => size - 1);
  const source = { low, table: search.finest };
  const base = costBefore(low, source);
  return run.pass(latticeNodes > MANY_NODES ? GAPS : [0], base, () => searchBox(low, high, source, base));
}

function createSources({ merger, metric, finest }: LatticeSearch) {
  /** Nodes whose table is hardly smaller than what it was made from: nor is that of a finer one. */
  const stubborn: Node[] = [];

  function costBefore(low: Node, { table }: Source): number {
    return metric.before(low, () => merger.merge(table, low));
  }

  /** A smaller table to count the box from, where there is one and the box is worth it. */
  function condense(low: Node, high: Node, source: Source): Source {
    if (isWithin(low, source.low) || countNodes(low, high) < 3) return source;
    if (stubborn.some((node) => isWithin(low, node))) return source;
    const table = merger.merge(source.table, low);
    if (measureTable(table) < WORTH_KEEPING * measureTable(source.table)) return { low, table };
    if (source.table === finest) stubborn.push(low);
    return source;
  }

  return { condense, costBefore };
}
