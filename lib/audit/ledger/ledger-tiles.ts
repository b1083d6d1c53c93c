import { BrokenLedger, type LedgerStore } from '../../domain/audit/ledger/record-accesses';
import { formatTilePath, type TileReader } from '../../domain/audit/ledger/tile';

/** Works on a ledger's tiles as if they were all here; fetches those that are asked for. */
export interface LedgerTiles {
  /** @param work is begun again whenever it asks for a tile that is not here yet */
  readonly use: <T>(work: (read: TileReader) => T) => Promise<T>;
}

/** Tiles never change: what was fetched stays, up to a number that fits into memory. */
const MAX_HELD = 1024;

/** @throws BrokenLedger where a tile is missing */
export function openLedgerTiles(store: Pick<LedgerStore, 'get'>): LedgerTiles {
  const held = new Map<string, Uint8Array>();
  const read: TileReader = (tile) => {
    const path = formatTilePath(tile);
    const bytes = held.get(path);
    if (bytes === undefined) throw new NotFetched(path);
    return bytes;
  };
  return {
    use: async (work) => {
      for (;;) {
        try {
          return work(read);
        } catch (error) {
          if (!(error instanceof NotFetched)) throw error;
          const object = await store.get(error.path);
          if (object === undefined)
            throw new BrokenLedger(`${error.path} of the ledger is missing. Restore it from a copy.`);
          // One work needs a few tiles of each level, so what it fetched is never thrown away under its hands.
          if (held.size >= MAX_HELD) held.clear();
          held.set(error.path, object.bytes);
        }
      }
    },
  };
}

class NotFetched extends Error {
  constructor(readonly path: string) {
    super();
  }
}
