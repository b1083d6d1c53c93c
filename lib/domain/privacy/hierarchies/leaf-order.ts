import type { ColumnType } from '../../agreement/plan/plan';
import type { HistogramColumn } from '../histogram/histogram';
import { compareDecimals, formatDecimal, parseDecimal } from '../treatments/decimal';
import { countBelow } from './count-below';
import { ANY_VALUE } from './generalisation';
import type { Ladder } from './ladder';
import { listCells } from './list-cells';

/**
 * A column's cells (see `Ladder.grid`) in a row, so that those alike at some level stand together: numbers and dates by
 * size, all others along the ladder, what is most frequent first. What can be cut out of it is a run of neighbours.
 */
export interface LeafOrder {
  /** `placeOf[v]`: where the cell of the column's v-th value stands. */
  readonly placeOf: Uint32Array;
  /** Number of cells. */
  readonly places: number;
  /** Number of cells at the beginning that cannot be told with others: missing values, and numbers and dates without bounds. */
  readonly odd: number;
  /** False for a column that must be shown as it is. */
  readonly isGeneralisable: boolean;
  /**
   * leaves(run) / leaves(domain): of all that is shown, whether the delivery has it or not. A run of numbers is shown as an
   * interval, another as the nodes that make it up.
   */
  readonly shareOf: (from: number, to: number) => number;
  /** What a run shows. `to` is included. */
  readonly show: (from: number, to: number) => string | null;
}

type ListedCells = ReturnType<typeof listCells>;
type CellLevels = ListedCells['levels'];

/** What stands at the places `from` to `to`, these included, and is one node of the ladder. */
interface RunNode {
  readonly shown: string | null;
  readonly share: number;
}

type FindNode = (from: number, to: number) => RunNode | undefined;

export function orderLeaves(
  { codes: valueOfTuple }: HistogramColumn,
  rows: Uint32Array,
  ladder: Ladder,
  type: ColumnType,
): LeafOrder {
  const listed = listCells(ladder, type);
  const { cells, cellOf, levels, isOdd, bounds, areDates } = listed;
  const order = sortCells(listed, sumRows(listed, valueOfTuple, rows));
  const placeOf = new Uint32Array(cells.length);
  for (const [place, cell] of order.entries()) placeOf[cell] = place;
  const nodeOf = findNodes(levels, order);
  const shareCover = prepareShareCover(levels, order, nodeOf);
  const sums = sumShares(levels, order);
  const odd = order.filter(isOdd).length;
  const last = order.length - 1;
  const lacking = bounds ? (ladder.absent ?? []).flatMap((text) => parseDecimal(text) ?? []).sort(compareDecimals) : [];
  /** Per place, how many numbers that the delivery lacks are below its own. */
  const lackingBelow = order.map((cell) => (isOdd(cell) || !bounds ? 0 : countBelow(lacking, bounds[cell]!.from)));
  const leafShare = levels[0]!.shares[0] ?? 0;
  const shareInterval = (from: number, to: number) => {
    const below = from <= odd ? 0 : lackingBelow[from]!;
    const { to: end } = bounds![order[to]!]!;
    const upTo = to === last || !end ? lacking.length : countBelow(lacking, end);
    return sums[to + 1]! - sums[from]! + (upTo - below) * leafShare;
  };
  return {
    placeOf: cellOf.map((cell) => placeOf[cell]!),
    places: cells.length,
    odd,
    isGeneralisable: ladder.levels.length > 1,
    shareOf: (from, to) => {
      const node = nodeOf(from, to);
      if (lacking.length > 0 && !(node && (from === to || (from === 0 && to === last)))) return shareInterval(from, to);
      if (node) return node.share;
      return bounds || areDates ? sums[to + 1]! - sums[from]! : shareCover(from, to);
    },
    show: prepareShow(listed, order, odd, nodeOf),
  };
}

/** Per level and node its rows. */
function sumRows({ levels, cellOf }: ListedCells, valueOfTuple: ArrayLike<number>, rows: Uint32Array) {
  return levels.map(({ shown, codes }) => {
    const sums = new Float64Array(shown.length);
    for (let tuple = 0; tuple < valueOfTuple.length; tuple++)
      sums[codes[cellOf[valueOfTuple[tuple]!]!]!]! += rows[tuple]!;
    return sums;
  });
}

/** The cells by their places. */
function sortCells(listed: ListedCells, rowsAt: readonly Float64Array[]): readonly number[] {
  const { cells, levels, isOdd, bounds, areDates } = listed;
  const textAt = (level: number, cell: number) => levels[level]!.shown[levels[level]!.codes[cell]!] ?? '';
  return cells
    .map((_, cell) => cell)
    .sort((one, other) => {
      if (isOdd(one) || isOdd(other))
        return Number(isOdd(other)) - Number(isOdd(one)) || compare(cells[one], cells[other]);
      if (areDates) return compare(cells[one], cells[other]);
      if (bounds) return compareDecimals(bounds[one]!.from, bounds[other]!.from);
      for (let level = levels.length - 1; level >= 0; level--) {
        const [left, right] = [levels[level]!.codes[one]!, levels[level]!.codes[other]!];
        if (left === right) continue;
        const fewer = rowsAt[level]![right]! - rowsAt[level]![left]!;
        return fewer === 0 ? compare(textAt(level, one), textAt(level, other)) : fewer;
      }
      return 0;
    });
}

/** Calls `onNode` with every run of neighbours that are one node of the level. */
function walkNodes(
  { codes }: CellLevels[number],
  order: readonly number[],
  onNode: (from: number, to: number, code: number) => void,
): void {
  for (let from = 0; from < order.length; ) {
    const code = codes[order[from]!]!;
    let to = from;
    while (to + 1 < order.length && codes[order[to + 1]!] === code) to += 1;
    onNode(from, to, code);
    from = to + 1;
  }
}

/** Of nodes that several levels have, that of the finest. */
function findNodes(levels: CellLevels, order: readonly number[]): FindNode {
  const nodes = new Map<number, RunNode>();
  for (const level of levels)
    walkNodes(level, order, (from, to, code) => {
      const key = from * order.length + to;
      if (!nodes.has(key)) nodes.set(key, { shown: level.shown[code] ?? null, share: level.shares[code]! });
    });
  return (from, to) => nodes.get(from * order.length + to);
}

/** The share of the nodes that `cover` finds, by what whole nodes of each level there are, from the most general down. */
function prepareShareCover(levels: CellLevels, order: readonly number[], nodeOf: FindNode) {
  /** Per level and place: where its node begins and ends, and the share of all nodes that end before the place. */
  const runs = levels.map((level) => {
    const starts = new Uint32Array(order.length);
    const ends = new Uint32Array(order.length);
    const below = new Float64Array(order.length + 1);
    walkNodes(level, order, (from, to) => {
      starts.fill(from, from, to + 1);
      ends.fill(to, from, to + 1);
      below.fill(below[from]!, from, to + 1);
      below[to + 1] = below[from]! + nodeOf(from, to)!.share;
    });
    return { starts, ends, below };
  });
  const share = (from: number, to: number, level: number): number => {
    if (from > to || level < 0) return 0;
    const { starts, ends, below } = runs[level]!;
    const first = starts[from] === from ? from : ends[from]! + 1;
    const end = ends[to] === to ? to + 1 : starts[to]!;
    if (first >= end) return share(from, to, level - 1);
    const whole = below[end]! - below[first]!;
    return whole + share(from, first - 1, level - 1) + share(end, to, level - 1);
  };
  return (from: number, to: number) => share(from, to, levels.length - 1);
}

/** Per place the share of all cells before it. */
function sumShares(levels: CellLevels, order: readonly number[]): Float64Array {
  const { shares, codes } = levels[0]!;
  const sums = new Float64Array(order.length + 1);
  for (const [place, cell] of order.entries()) sums[place + 1] = sums[place]! + shares[codes[cell]!]!;
  return sums;
}

/** The fewest nodes that make up a run, as they are shown. */
function cover(from: number, to: number, nodeOf: FindNode): readonly string[] {
  const parts: string[] = [];
  for (let start = from; start <= to; ) {
    let end = to;
    while (end > start && !nodeOf(start, end)) end -= 1;
    parts.push(nodeOf(start, end)?.shown ?? '');
    start = end + 1;
  }
  return parts;
}

function prepareShow(
  { cells, bounds, areDates }: ListedCells,
  order: readonly number[],
  odd: number,
  nodeOf: FindNode,
): LeafOrder['show'] {
  const last = order.length - 1;
  return (from, to) => {
    const isAll = from === 0 && to === last;
    const node = nodeOf(from, to);
    if (node && (!bounds || from === to || isAll)) return node.shown;
    const isOddAlone = to < odd;
    if (!bounds && (!areDates || isOddAlone)) return cover(from, to, nodeOf).join(' | ');
    // The outermost bounds are left open: the least and the greatest value are somebody's own.
    const [isLowest, isHighest] = [from <= odd, to === last];
    if (isLowest && isHighest) return ANY_VALUE;
    if (!bounds) return `${isLowest ? '..' : cells[order[from]!]}/${isHighest ? '..' : cells[order[to]!]}`;
    if (isOddAlone) return `<${odd > last ? cells[order[to + 1]!] : formatDecimal(bounds[order[odd]!]!.from)}`;
    const { from: least } = bounds[order[from]!]!;
    const { to: end = least } = bounds[order[to]!]!;
    if (isLowest) return `<${formatDecimal(end)}`;
    return isHighest ? `≥${formatDecimal(least)}` : `[${formatDecimal(least)},${formatDecimal(end)})`;
  };
}

function compare(left: string | null | undefined, right: string | null | undefined): number {
  if (left === right) return 0;
  if (left === null || left === undefined) return -1;
  return right === null || right === undefined || left > right ? 1 : -1;
}
