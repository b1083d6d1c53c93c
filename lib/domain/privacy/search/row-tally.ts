import type { RowKernel } from './row-kernel';
import type { RowsInBlocks } from './row-layouts';

/** Of a node that is counted, block by block. */
export interface RowTally extends RowsInBlocks {
  readonly masks: readonly number[];
  lostRows: number;
  /** Tuples looked at. */
  seen: number;
  lostPlaces: number;
  /** Whether rows that are lost are to be listed: what is foretold to lose too much is only counted. */
  isListing: boolean;
  /** Blocks of which lost rows were counted, and not listed. */
  readonly unlisted: number[];
}

/** Slots for each tuple: few classes meet in one, and not much is to be cleared and summed. */
const ROOM = 4;
const FEWEST_SLOT_BITS = 8;
const MOST_SLOT_BITS = 22;

export function countSlotBits(rows: number): number {
  return Math.min(MOST_SLOT_BITS, Math.max(FEWEST_SLOT_BITS, Math.ceil(Math.log2(ROOM * rows + 1))));
}

export function beginTally(place: RowsInBlocks, masks: readonly number[]): RowTally {
  return { ...place, masks, lostRows: 0, seen: 0, lostPlaces: 0, isListing: false, unlisted: [] };
}

/** Until more than so many are lost. */
export function countBlocks(kernel: RowKernel, tally: RowTally, blocks: Uint32Array, most: number): void {
  const { layout } = tally;
  const sumLost = layout.rows === layout.place.subjects ? kernel.sumLost : undefined;
  for (const block of blocks) {
    const rows = blockOf(tally, block);
    if (sumLost && !tally.isListing) {
      tally.lostRows += sumLost(layout.place, rows);
      tally.unlisted.push(block);
    } else tally.lostRows += listBlock(kernel, tally, rows);
    tally.seen += rows.to - rows.from;
    if (tally.lostRows > most) break;
  }
}

/** The places that are lost of all blocks counted. The next count overwrites them. */
export function listLostPlaces(kernel: RowKernel, tally: RowTally): Uint32Array {
  for (const block of tally.unlisted.splice(0)) listBlock(kernel, tally, blockOf(tally, block));
  return kernel.found.subarray(0, tally.lostPlaces);
}

function blockOf({ blocks: { ends }, masks }: RowTally, block: number) {
  const from = block === 0 ? 0 : ends[block - 1]!;
  const to = ends[block]!;
  return { from, to, masks, slotBits: countSlotBits(to - from) };
}

/** Places that are lost are in `found`. Returns how many rows they stand for. */
function listBlock(kernel: RowKernel, tally: RowTally, block: ReturnType<typeof blockOf>): number {
  const { layout, lostPlaces: before } = tally;
  tally.lostPlaces += kernel.listLost(layout.place, block, before);
  let lost = 0;
  for (let at = before; at < tally.lostPlaces; at++) lost += layout.rows[kernel.found[at]!]!;
  return lost;
}
