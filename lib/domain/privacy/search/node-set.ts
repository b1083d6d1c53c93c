import type { Node } from '../histogram/class-merger';
import { CELL, type LatticeMap } from './lattice-map';

/** Nodes of a lattice, a bit for each. */
interface NodeSet {
  readonly has: (place: number) => boolean;
  readonly add: (place: number) => void;
  readonly clear: () => void;
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
  const half = outer.length >> 1;
  const [near, far] = [createCellList(map, outer.slice(0, half)), createCellList(map, outer.slice(half))];
  const free = sizes.map((size) => new Array<number>(size).fill(0));

  const listInner = (top: Node) =>
    [...innerLevels.keys()].filter((place) => innerLevels[place]!.every((level, at) => level <= top[inner[at]!]!));

  return {
    words,
    has: (place) => ((words[place >>> 5]! >>> (place & 31)) & 1) === 1,
    add: (place) => {
      words[place >>> 5]! |= 1 << (place & 31);
    },
    clear: () => {
      words.fill(0);
    },
    become: (other) => words.set(other.words),
    addAll: (others) => {
      for (let cell = 0; cell < cells; cell++) words[cell]! |= others[cell]!;
    },
    addBelow: (top) => {
      const mask = listInner(top).reduce((bits, place) => bits | (1 << place), 0);
      const [nearCells, farCells] = [near.list(top, free), far.list(top, free)];
      for (let one = 0; one < farCells; one++) {
        const from = far.cells[one]!;
        for (let other = 0; other < nearCells; other++) words[from + near.cells[other]!]! |= mask;
      }
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
      const [nearCells, farCells] = [near.list(top, costs), far.list(top, costs)];
      const dearest = costOf[0]! + near.costs.subarray(0, nearCells).reduce((most, cost) => Math.max(most, cost));
      for (let one = 0; one < farCells; one++) {
        const from = far.cells[one]!;
        const before = far.costs[one]!;
        if (before + dearest < least) continue;
        for (let other = 0; other < nearCells; other++) {
          const cost = before + near.costs[other]!;
          let count = 0;
          while (count < costOf.length && cost + costOf[count]! >= least) count += 1;
          words[from + near.cells[other]!]! |= masks[count]!;
        }
      }
    },
  };
}

/** The cells that some of the outer columns tell apart, of all nodes below one, with what their levels cost. */
interface CellList {
  /** Returns how many there are. The next call overwrites them. */
  readonly list: (top: Node, costs: readonly (readonly number[])[]) => number;
  readonly cells: Int32Array;
  readonly costs: Float64Array;
}

function createCellList({ sizes, strides }: LatticeMap, columns: readonly number[]): CellList {
  const most = columns.reduce((product, column) => product * sizes[column]!, 1);
  const cells = new Int32Array(most);
  const sums = new Float64Array(most);
  return {
    cells,
    costs: sums,
    list: (top, costs) => {
      let count = 1;
      [cells[0], sums[0]] = [0, 0];
      for (const column of columns) {
        const own = costs[column]!;
        const step = strides[column]! / CELL;
        for (let level = top[column]!; level >= 0; level--)
          for (let at = 0; at < count; at++) {
            cells[level * count + at] = cells[at]! + level * step;
            sums[level * count + at] = sums[at]! + own[level]!;
          }
        count *= top[column]! + 1;
      }
      return count;
    },
  };
}
