import type { Node } from '../../histogram/class-merger';
import type { WideLattice } from './wide-lattice';

/**
 * From the most general node, one level at a time where most is gained, to one below which nothing keeps the limit; once
 * more where most is gained for each bit that tuples are told apart by, which leads to better ones. Whether any node keeps
 * the limit.
 */
export function descend(lattice: WideLattice): boolean {
  const { sizes, limit, metric } = lattice.search;
  const { bits } = lattice;
  const top = sizes.map((size) => size - 1);
  if (lattice.look(top).lostRows > limit || !lattice.offer(top)) return false;
  const gainAt = (column: number, level: number) =>
    metric.levels[column]![level]! - (metric.levels[column]![level - 1] ?? 0);
  descendBy(lattice, top, gainAt);
  const toldAt = (column: number, level: number) => (bits[column]![level - 1] ?? 0) - bits[column]![level]!;
  descendBy(lattice, top, (column, level) => gainAt(column, level) / toldAt(column, level));
  return true;
}

/** `worth`: of going to the next finer level of a column. */
function descendBy(
  { search, look, offer, known }: WideLattice,
  top: Node,
  worth: (column: number, level: number) => number,
): void {
  const open = new Set(top.keys());
  const path: Node[] = [top];
  while (open.size > 0) {
    const node = path.at(-1)!;
    const worthOf = (column: number) => worth(column, node[column]!);
    const column = [...open].reduce((one, other) => (worthOf(other) > worthOf(one) ? other : one));
    const finer = node.with(column, node[column]! - 1);
    if (node[column] === 0) open.delete(column);
    else if (look(finer).lostRows <= search.limit) path.push(finer);
    else {
      known.ruleOut(finer);
      open.delete(column);
    }
  }
  while (path.length > 1 && !offer(path.at(-1)!)) path.pop();
}
