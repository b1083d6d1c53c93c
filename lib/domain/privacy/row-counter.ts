import type { Node } from './class-merger';
import type { Histogram } from './histogram';
import type { Ladder } from './ladder';
import { orderBlocks } from './order-blocks';
import { openRowKernel } from './row-kernel';
import { countLayouts, createRowLayouts, type RowsInBlocks } from './row-layouts';
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

/** Of a node that is counted. */
interface Tally extends RowsInBlocks {
  readonly masks: readonly number[];
  lostRows: number;
  seen: number;
  lostPlaces: number;
  /** Whether rows that are lost are to be listed: what is foretold to lose too much is only counted. */
  isListing: boolean;
  /** Blocks of which lost rows were counted, and not listed. */
  readonly unlisted: number[];
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

/** Slots for each tuple: few classes meet in one, and not much is to be cleared and summed. */
const ROOM = 4;
const FEWEST_SLOT_BITS = 8;
const MOST_SLOT_BITS = 22;
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
  const { tuples, columns } = histogram;
  const words = packRowWords(histogram, ladders);
  const kernel = openRowKernel({
    rows: tuples,
    words: words.count,
    places: countLayouts(tuples),
    slotBits: countSlotBits(tuples),
    least,
  });
  const { found } = kernel;
  const layouts = createRowLayouts(histogram, ladders, words, kernel.places, least);
  const starts = [0];
  for (const { values } of columns) starts.push(starts.at(-1)! + Math.max(1, values.length));
  /** A bit for each tuple, none between two calls. */
  const marks = new Int32Array(Math.ceil(tuples / 32));
  let valuesOf: Uint16Array | Uint32Array | undefined;

  function start(node: Node): Tally {
    const { layout, blocks } = layouts.choose(node);
    const masks = words.masksAt(node);
    const begin = (): Tally => ({
      layout,
      blocks,
      masks,
      lostRows: 0,
      seen: 0,
      lostPlaces: 0,
      isListing: false,
      unlisted: [],
    });
    if (!blocks.order) {
      const tally = begin();
      const shares = Float64Array.from(blocks.ends, (end, block) => {
        const { lostRows, seen } = tally;
        count(tally, Uint32Array.of(block), Number.POSITIVE_INFINITY);
        return (tally.lostRows - lostRows) / Math.max(1, end - seen);
      });
      blocks.order = orderBlocks(shares);
    }
    return begin();
  }

  /** Until more than so many are lost. */
  function count(tally: Tally, blocks: Uint32Array, most: number): void {
    const { layout } = tally;
    const sumLost = layout.rows === layout.place.subjects ? kernel.sumLost : undefined;
    for (const block of blocks) {
      const rows = blockOf(tally, block);
      if (sumLost && !tally.isListing) {
        tally.lostRows += sumLost(layout.place, rows);
        tally.unlisted.push(block);
      } else tally.lostRows += listBlock(tally, rows);
      tally.seen += rows.to - rows.from;
      if (tally.lostRows > most) break;
    }
  }

  function blockOf({ blocks: { ends }, masks }: Tally, block: number) {
    const from = block === 0 ? 0 : ends[block - 1]!;
    const to = ends[block]!;
    return { from, to, masks, slotBits: countSlotBits(to - from) };
  }

  /** Places that are lost are in `found`. Returns how many rows they stand for. */
  function listBlock(tally: Tally, block: ReturnType<typeof blockOf>): number {
    const { layout, lostPlaces: before } = tally;
    tally.lostPlaces += kernel.listLost(layout.place, block, before);
    let lost = 0;
    for (let at = before; at < tally.lostPlaces; at++) lost += layout.rows[found[at]!]!;
    return lost;
  }

  function foretell({ lostRows, seen }: Tally): number {
    return (lostRows * tuples) / Math.max(1, seen);
  }

  /** A row's values lie side by side, of all columns numbered on: lost rows are all over, and to find one takes long. */
  function listValues(): Uint16Array | Uint32Array {
    const all = new (starts.at(-1)! > 2 ** 16 ? Uint32Array : Uint16Array)(tuples * columns.length);
    for (const [column, { codes }] of columns.entries())
      for (let tuple = 0, at = column; tuple < tuples; tuple++, at += columns.length)
        all[at] = starts[column]! + codes[tuple]!;
    return all;
  }

  /** In the order in which values lie: to come upon a row by chance would take twice as long. */
  function listLost(tally: Tally): readonly Float64Array[] {
    const { tuples: order } = tally.layout;
    for (const block of tally.unlisted.splice(0)) listBlock(tally, blockOf(tally, block));
    const places = found.subarray(0, tally.lostPlaces);
    valuesOf ??= listValues();
    for (let at = 0; at < places.length; at++) {
      const tuple = order ? order[places[at]!]! : places[at]!;
      marks[tuple >>> 5]! |= 1 << (tuple & 31);
    }
    const sums = new Float64Array(starts.at(-1)!);
    const width = columns.length;
    for (let word = 0; word < marks.length; word++) {
      for (let bits = marks[word]!; bits !== 0; bits &= bits - 1) {
        const tuple = 32 * word + 31 - Math.clz32(bits & -bits);
        const lost = histogram.rows[tuple]!;
        for (let at = tuple * width; at < (tuple + 1) * width; at++) sums[valuesOf[at]!]! += lost;
      }
      marks[word] = 0;
    }
    return columns.map((_, column) => sums.subarray(starts[column]!, starts[column + 1]!));
  }

  function look(node: Node, needed: number): Sighting {
    const tally = start(node);
    const { sorted, stages } = tally.blocks.order!;
    let rest = sorted;
    let isUnlikely = false;
    for (const { blocks, rest: others, low, high } of needed > 0 ? stages : []) {
      count(tally, blocks, limit);
      rest = others;
      isUnlikely = foretell(tally) < low * needed;
      if (isUnlikely || foretell(tally) >= high * needed) break;
    }
    tally.isListing = rest !== sorted && foretell(tally) <= limit;
    const part = Math.max(1, Math.ceil(rest.length / PARTS));
    for (let at = 0; at < rest.length && !isUnlikely && tally.lostRows <= limit; at += part) {
      const { lostRows, seen } = tally;
      count(tally, rest.subarray(at, at + part), limit);
      // Blocks that are to come are likely to lose less than these.
      const share = (tally.lostRows - lostRows) / (tally.seen - seen);
      const likely = tally.lostRows + share * (tuples - tally.seen);
      isUnlikely = tally.seen < tuples && likely < needed;
      tally.isListing ||= likely <= limit;
    }
    const { lostRows, seen } = tally;
    layouts.heedWaste(tally, seen);
    return { lostRows, seen, isUnlikely, listLost: () => listLost(tally) };
  }

  function estimate(node: Node): Estimate {
    const tally = start(node);
    const { sorted, stages } = tally.blocks.order!;
    for (const { blocks } of stages) count(tally, blocks, Number.POSITIVE_INFINITY);
    if (stages.length === 0) count(tally, sorted, Number.POSITIVE_INFINITY);
    layouts.heedWaste(tally, tally.seen);
    return { lostRows: foretell(tally), seen: tally.seen };
  }

  return { look, estimate };
}

function countSlotBits(rows: number): number {
  return Math.min(MOST_SLOT_BITS, Math.max(FEWEST_SLOT_BITS, Math.ceil(Math.log2(ROOM * rows + 1))));
}
