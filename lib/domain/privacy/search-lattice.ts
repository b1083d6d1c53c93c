import type { ClassMerger, Node } from './class-merger';
import { type ClassTable, measureTable } from './class-table';
import { type FloorCriteria, findLosses } from './floor-criteria';
import { type LossModel, sumLoss } from './loss-model';

export interface LatticeSearch {
  /** Every tuple a class of its own. */
  readonly finest: ClassTable;
  /** Number of levels per column. */
  readonly sizes: readonly number[];
  readonly merger: ClassMerger;
  readonly criteria: FloorCriteria;
  readonly lossModel: LossModel;
  /** Rows that may be suppressed. */
  readonly limit: number;
  readonly onProgress?: (progress: SolveProgress) => void;
}

export interface SolveProgress {
  /** Nodes counted so far. */
  readonly checked: number;
  /** Share of the lattice that is decided, 0 to 1. */
  readonly settled: number;
}

export interface SearchResult {
  /** Absent when no node meets the floor. */
  readonly best?: Candidate;
  readonly checked: number;
}

interface Candidate {
  /** Weighted, suppression included. */
  readonly loss: number;
  readonly suppressed: number;
  readonly node: Node;
}

/** What counting a node tells of all finer ones: at least these rows they lose, and this loss comes with it. */
interface Standing {
  readonly lostRows: number;
  readonly lostLoss: number;
}

/** A table to count the nodes of a box from, and the finest node it was made for. */
interface Source {
  readonly low: Node;
  readonly table: ClassTable;
}

/** Losses that differ by less are taken as equal: they do so by rounding. */
const LOSS_ROUNDING = 1e-12;
/** Rows lost to t are fractions of classes; this much of a row is rounding. */
const ROW_ROUNDING = 1e-6;
/** A table is kept for a box only when it is this much smaller: those kept at once stay within ten of the largest. */
const WORTH_KEEPING = 0.9;
/** Share of the loss between its corners that a box's finer part takes. Found on UCI Adult to count the fewest nodes. */
const FINER_PART = 0.25;
/** Nodes remembered as too fine. More would not rule out much, and take time to look through. */
const BARREN_NODES = 2048;

/**
 * Finds the node of least loss that meets the floor, by branch and bound over boxes of the lattice (all nodes from
 * `low` to `high`). Counting `high` tells what every node of its box must suppress at least (see `findLosses`); where
 * that is more than the limit, the box holds no answer. Otherwise no node of the box loses less than `low` does without
 * suppression plus what those rows add; where the best node known is as good, the box holds nothing better. What is
 * left is cut in two. Only the boxes on the way down are in memory, so the size of the lattice does not matter to it.
 *
 * Of nodes with equal loss that with the fewest suppressed rows wins, then the one of lexicographically smaller levels.
 */
export function searchLattice(search: LatticeSearch): SearchResult {
  const { sizes, merger, criteria, lossModel, limit, onProgress } = search;
  const latticeNodes = sizes.reduce((product, size) => product * size, 1);
  const barren: Node[] = [];
  let best: Candidate | undefined;
  let checked = 0;
  let settledNodes = 0;

  /** What a node tells of the box below it; nothing when it is too fine, and all finer ones with it. */
  function count(node: Node, { table }: Source): Standing | undefined {
    if (barren.some((known) => isWithin(node, known))) return undefined;
    const counted = merger.merge(table, node);
    const losses = findLosses(counted, criteria);
    checked += 1;
    onProgress?.({ checked, settled: settledNodes / latticeNodes });
    let suppressed = 0;
    let lostRows = 0;
    for (let index = 0; index < losses.length; index++) {
      if (losses[index] === 0) continue;
      suppressed += counted.rows[index]!;
      lostRows += counted.rows[index]! * losses[index]!;
    }
    if (lostRows > limit + ROW_ROUNDING) {
      if (barren.length < BARREN_NODES) barren.push(node);
      return undefined;
    }
    let added = 0;
    let lostLoss = 0;
    for (let index = 0; index < losses.length; index++) {
      if (losses[index] === 0) continue;
      const loss = counted.rows[index]! * lossModel.suppressionOf(counted.tuples[index]!, node);
      added += loss;
      lostLoss += loss * losses[index]!;
    }
    const loss = sumLoss(lossModel, node) + added;
    if (suppressed <= limit && improves(loss, suppressed, node)) best = { loss, suppressed, node };
    return { lostRows: Math.ceil(lostRows - ROW_ROUNDING), lostLoss };
  }

  /** Also answers for bounds: when these three are at most a node's own and do not improve, nor does the node. */
  function improves(loss: number, suppressed: number, node: Node): boolean {
    if (!best || loss < best.loss - LOSS_ROUNDING) return true;
    if (loss > best.loss + LOSS_ROUNDING) return false;
    if (suppressed !== best.suppressed) return suppressed < best.suppressed;
    return precedes(node, best.node);
  }

  /** The upper corner of what can still hold a better node; nothing when none of the box can. */
  function trim(low: Node, high: Node, { lostRows, lostLoss }: Standing): Node | undefined {
    const bound = sumLoss(lossModel, low) + lostLoss;
    if (!improves(bound, lostRows, low)) return undefined;
    return high.map((top, column) => {
      const losses = lossModel.levels[column]!;
      let level = top;
      while (
        level > low[column]! &&
        !improves(bound - losses[low[column]!]! + losses[level]!, lostRows, low.with(column, level))
      ) {
        level -= 1;
      }
      return level;
    });
  }

  /** `standing`: of `high`, where it is known already. */
  function searchBox(low: Node, high: Node, source: Source, standing = count(high, source)): void {
    const top = standing && trim(low, high, standing);
    settledNodes += countNodes(low, high) - (top ? countNodes(low, top) : 0);
    if (!top) return;
    const column = chooseColumn(low, top);
    if (!isWithin(high, top)) {
      searchBox(low, top, source);
    } else if (column < 0) {
      settledNodes += 1;
    } else {
      const cut = chooseCut(lossModel.levels[column]!, low[column]!, top[column]!);
      const nearer = condense(low, top, source);
      searchBox(low.with(column, cut + 1), top, nearer, standing);
      searchBox(low, top.with(column, cut), nearer);
    }
  }

  /** The column whose levels differ most in loss between the corners; −1 for a box of one node. */
  function chooseColumn(low: Node, high: Node): number {
    let chosen = -1;
    let widest = -1;
    for (const [column, losses] of lossModel.levels.entries()) {
      const width = losses[high[column]!]! - losses[low[column]!]!;
      if (low[column]! < high[column]! && width > widest) {
        chosen = column;
        widest = width;
      }
    }
    return chosen;
  }

  /** A smaller table to count the box from, where there is one and the box is worth it. */
  function condense(low: Node, high: Node, source: Source): Source {
    if (isWithin(low, source.low) || countNodes(low, high) < 3) return source;
    const table = merger.merge(source.table, low);
    const smaller = measureTable(table) < WORTH_KEEPING * measureTable(source.table);
    return { low, table: smaller ? table : source.table };
  }

  const low = sizes.map(() => 0);
  const high = sizes.map((size) => size - 1);
  searchBox(low, high, { low, table: search.finest });
  return { checked, ...(best && { best }) };
}

/** The last level of a box's finer part; below `high`. */
function chooseCut(losses: readonly number[], low: number, high: number): number {
  const bound = losses[low]! + FINER_PART * (losses[high]! - losses[low]!);
  let cut = low;
  while (cut + 1 < high && losses[cut + 1]! < bound) cut += 1;
  return cut;
}

function isWithin(node: Node, high: Node): boolean {
  for (let column = 0; column < node.length; column++) if (node[column]! > high[column]!) return false;
  return true;
}

function precedes(one: Node, other: Node): boolean {
  const column = one.findIndex((level, index) => level !== other[index]);
  return column >= 0 && one[column]! < other[column]!;
}

function countNodes(low: Node, high: Node): number {
  return low.reduce((product, level, column) => product * (high[column]! - level + 1), 1);
}
