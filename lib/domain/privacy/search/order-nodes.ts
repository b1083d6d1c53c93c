import { CELL, type LatticeMap } from './lattice-map';

/** The nodes of a lattice by what their levels cost. */
interface NodeOrder {
  /** Of all nodes, by rising cost: no node stands before one that is cheaper by more than `step`. */
  readonly places: Uint32Array;
  readonly step: number;
  readonly costOf: (place: number) => number;
  /** Whether no node from one of this cost on is cheaper than the target. */
  readonly isBeyond: (cost: number, target: number) => boolean;
  /**
   * What no node is below that may still be better than the best.
   * @param isKnown whether it is known of a node what it is, or that it costs more than the target
   */
  readonly boundLeft: (isKnown: (place: number) => boolean, target: number) => number;
}

const STEPS = 2 ** 16;

/** `levels`: costs per column and level; they never fall with the level. */
export function orderNodes(map: LatticeMap, levels: readonly (readonly number[])[]): NodeOrder {
  const { cells, inner, outer, sizes, strides, innerLevels } = map;
  const innerCosts = Float64Array.from(innerLevels, (own) =>
    own.reduce((sum, level, at) => sum + levels[inner[at]!]![level]!, 0),
  );
  const cellCosts = new Float64Array(cells);
  for (const column of outer) {
    const step = strides[column]! / CELL;
    for (let cell = 0; cell < cells; cell++)
      cellCosts[cell]! += levels[column]![Math.floor(cell / step) % sizes[column]!]!;
  }
  const costOf = (place: number) => cellCosts[place >>> 5]! + innerCosts[place & 31]!;
  const least = costOf(0);
  const most = levels.reduce((sum, column) => sum + column.at(-1)!, 0);
  const width = Math.max(Number.EPSILON, (most - least) / (STEPS - 2));
  const step = 2 * width;
  const places = sortByCost(cells, innerLevels.length, (place) =>
    Math.max(0, Math.floor((costOf(place) - least) / width)),
  );

  return {
    places,
    step,
    costOf,
    isBeyond: (cost, target) => cost - step > target,
    boundLeft: (isKnown, target) => {
      const place = places.find((each) => !isKnown(each));
      return place === undefined ? target : Math.min(target, costOf(place) - step);
    },
  };
}

/** By counting how many nodes stand on each step. */
function sortByCost(cells: number, nodesInCell: number, stepOf: (place: number) => number): Uint32Array {
  const next = new Uint32Array(STEPS + 1);
  for (let cell = 0; cell < cells; cell++)
    for (let place = 0; place < nodesInCell; place++) next[stepOf(cell * CELL + place) + 1]! += 1;
  for (let index = 0; index < STEPS; index++) next[index + 1]! += next[index]!;
  const places = new Uint32Array(cells * nodesInCell);
  for (let cell = 0; cell < cells; cell++)
    for (let place = 0; place < nodesInCell; place++) {
      const found = cell * CELL + place;
      places[next[stepOf(found)]!++] = found;
    }
  return places;
}
