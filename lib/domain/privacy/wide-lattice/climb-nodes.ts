import type { Node } from '../class-merger';
import type { WideLattice } from './wide-lattice';

/** How much the last climb counts for where the next is likely to end. */
const LAST = 0.3;

/**
 * Finds a general node that is still too fine above one that is. The most general of all is not. Where a path ends, the bits
 * foretell by which tuples were told apart where those before it ended.
 */
export function createNodeClimber(
  { search, bits }: WideLattice,
  isTooFine: (node: Node) => boolean,
): (node: Node) => Node {
  const { sizes } = search;
  const bitsOf = (node: Node) => node.reduce((sum, level, column) => sum + bits[column]![level]!, 0);
  let likely: number | undefined;

  /** Where fewest bits are lost for each time that more nodes are below. */
  function raise(node: Node): Node | undefined {
    const priceOf = (column: number) => {
      const level = node[column]!;
      return (bits[column]![level]! - bits[column]![level + 1]!) / Math.log((level + 2) / (level + 1));
    };
    const columns = [...node.keys()].filter((column) => node[column]! + 1 < sizes[column]!);
    if (columns.length === 0) return undefined;
    const column = columns.reduce((one, other) => (priceOf(other) < priceOf(one) ? other : one));
    return node.with(column, node[column]! + 1);
  }

  return (node) => {
    const path: Node[] = [];
    for (let at: Node | undefined = node; at; at = raise(at)) path.push(at);
    let [low, high] = [0, path.length - 1];
    let next = likely === undefined ? path.length >> 1 : path.findIndex((each) => bitsOf(each) <= likely!);
    while (low + 1 < high) {
      next = Math.min(high - 1, Math.max(low + 1, next));
      if (isTooFine(path[next]!)) low = next++;
      else high = next--;
    }
    const end = bitsOf(path[low]!);
    likely = likely === undefined ? end : likely + LAST * (end - likely);
    return path[low]!;
  };
}
