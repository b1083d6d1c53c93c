import type { Ladder } from '../hierarchies/ladder';
import type { Node } from '../histogram/class-merger';
import type { Histogram } from '../histogram/histogram';
import { chooseSteps } from './choose-steps';
import { BLOCK, type Blocks, type Layout, layOutRows, takeOwnOrder } from './lay-out-rows';
import { measureBits } from './measure-bits';
import type { RowPlace } from './row-kernel';
import type { RowWords } from './row-words';

/** Where a node is counted. */
export interface RowsInBlocks {
  readonly layout: Layout;
  readonly blocks: Blocks;
}

interface RowLayouts {
  /** The smallest blocks there are for a node. */
  readonly choose: (node: Node) => RowsInBlocks;
  /** So many tuples were looked at there: where blocks are large, smaller ones will be worth their while. */
  readonly heedWaste: (place: RowsInBlocks, seen: number) => void;
}

/** Larger blocks are worth a first layout, once so many times all tuples were looked at in them; each further one serves fewer nodes. */
const LARGE_BLOCK = 2 ** 15;
const WORTH_LAYING_OUT = 8;
/** Tuples in the layouts kept at once: so many times as many as there are, or this many. */
const TIMES_KEPT = 4;
const KEPT_TUPLES = 2.4e7;
const MOST_KEPT = 64;
/** Blocks of a smaller share of the tuples are small, too. */
const FEW_BLOCKS = 16;

/** Orders of the tuples that are kept at once, the histogram's own among them. */
export function countLayouts(tuples: number): number {
  if (tuples <= 2 * BLOCK) return 1;
  return 1 + Math.min(MOST_KEPT, Math.ceil(Math.max(TIMES_KEPT * tuples, KEPT_TUPLES) / tuples));
}

/**
 * Keeps rows in several orders. Each is made for a node for which there are only large blocks, by columns that it shows at
 * a level below the most general; it serves all nodes that do so of the first of them.
 */
export function createRowLayouts(
  histogram: Histogram,
  ladders: readonly Ladder[],
  words: RowWords,
  places: readonly RowPlace[],
  least: number,
): RowLayouts {
  const { tuples } = histogram;
  const bitsAt = ladders.map((ladder, column) => measureBits(histogram, ladder, column));
  const free = [...places];
  const everything = takeOwnOrder(histogram, words, free.shift()!, least);
  /** The one used last stands last. */
  const layouts: Layout[] = [];
  const largeBlock = Math.max(2 * BLOCK, Math.min(LARGE_BLOCK, tuples / FEW_BLOCKS));
  let wasted = 0;

  function findSmallest(node: Node): RowsInBlocks {
    let place: RowsInBlocks = { layout: everything, blocks: everything.depths[0]! };
    for (const layout of layouts) {
      const end = layout.steps.findIndex(({ column, level }) => node[column]! > level);
      const blocks = layout.depths.at(end)!;
      if (blocks.size < place.blocks.size) place = { layout, blocks };
    }
    return place;
  }

  /** For this node, in place of the one that was not used for longest; not kept where its blocks are no smaller. */
  function layOut(node: Node, found: RowsInBlocks): RowsInBlocks {
    const steps = chooseSteps(node, tuples, ladders, bitsAt);
    const layout = layOutRows(histogram, ladders, everything, steps, free.pop() ?? layouts.shift()!.place);
    const blocks = layout.depths.at(-1)!;
    if (blocks.size >= found.blocks.size) {
      free.push(layout.place);
      return found;
    }
    layouts.push(layout);
    return { layout, blocks };
  }

  function choose(node: Node): RowsInBlocks {
    const found = findSmallest(node);
    const isLarge = places.length > 1 && found.blocks.size > largeBlock;
    if (isLarge && wasted > WORTH_LAYING_OUT * tuples * (1 + layouts.length)) {
      wasted = 0;
      return layOut(node, found);
    }
    if (found.layout !== everything) layouts.push(...layouts.splice(layouts.indexOf(found.layout), 1));
    return found;
  }

  function heedWaste({ blocks }: RowsInBlocks, seen: number): void {
    if (blocks.size > largeBlock) wasted += seen;
  }

  return { choose, heedWaste };
}
