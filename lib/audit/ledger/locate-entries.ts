import {
  type EntryIndex,
  type IndexedEntry,
  parseIndexPage,
  sizeOfIndexPage,
} from '../../domain/audit/ledger/append-accesses';
import { findHash, splitHashes, TILE_WIDTH, tileWidth } from '../../domain/audit/ledger/tile';
import { LEDGER_EVIDENCE } from '../../domain/audit/ledger-evidence';
import type { EvidenceReference } from '../../domain/audit/report/reported-access';
import { encodeText, formatHex } from '../../domain/bytes';
import { sha256 } from '../node-crypto';
import type { RecordedLedger } from './ledger-writer';

export interface LocatedEntry {
  readonly access: string;
  /** Position in the ledger, from 0. */
  readonly index: number;
}

/** Id of an access, and about when it was: within an hour. */
export type WantedEntry = readonly [access: string, at: string];

const HOUR_MS = 60 * 60 * 1000;
/** An access is looked for in its hour, the one before and the one after. */
const HOURS_HELD = 4;

/**
 * Finds the entries of accesses: what this run entered is known, all else is found by the ledger's index, without reading the
 * entries (of a page the name tells at which size of the ledger its append ended). What the index does not know is left out.
 * @param wanted in order of time
 */
export async function* locateEntries(
  { store, tiles, checkpoint, positions }: Pick<RecordedLedger, 'store' | 'tiles' | 'checkpoint' | 'positions'>,
  wanted: Iterable<WantedEntry>,
): AsyncGenerator<LocatedEntry> {
  /** The hours around the one that is looked at, the latest last: of a long ledger the index is long, too. */
  const hours = new Map<string, Promise<EntryIndex>>();
  const readHour = (time: number) => {
    const hour = new Date(time).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const known = hours.get(hour) ?? readIndexedHour(store, hour, checkpoint.size);
    hours.delete(hour);
    hours.set(hour, known);
    const [oldest] = hours.keys();
    if (hours.size > HOURS_HELD && oldest !== undefined) hours.delete(oldest);
    return known;
  };
  /** Behind the entry that was found last. */
  let behind = 0;
  for (const [access, at] of wanted) {
    const entered = positions.get(access);
    if (entered !== undefined) {
      yield { access, index: entered };
      continue;
    }
    const time = Date.parse(at);
    const key = formatHex(sha256(encodeText(access)));
    for (const near of [0, -HOUR_MS, HOUR_MS]) {
      const entry = (await readHour(time + near)).get(key);
      if (entry === undefined) continue;
      const index = await tiles.use((read) => {
        for (const tile of listSearched(behind, Math.floor((entry.size - 1) / TILE_WIDTH))) {
          const hashes = read({ level: 0, index: tile, width: tileWidth(0, tile, checkpoint.size) });
          const at = findHash(hashes, entry.leaf, behind % TILE_WIDTH);
          if (at === undefined) continue;
          behind = tile * TILE_WIDTH + at + 1;
          return behind - 1;
        }
        return undefined;
      });
      if (index !== undefined) yield { access, index };
      break;
    }
  }
}

/** Where accesses are entered, as evidence, by their ids. */
export async function citeEntries(
  ledger: Parameters<typeof locateEntries>[0],
  wanted: Iterable<WantedEntry>,
): Promise<ReadonlyMap<string, EvidenceReference>> {
  const cited = new Map<string, EvidenceReference>();
  for await (const { access, index } of locateEntries(ledger, wanted)) {
    const tile = Math.floor(index / TILE_WIDTH);
    const width = tileWidth(0, tile, ledger.checkpoint.size);
    const leaf = await ledger.tiles.use(
      (read) => splitHashes(read({ level: 0, index: tile, width }))[index % TILE_WIDTH],
    );
    if (leaf !== undefined)
      cited.set(access, { file: LEDGER_EVIDENCE, sha256: formatHex(leaf), record: index, event: access });
  }
  return cited;
}

/**
 * Most often it stands behind the one that was found before it. Else it is one of the entries before the size at which its
 * append ended; an append is seldom more than some tiles.
 */
function* listSearched(behind: number, last: number): Generator<number> {
  const latest = Math.floor(behind / TILE_WIDTH);
  for (const tile of [latest, latest + 1]) if (tile <= last) yield tile;
  for (let tile = last; tile >= 0; tile -= 1) yield tile;
}

async function readIndexedHour(store: RecordedLedger['store'], hour: string, limit: number): Promise<EntryIndex> {
  const indexed = new Map<string, IndexedEntry>();
  for (const path of await store.list(`index/${hour}/`)) {
    const size = sizeOfIndexPage(path);
    if (size === undefined || size > limit) continue;
    const page = (await store.get(path))?.bytes ?? new Uint8Array();
    for (const [key, leaf] of parseIndexPage(page)) indexed.set(key, { leaf: leaf.slice(), size });
  }
  return indexed;
}
