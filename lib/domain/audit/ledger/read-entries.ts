import { decodeText, type Sha256 } from '../../bytes';
import type { Access } from '../access';
import type { Checkpoint } from './checkpoint';
import { parseBundle } from './entry-bundle';
import { readEntryId } from './ledger-entry';
import { BrokenLedger, type LedgerStore, readHead } from './record-accesses';
import { formatTilePath, TILE_WIDTH, tileWidth } from './tile';

/** What a ledger has come to, unsigned. @throws BrokenLedger */
export async function readCheckpoint(
  sha256: Sha256,
  origin: string,
  store: Pick<LedgerStore, 'get'>,
): Promise<Checkpoint> {
  return readHead(sha256, origin, await store.get('head'));
}

/**
 * Entries of a ledger of `size` entries, from one on; fewer than there are where a writer has not put all in their place yet.
 * @throws BrokenLedger for what is no entry
 */
export async function readEntries(
  store: Pick<LedgerStore, 'get'>,
  from: number,
  size: number,
): Promise<readonly Access[]> {
  const accesses: Access[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < size; index += 1) {
    const path = formatTilePath({ level: 'entries', index, width: tileWidth('entries', index, size) });
    const bundle = await store.get(path);
    if (bundle === undefined) return accesses;
    const entries = parseBundle(bundle.bytes);
    if (entries === undefined) throw new BrokenLedger(`${path} of the ledger is cut short. Restore it from a copy.`);
    accesses.push(...entries.slice(Math.max(0, from - index * TILE_WIDTH)).map((entry) => parseAccess(entry, path)));
  }
  return accesses;
}

/** In its one canonical form, as this ledger writes it. */
function parseAccess(entry: Uint8Array, path: string): Access {
  if (readEntryId(entry) === undefined)
    throw new BrokenLedger(`${path} holds what is no access. Restore it from a copy.`);
  const { access }: { readonly access: Access } = JSON.parse(decodeText(entry) ?? '');
  return access;
}
