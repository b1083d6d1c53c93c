import type { Node } from '../histogram/class-merger';

/** Share of the cost between its corners that a box's finer part takes. Found on UCI Adult to count the fewest nodes. */
const FINER_PART = 0.25;

/** Whether `node` is nowhere more general than `high`. */
export function isWithin(node: Node, high: Node): boolean {
  for (let column = 0; column < node.length; column++) if (node[column]! > high[column]!) return false;
  return true;
}

/** Whether `one` has the lexicographically smaller levels. */
export function precedes(one: Node, other: Node): boolean {
  const column = one.findIndex((level, index) => level !== other[index]);
  return column >= 0 && one[column]! < other[column]!;
}

/** Of the box from `low` to `high`. */
export function countNodes(low: Node, high: Node): number {
  return low.reduce((product, level, column) => product * (high[column]! - level + 1), 1);
}

interface Least {
  readonly cost: number;
  readonly suppressed: number;
}

/**
 * The upper corner of what can still hold a better node of the box from `low` to `high`; nothing when none of it can.
 * @param least what every node of the box costs and suppresses at least
 * @param costOf what a level of a column is a part of `cost` with; absent where costs are no sum over columns
 * @param mayImprove whether a node that keeps to this could be better than the best one
 */
export function trimBox(
  low: Node,
  high: Node,
  { cost, suppressed }: Least,
  costOf: ((column: number, level: number) => number) | undefined,
  mayImprove: (bound: Least & { readonly node: Node }) => boolean,
): Node | undefined {
  if (!mayImprove({ cost, suppressed, node: low })) return undefined;
  if (!costOf) return high;
  return high.map((top, column) => {
    const from = low[column]!;
    const rest = cost - costOf(column, from);
    let level = top;
    while (
      level > from &&
      !mayImprove({ cost: rest + costOf(column, level), suppressed, node: low.with(column, level) })
    )
      level -= 1;
    return level;
  });
}

/** Where to cut a box in two: the column whose levels differ most in cost between its corners; nothing for one node. */
export function chooseCut(
  guide: readonly (readonly number[])[],
  low: Node,
  high: Node,
): { readonly column: number; readonly lastFiner: number } | undefined {
  let column = -1;
  let widest = -1;
  for (const [index, costs] of guide.entries()) {
    const width = costs[high[index]!]! - costs[low[index]!]!;
    if (low[index]! < high[index]! && width > widest) {
      column = index;
      widest = width;
    }
  }
  if (column < 0) return undefined;
  const costs = guide[column]!;
  const [from, to] = [low[column]!, high[column]!];
  const bound = costs[from]! + FINER_PART * (costs[to]! - costs[from]!);
  let lastFiner = from;
  while (lastFiner + 1 < to && costs[lastFiner + 1]! < bound) lastFiner += 1;
  return { column, lastFiner };
}
