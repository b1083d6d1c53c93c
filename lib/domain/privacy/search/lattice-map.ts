import type { Node } from '../histogram/class-merger';

/**
 * A place for every node of a lattice, so that what is known of nodes can be kept in tables. Thirty-two places are a cell:
 * nodes that differ in the `inner` columns alone lie in one, and are the bits of one word. Not every place has a node.
 */
export interface LatticeMap {
  readonly sizes: readonly number[];
  readonly cells: number;
  /** Columns that are told within a cell, and those that tell cells apart. */
  readonly inner: readonly number[];
  readonly outer: readonly number[];
  /** Per column, the places from a level to the next. */
  readonly strides: readonly number[];
  /** Per place of a cell, its node's levels in the inner columns; as many as there are nodes in a cell. */
  readonly innerLevels: readonly (readonly number[])[];
  readonly placeOf: (node: Node) => number;
  readonly nodeAt: (place: number) => Node;
}

export const CELL = 32;

/** `sizes`: number of levels per column. */
export function createLatticeMap(sizes: readonly number[]): LatticeMap {
  // Levels that are a multiple of four places apart are added up four nodes at a time: columns that make them so come first.
  const inner = [...chooseInner(sizes)].sort((one, other) => oddness(sizes[one]!) - oddness(sizes[other]!));
  const outer = [...sizes.keys()].filter((column) => !inner.includes(column));
  const strides = sizes.map(() => 0);
  let width = 1;
  for (const column of inner) {
    strides[column] = width;
    width *= sizes[column]!;
  }
  const nodesInCell = width;
  width = CELL;
  for (const column of outer) {
    strides[column] = width;
    width *= sizes[column]!;
  }
  const levelAt = (place: number, column: number) =>
    Math.floor((inner.includes(column) ? place % CELL : place) / strides[column]!) % sizes[column]!;
  return {
    sizes,
    cells: width / CELL,
    inner,
    outer,
    strides,
    innerLevels: Array.from({ length: nodesInCell }, (_, place) => inner.map((column) => levelAt(place, column))),
    placeOf: (node) => node.reduce((place, level, column) => place + level * strides[column]!, 0),
    nodeAt: (place) => sizes.map((_, column) => levelAt(place, column)),
  };
}

/** Columns whose nodes fill a cell as far as can be; of equal ones the first. */
function chooseInner(sizes: readonly number[]): readonly number[] {
  const found = new Map<number, readonly number[]>([[1, []]]);
  for (const [column, size] of sizes.entries())
    for (const [nodes, columns] of [...found])
      if (nodes * size <= CELL && !found.has(nodes * size)) found.set(nodes * size, [...columns, column]);
  return found.get(Math.max(...found.keys()))!;
}

function oddness(size: number): number {
  return size % 4 === 0 ? 0 : size % 2 === 0 ? 1 : 2;
}
