import { decodeText, formatHex, type Sha256 } from '../../bytes';
import type { Access } from '../access';
import { parseIndexPage } from './append-accesses';
import { parseBundle } from './entry-bundle';
import { hashLeaf } from './merkle-tree';
import type { LedgerAccess } from './read-latest';
import { BrokenLedger, type LedgerStore } from './record-accesses';
import { formatTilePath, splitHashes, TILE_WIDTH, type Tile, tileWidth } from './tile';

const HOUR_MS = 60 * 60 * 1000;
/** Index pages that are read at the same time. */
const AT_ONCE = 32;
/** What lies near each other in time does so in the ledger: some MB. */
const TILES_HELD = 16;

/** UTC, ISO 8601: all hours that are in part between these. */
export interface EnteredHours {
  readonly from: string;
  readonly to: string;
  /** Only what was entered when the ledger had so many entries already; absent: all. */
  readonly beyond?: number;
}

/**
 * What is entered of some hours, by the ledger's index, each entry once: of a long ledger no more is read than lies there.
 * @param size entries in the ledger, of a commit that was put in its place (`completeLedger`)
 * @throws BrokenLedger where the index tells of what the ledger has not
 */
export async function* readEntered(
  sha256: Sha256,
  store: Pick<LedgerStore, 'get' | 'list'>,
  size: number,
  wanted: readonly EnteredHours[],
): AsyncGenerator<LedgerAccess> {
  if (size === 0) return;
  const tiles = rememberTiles(store, size);
  for (const [day, hours] of groupHours(wanted)) {
    const pages = (await store.list(`index/${day}/`)).filter((path) => isPage(path, hours, size));
    for (let at = 0; at < pages.length; at += AT_ONCE) {
      const near = pages.slice(at, at + AT_ONCE);
      for (const [page, bytes] of (await Promise.all(near.map((path) => store.get(path)))).entries()) {
        yield* await readOf(sha256, tiles, near[page] ?? '', bytes?.bytes);
      }
    }
  }
}

/**
 * The newest entries of some hours, in order, however many others were entered beside them. Nothing is written: what a writer has
 * committed and not put in its place yet comes with the next look.
 * @param size entries in the ledger
 * @param most of what is read; pages of the index are read whole
 * @throws BrokenLedger
 */
export async function readNewest(
  sha256: Sha256,
  store: Pick<LedgerStore, 'get' | 'list'>,
  size: number,
  period: { readonly from: string; readonly to: string },
  most: number,
): Promise<readonly LedgerAccess[]> {
  const pages: string[] = [];
  for (const [day, hours] of groupHours([period]))
    pages.push(...(await store.list(`index/${day}/`)).filter((path) => isPage(path, hours, size)));
  pages.sort((one, other) => sizeOf(other) - sizeOf(one));
  try {
    return await readPages(sha256, store, size, pages, most);
  } catch (error) {
    if (!(error instanceof BrokenLedger)) throw error;
    // Only of the last append can something not be there yet: whoever appends puts what came before in its place first.
    const placed = pages.filter((path) => sizeOf(path) < size);
    return readPages(sha256, store, sizeOf(placed[0] ?? '/0'), placed, most);
  }
}

/** @param pages the newest first @param size entries that are read as all there are */
async function readPages(
  sha256: Sha256,
  store: Pick<LedgerStore, 'get'>,
  size: number,
  pages: readonly string[],
  most: number,
): Promise<readonly LedgerAccess[]> {
  const tiles = rememberTiles(store, size);
  const found: LedgerAccess[] = [];
  for (let at = 0; at < pages.length && found.length < most; at += AT_ONCE) {
    const near = pages.slice(at, at + AT_ONCE);
    for (const [page, bytes] of (await Promise.all(near.map((path) => store.get(path)))).entries()) {
      if (found.length >= most) break;
      const path = near[page] ?? '';
      found.push(...(await readOf(sha256, tiles, path, bytes?.bytes)));
    }
  }
  return found.toSorted((one, other) => one.index - other.index);
}

/** Entries that a page of the index tells of. */
async function readOf(
  sha256: Sha256,
  tiles: ReadTile,
  path: string,
  page: Uint8Array | undefined,
): Promise<readonly LedgerAccess[]> {
  const leaves = new Set([...readPage(page, path).values()].map(formatHex));
  const read: LedgerAccess[] = [];
  for (const [index, leaf] of await findLeaves(tiles, leaves, sizeOf(path), path))
    read.push(readPlaced(sha256, await tiles('entries', Math.floor(index / TILE_WIDTH)), index, leaf));
  return read;
}

/** Hours, `HH`, each with how many entries were there already when what is wanted of it was entered. */
type WantedOfDay = Map<string, number>;

/** By day, `YYYY/MM/DD`. */
function groupHours(wanted: readonly EnteredHours[]): Map<string, WantedOfDay> {
  const days = new Map<string, WantedOfDay>();
  for (const { from, to, beyond = 0 } of wanted)
    for (let hour = Math.floor(Date.parse(from) / HOUR_MS) * HOUR_MS; hour < Date.parse(to); hour += HOUR_MS) {
      const name = new Date(hour).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
      const [day, of] = [name.slice(0, 10), name.slice(11)];
      const hours: WantedOfDay = days.get(day) ?? new Map();
      hours.set(of, Math.min(beyond, hours.get(of) ?? beyond));
      days.set(day, hours);
    }
  return days;
}

/** Of an hour that is asked for, and of an append that was through. */
function isPage(path: string, hours: WantedOfDay, size: number): boolean {
  const [hour = ''] = path.split('/').slice(-2);
  const [end, beyond] = [sizeOf(path), hours.get(hour)];
  return beyond !== undefined && Number.isSafeInteger(end) && end >= 1 && end > beyond && end <= size;
}

/** Entries of the ledger when the append that wrote the page was through: what the page tells of lies before. */
function sizeOf(path: string): number {
  return Number(path.slice(path.lastIndexOf('/') + 1));
}

function readPage(bytes: Uint8Array | undefined, path: string): ReturnType<typeof parseIndexPage> {
  if (bytes === undefined || bytes.length % 64 !== 0) throw broken(path, 'is missing or cut short');
  return parseIndexPage(bytes);
}

/** What a tile or bundle holds, in order. */
type ReadTile = (level: 0 | 'entries', index: number) => Promise<readonly Uint8Array[]>;

function rememberTiles(store: Pick<LedgerStore, 'get'>, size: number): ReadTile {
  const held = new Map<string, readonly Uint8Array[]>();
  return async (level, index) => {
    const tile: Tile = { level, index, width: tileWidth(level, index, size) };
    const path = formatTilePath(tile);
    const known = held.get(path);
    if (known !== undefined) return known;
    const bytes = (await store.get(path))?.bytes ?? new Uint8Array();
    const read = level === 0 ? splitHashes(bytes) : parseBundle(bytes);
    if (read?.length !== tile.width) throw broken(path, 'is missing or cut short');
    if (held.size >= TILES_HELD) held.clear();
    held.set(path, read);
    return read;
  };
}

/** Most are in the last tiles before the size at which their append ended. @returns positions and leaves, in order */
async function findLeaves(
  tiles: ReadTile,
  leaves: ReadonlySet<string>,
  size: number,
  page: string,
): Promise<readonly (readonly [index: number, leaf: string])[]> {
  const left = new Set(leaves);
  const found: (readonly [number, string])[] = [];
  for (let tile = Math.floor((size - 1) / TILE_WIDTH); tile >= 0 && left.size > 0; tile -= 1)
    for (const [at, hash] of (await tiles(0, tile)).entries()) {
      const leaf = formatHex(hash);
      if (left.delete(leaf)) found.push([tile * TILE_WIDTH + at, leaf]);
    }
  if (left.size > 0) throw broken(page, 'tells of an entry that the ledger does not have');
  return found.toSorted(([one], [other]) => one - other);
}

function readPlaced(sha256: Sha256, bundle: readonly Uint8Array[], index: number, leaf: string): LedgerAccess {
  const bytes = bundle[index % TILE_WIDTH] ?? new Uint8Array();
  if (formatHex(hashLeaf(sha256, bytes)) !== leaf) throw broken(`entry ${index}`, 'is not what its tree says');
  const { access }: { readonly access: Access } = JSON.parse(decodeText(bytes) ?? '');
  return { access, index, leaf };
}

function broken(path: string, what: string): BrokenLedger {
  return new BrokenLedger(`${path} of the ledger ${what}. Verify the ledger, and restore it from a copy.`);
}
