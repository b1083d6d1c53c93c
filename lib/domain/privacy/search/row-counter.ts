import type { Ladder } from '../hierarchies/ladder';
import type { Node } from '../histogram/class-merger';
import type { Histogram } from '../histogram/histogram';
import { createLostValues } from './lost-values';
import { type BlockOrder, orderBlocks } from './order-blocks';
import { openRowKernel, type RowKernel } from './row-kernel';
import { countLayouts, createRowLayouts } from './row-layouts';
import { beginTally, countBlocks, countSlotBits, listLostPlaces, type RowTally } from './row-tally';
import { packRowWords } from './row-words';

/** Counts what is lost at nodes, fast, and tells of each no more than is true. */
export interface RowCounter {
  /** Looks at the rows until more than the limit are lost, or it is not likely that as many are lost as are needed. */
  readonly look: (node: Node, needed: number) => Sighting;
  /** What a node is likely to lose, from some of the rows. */
  readonly estimate: (node: Node) => Estimate;
}

export interface Sighting {
  /** Rows that must be suppressed at the node, at least. */
  readonly lostRows: number;
  /** Whether it ended since fewer are likely to be lost in all than were needed. */
  readonly isUnlikely: boolean;
  /** Tuples looked at. */
  readonly seen: number;
  /** Per column and value, the rows that are lost. To be asked before anything else is looked at. */
  readonly listLost: () => readonly Float64Array[];
}

type Estimate = Pick<Sighting, 'lostRows' | 'seen'>;

interface RowCounting {
  readonly histogram: Histogram;
  readonly ladders: readonly Ladder[];
  /** Subjects that a class must hold. */
  readonly least: number;
  /** Rows that may be suppressed. */
  readonly limit: number;
}

/** A look is in so many parts: after each it may turn out to be in vain. */
const PARTS = 24;

/**
 * A class is a slot of a table of counts, found by a hash of what the class shows. Classes that meet in a slot are counted
 * as one, and subjects with rows in several tuples several times: both can only hide that a class is too small. So rows
 * that are found to be lost are lost, by their number of subjects alone.
 *
 * Most of the time would be spent waiting for memory if the table were one for all rows. So they lie in blocks; those that
 * lose most come first, since a look ends when too many are lost.
 */
export function createRowCounter({ histogram, ladders, least, limit }: RowCounting): RowCounter {
  const { tuples } = histogram;
  const words = packRowWords(histogram, ladders);
  const kernel = openRowKernel({
    rows: tuples,
    words: words.count,
    places: countLayouts(tuples),
    slotBits: countSlotBits(tuples),
    least,
  });
  const layouts = createRowLayouts(histogram, ladders, words, kernel.places, least);
  const listValues = createLostValues(histogram);

  function start(node: Node) {
    const place = layouts.choose(node);
    const masks = words.masksAt(node);
    place.blocks.order ??= orderBlocks(measureBlocks(kernel, beginTally(place, masks)));
    return { tally: beginTally(place, masks), order: place.blocks.order };
  }

  return {
    look: (node, needed) => {
      const { tally, order } = start(node);
      const isUnlikely = countToLimit({ kernel, tuples, limit, needed }, tally, order);
      const { lostRows, seen } = tally;
      layouts.heedWaste(tally, seen);
      const listLost = () => listValues(listLostPlaces(kernel, tally), tally.layout.tuples);
      return { lostRows, seen, isUnlikely, listLost };
    },
    estimate: (node) => {
      const { tally, order } = start(node);
      const { sorted, stages } = order;
      for (const { blocks } of stages) countBlocks(kernel, tally, blocks, Number.POSITIVE_INFINITY);
      if (stages.length === 0) countBlocks(kernel, tally, sorted, Number.POSITIVE_INFINITY);
      layouts.heedWaste(tally, tally.seen);
      return { lostRows: foretell(tally, tuples), seen: tally.seen };
    },
  };
}

/** Per block, the share of it that is lost. */
function measureBlocks(kernel: RowKernel, tally: RowTally): Float64Array {
  return Float64Array.from(tally.blocks.ends, (end, block) => {
    const { lostRows, seen } = tally;
    countBlocks(kernel, tally, Uint32Array.of(block), Number.POSITIVE_INFINITY);
    return (tally.lostRows - lostRows) / Math.max(1, end - seen);
  });
}

interface LookTo {
  readonly kernel: RowKernel;
  readonly tuples: number;
  /** More need not be lost. */
  readonly limit: number;
  /** Where it is not likely that as many are, there is no need to look on. */
  readonly needed: number;
}

/** Whether it ended since fewer are likely to be lost than are needed. */
function countToLimit({ kernel, tuples, limit, needed }: LookTo, tally: RowTally, order: BlockOrder): boolean {
  const { sorted, stages } = order;
  let rest = sorted;
  for (const { blocks, rest: others, low, high } of needed > 0 ? stages : []) {
    countBlocks(kernel, tally, blocks, limit);
    rest = others;
    if (foretell(tally, tuples) < low * needed) return true;
    if (foretell(tally, tuples) >= high * needed) break;
  }
  tally.isListing = rest !== sorted && foretell(tally, tuples) <= limit;
  const part = Math.max(1, Math.ceil(rest.length / PARTS));
  for (let at = 0; at < rest.length && tally.lostRows <= limit; at += part) {
    const { lostRows, seen } = tally;
    countBlocks(kernel, tally, rest.subarray(at, at + part), limit);
    // Blocks that are to come are likely to lose less than these.
    const share = (tally.lostRows - lostRows) / (tally.seen - seen);
    const likely = tally.lostRows + share * (tuples - tally.seen);
    if (tally.seen < tuples && likely < needed) return true;
    tally.isListing ||= likely <= limit;
  }
  return false;
}

function foretell({ lostRows, seen }: RowTally, tuples: number): number {
  return (lostRows * tuples) / Math.max(1, seen);
}
