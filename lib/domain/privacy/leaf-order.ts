import type { ColumnType } from '../agreement/plan';
import { countBelow } from './count-below';
import { compareDecimals, formatDecimal, parseDecimal } from './decimal';
import { ANY_VALUE } from './generalisation';
import type { HistogramColumn } from './histogram';
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

export function orderLeaves(
  { codes: valueOfTuple }: HistogramColumn,
  rows: Uint32Array,
  ladder: Ladder,
  type: ColumnType,
): LeafOrder {
  const { absent = [] } = ladder;
  const { cells, cellOf, levels, isOdd, bounds, areDates } = listCells(ladder, type);
  const rowsAt = levels.map(({ shown, codes }) => {
    const sums = new Float64Array(shown.length);
    for (const [tuple, value] of valueOfTuple.entries()) sums[codes[cellOf[value]!]!]! += rows[tuple]!;
    return sums;
  });
  const textAt = (level: number, cell: number) => levels[level]!.shown[levels[level]!.codes[cell]!] ?? '';
  const order = cells
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
  const placeOf = new Uint32Array(cells.length);
  for (const [place, cell] of order.entries()) placeOf[cell] = place;
  const nodes = new Map<number, { readonly shown: string | null; readonly share: number }>();
  for (const { shown, shares, codes } of levels) {
    for (let from = 0; from < order.length; ) {
      const code = codes[order[from]!]!;
      let to = from;
      while (to + 1 < order.length && codes[order[to + 1]!] === code) to += 1;
      const key = from * order.length + to;
      if (!nodes.has(key)) nodes.set(key, { shown: shown[code] ?? null, share: shares[code]! });
      from = to + 1;
    }
  }
  /** Per level and place: where its node begins and ends, and the share of all nodes that end before the place. */
  const runs = levels.map(({ codes }) => {
    const starts = new Uint32Array(order.length);
    const ends = new Uint32Array(order.length);
    const below = new Float64Array(order.length + 1);
    for (let from = 0; from < order.length; ) {
      let to = from;
      while (to + 1 < order.length && codes[order[to + 1]!] === codes[order[from]!]) to += 1;
      starts.fill(from, from, to + 1);
      ends.fill(to, from, to + 1);
      below.fill(below[from]!, from, to + 1);
      below[to + 1] = below[from]! + nodes.get(from * order.length + to)!.share;
      from = to + 1;
    }
    return { starts, ends, below };
  });
  /** Of the nodes that `cover` finds, by what whole nodes of each level there are, from the most general down. */
  const shareCover = (from: number, to: number, level = levels.length - 1): number => {
    if (from > to || level < 0) return 0;
    const { starts, ends, below } = runs[level]!;
    const first = starts[from] === from ? from : ends[from]! + 1;
    const end = ends[to] === to ? to + 1 : starts[to]!;
    if (first >= end) return shareCover(from, to, level - 1);
    const whole = below[end]! - below[first]!;
    return whole + shareCover(from, first - 1, level - 1) + shareCover(end, to, level - 1);
  };
  const sums = new Float64Array(order.length + 1);
  for (const [place, cell] of order.entries())
    sums[place + 1] = sums[place]! + levels[0]!.shares[levels[0]!.codes[cell]!]!;
  const odd = order.filter(isOdd).length;
  const last = order.length - 1;
  const nodeOf = (from: number, to: number) => nodes.get(from * order.length + to);
  /** The fewest nodes that make up a run. */
  const cover = (from: number, to: number): string[] => {
    const parts: string[] = [];
    for (let start = from; start <= to; ) {
      let end = to;
      while (end > start && !nodeOf(start, end)) end -= 1;
      parts.push(nodeOf(start, end)?.shown ?? '');
      start = end + 1;
    }
    return parts;
  };
  const show = (from: number, to: number): string | null => {
    const isAll = from === 0 && to === last;
    const node = nodeOf(from, to);
    if (node && (!bounds || from === to || isAll)) return node.shown;
    const isOddAlone = to < odd;
    if (!bounds && (!areDates || isOddAlone)) return cover(from, to).join(' | ');
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
  const lacking = bounds ? absent.flatMap((text) => parseDecimal(text) ?? []).sort(compareDecimals) : [];
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
    show,
  };
}

function compare(left: string | null | undefined, right: string | null | undefined): number {
  if (left === right) return 0;
  if (left === null || left === undefined) return -1;
  return right === null || right === undefined || left > right ? 1 : -1;
}
