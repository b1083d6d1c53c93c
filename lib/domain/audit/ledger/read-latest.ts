import { decodeText, formatHex, type Sha256 } from '../../bytes';
import type { Access } from '../access';
import { parseBundle } from './entry-bundle';
import { hashLeaf } from './merkle-tree';
import { BrokenLedger, type LedgerStore, readHead } from './record-accesses';
import { formatTilePath, TILE_WIDTH, tileWidth } from './tile';

export interface LedgerAccess {
  readonly access: Access;
  /** Position in the ledger, from 0. */
  readonly index: number;
  /** Hash of the entry, hex: what an inclusion proof begins with. */
  readonly leaf: string;
}

interface LedgerWindow {
  /** In order: those of the window, and those that were read around it. */
  readonly accesses: readonly LedgerAccess[];
  /** Position of the first entry of the window; 0: there are no earlier ones. */
  readonly from: number;
  /** Behind its last. */
  readonly end: number;
  /** Entries in the ledger. */
  readonly size: number;
}

/**
 * Reads a ledger from its end: the bundles that hold the entries before a position.
 * @param before absent: the end
 * @param bundles how many, of 256 entries each
 * @param around how many more are read on either side: what belongs together may lie in two windows
 * @throws BrokenLedger
 */
export async function readLatest(
  sha256: Sha256,
  { origin, store }: { readonly origin: string; readonly store: Pick<LedgerStore, 'get'> },
  before: number | undefined,
  bundles: number,
  around = 0,
): Promise<LedgerWindow> {
  const { size } = readHead(sha256, origin, await store.get('head'));
  const end = Math.min(before ?? size, size);
  const last = Math.ceil(end / TILE_WIDTH);
  const first = Math.max(0, last - bundles);
  const begin = Math.max(0, first - around);
  const stop = Math.min(Math.ceil(size / TILE_WIDTH), last + around);
  const read = await Promise.all(
    Array.from({ length: stop - begin }, async (_, at) => {
      const index = begin + at;
      const path = formatTilePath({ level: 'entries', index, width: tileWidth('entries', index, size) });
      const entries = parseBundle((await store.get(path))?.bytes ?? new Uint8Array());
      if (entries === undefined || entries.length === 0)
        throw new BrokenLedger(`${path} of the ledger is missing or cut short. Restore it from a copy.`);
      return entries.map((bytes, entry) => ({ bytes, index: index * TILE_WIDTH + entry }));
    }),
  );
  const accesses = read
    .flat()
    .filter(({ index }) => index < end + around * TILE_WIDTH)
    .map(({ bytes, index }): LedgerAccess => {
      const { access }: { readonly access: Access } = JSON.parse(decodeText(bytes) ?? '');
      return { access, index, leaf: formatHex(hashLeaf(sha256, bytes)) };
    });
  return { accesses, from: first * TILE_WIDTH, end, size };
}
