import type { Node } from './class-merger';
import { CELL, type LatticeMap } from './lattice-map';

/** Nodes of a lattice, a bit for each. */
export interface NodeSet {
  readonly has: (place: number) => boolean;
  readonly add: (place: number) => void;
  /** The nodes of the other set, and no others. */
  readonly become: (other: NodeSet) => void;
  /** Those of words like its own. */
  readonly addAll: (words: Int32Array) => void;
  /** All nodes that are nowhere more general than `top`. */
  readonly addBelow: (top: Node) => void;
  /** Of these, those at which the costs of all columns' levels add up to `least` at least. */
  readonly addDearBelow: (top: Node, costs: readonly (readonly number[])[], least: number) => void;
  readonly words: Int32Array;
}

export function createNodeSet(map: LatticeMap): NodeSet {
  const { cells, inner, outer, sizes, innerLevels } = map;
  const words = new Int32Array(cells);
  const steps = outer.map((column) => map.strides[column]! / CELL);

  const listInner = (top: Node) =>
    [...innerLevels.keys()].filter((place) => innerLevels[place]!.every((level, at) => level <= top[inner[at]!]!));

  /** Calls `visit` for every cell of the nodes below `top`, with what its levels cost. */
  function visitCells(top: Node, costs: readonly (readonly number[])[], visit: (cell: number, cost: number) => void) {
    const go = (at: number, cell: number, cost: number) => {
      if (at < 0) {
        visit(cell, cost);
        return;
      }
      const column = outer[at]!;
      const step = steps[at]!;
      const own = costs[column]!;
      for (let level = 0; level <= top[column]!; level++) go(at - 1, cell + level * step, cost + own[level]!);
    };
    go(outer.length - 1, 0, 0);
  }

  const free = sizes.map((size) => new Array<number>(size).fill(0));

  return {
    words,
    has: (place) => ((words[place >>> 5]! >>> (place & 31)) & 1) === 1,
    add: (place) => {
      words[place >>> 5]! |= 1 << (place & 31);
    },
    become: (other) => words.set(other.words),
    addAll: (others) => {
      for (let cell = 0; cell < cells; cell++) words[cell]! |= others[cell]!;
    },
    addBelow: (top) => {
      const mask = listInner(top).reduce((bits, place) => bits | (1 << place), 0);
      visitCells(top, free, (cell) => {
        words[cell]! |= mask;
      });
    },
    addDearBelow: (top, costs, least) => {
      const places = listInner(top)
        .map((place) => ({
          place,
          cost: innerLevels[place]!.reduce((sum, level, at) => sum + costs[inner[at]!]![level]!, 0),
        }))
        .sort((one, other) => other.cost - one.cost);
      const costOf = Float64Array.from(places, ({ cost }) => cost);
      // The dearest so many of a cell.
      const masks = Int32Array.from({ length: places.length + 1 }, (_, count) =>
        places.slice(0, count).reduce((bits, { place }) => bits | (1 << place), 0),
      );
      visitCells(top, costs, (cell, cost) => {
        let count = 0;
        while (count < costOf.length && cost + costOf[count]! >= least) count += 1;
        words[cell]! |= masks[count]!;
      });
    },
  };
}
