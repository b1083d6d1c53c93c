import { parseBundle } from '../../domain/audit/ledger/entry-bundle';
import { BrokenLedger, type LedgerStore } from '../../domain/audit/ledger/record-accesses';
import { formatTilePath, TILE_WIDTH, tileWidth } from '../../domain/audit/ledger/tile';
import { decodeText } from '../../domain/bytes';

/** Entries, asked for in rising order: one bundle is held at a time. @throws BrokenLedger for one that is not there */
export function openEntries(store: Pick<LedgerStore, 'get'>, size: number): (index: number) => Promise<string> {
  let held: { readonly path: string; readonly entries: readonly Uint8Array[] } | undefined;
  return async (index) => {
    const bundle = Math.floor(index / TILE_WIDTH);
    const path = formatTilePath({ level: 'entries', index: bundle, width: tileWidth('entries', bundle, size) });
    if (held?.path !== path) held = { path, entries: parseBundle((await store.get(path))?.bytes ?? NOTHING) ?? [] };
    const text = decodeText(held.entries[index % TILE_WIDTH] ?? NOTHING);
    if (!text) throw new BrokenLedger(`Entry ${index} of the ledger is missing in ${path}. Restore it from a copy.`);
    return text;
  };
}

const NOTHING = new Uint8Array();
