import type { Node } from '../histogram/class-merger';

/** Nodes that are known to be too fine, and all finer ones with them. */
interface BarrenNodes {
  readonly add: (node: Node) => void;
  /** Whether the node is one of them, or finer than one. */
  readonly covers: (node: Node) => boolean;
}

/** `most`: no more are remembered. Each is asked about often, so they lie side by side, without those that others cover. */
export function createBarrenNodes(columns: number, most: number): BarrenNodes {
  let levels = new Uint16Array(columns * 64);
  let count = 0;

  function isWithin(node: Node, index: number): boolean {
    const start = index * columns;
    for (let column = 0; column < columns; column++) if (node[column]! > levels[start + column]!) return false;
    return true;
  }

  function isCovered(index: number, node: Node): boolean {
    const start = index * columns;
    for (let column = 0; column < columns; column++) if (levels[start + column]! > node[column]!) return false;
    return true;
  }

  return {
    covers: (node) => {
      for (let index = 0; index < count; index++) if (isWithin(node, index)) return true;
      return false;
    },
    add: (node) => {
      let left = 0;
      for (let index = 0; index < count; index++) {
        if (isCovered(index, node)) continue;
        if (left < index) levels.copyWithin(left * columns, index * columns, (index + 1) * columns);
        left += 1;
      }
      count = left;
      if (count >= most) return;
      if ((count + 1) * columns > levels.length) {
        const larger = new Uint16Array(2 * levels.length);
        larger.set(levels);
        levels = larger;
      }
      levels.set(node, count * columns);
      count += 1;
    },
  };
}
