import type { Access } from '../../domain/audit/access';
import { parseBundle } from '../../domain/audit/ledger/entry-bundle';
import { type EnteredAccess, readEntry } from '../../domain/audit/ledger/ledger-entry';
import { hashLeaf } from '../../domain/audit/ledger/merkle-tree';
import type { LedgerAccess } from '../../domain/audit/ledger/read-latest';
import { formatTilePath, TILE_WIDTH, tileWidth } from '../../domain/audit/ledger/tile';
import { isFields, readFields, readText } from '../../domain/audit/records/record-fields';
import { formatHex } from '../../domain/bytes';
import { sha256 } from '../node-crypto';

/** Where an access is entered in the ledger. */
export interface EnteredPlace {
  readonly entry: number;
  readonly at?: string;
  /** Whether it was entered before the pack was made: its checkpoint covers it. */
  readonly isCovered: boolean;
}

/** A ledger that was verified: what is entered where, and what it says. */
export interface EnteredLedger {
  /** All that is entered, by the id of the access. */
  readonly places: ReadonlyMap<string, EnteredPlace>;
  /** What it says; undefined where it cannot be read, which is told of the ledger itself. */
  readonly read: (entry: number) => Access | undefined;
  /** SHA-256 of its leaf, hex; undefined where there is none. */
  readonly hash: (entry: number) => string | undefined;
  /** Entries that others are explained with: who opened a session, who got credentials, and for which table. */
  readonly listContext: (access: Access) => readonly number[];
}

/** @param size of the whole ledger @param readTile the bytes at a path; undefined where there is nothing */
export function openEntered(
  size: number,
  readTile: (path: string) => Uint8Array | undefined,
): EnteredLedger & { readonly add: (access: EnteredAccess, place: EnteredPlace) => void } {
  const places = new Map<string, EnteredPlace>();
  const context = openContext();
  const bundles = new Map<number, readonly Uint8Array[]>();
  const readBundle = (index: number) => {
    const known = bundles.get(index);
    if (known !== undefined) return known;
    if (bundles.size >= BUNDLES_HELD) bundles.clear();
    const path = formatTilePath({ level: 'entries', index, width: tileWidth('entries', index, size) });
    const bundle = parseBundle(readTile(path) ?? new Uint8Array()) ?? [];
    bundles.set(index, bundle);
    return bundle;
  };
  const readBytes = (entry: number) => readBundle(Math.floor(entry / TILE_WIDTH))[entry % TILE_WIDTH];
  return {
    places,
    add: (access, place) => {
      places.set(access.id, place);
      // What was entered later was not known when the pack was made.
      if (place.isCovered && isFields(access)) context.add(access, place.entry);
    },
    read: (entry) => {
      const bytes = readBytes(entry);
      return bytes && asAccess(readEntry(bytes));
    },
    hash: (entry) => {
      const bytes = readBytes(entry);
      return bytes && formatHex(hashLeaf(sha256, bytes));
    },
    listContext: context.list,
  };
}

/** A ledger of which some entries alone are at hand. */
export function holdEntries(
  entries: Iterable<LedgerAccess>,
): Pick<EnteredLedger, 'places' | 'read' | 'hash' | 'listContext'> {
  const places = new Map<string, EnteredPlace>();
  const held = new Map<number, LedgerAccess>();
  const context = openContext();
  for (const each of entries) {
    const { access, index } = each;
    if (held.has(index)) continue;
    held.set(index, each);
    places.set(access.id, { entry: index, at: access.at, isCovered: true });
    context.add({ ...access }, index);
  }
  return {
    places,
    read: (entry) => held.get(entry)?.access,
    hash: (entry) => held.get(entry)?.leaf,
    listContext: context.list,
  };
}

/** Entries that tell of others' sessions or queries, by the names of these. */
function openContext() {
  const context = new Map<string, number[]>();
  return {
    add: (access: Readonly<Record<string, unknown>>, entry: number) => {
      const act = readText(access, 'act');
      if (!CONTEXT_ACTS.has(act ?? '')) return;
      for (const name of nameContext(readFields(access, 'joins'))) {
        const entries = context.get(name);
        if (entries === undefined) context.set(name, [entry]);
        else entries.push(entry);
      }
    },
    list: ({ joins }: Access) => listContextNames(joins).flatMap((name) => context.get(name) ?? []),
  };
}

/** Sessions and queries that an access names. */
export function listContextNames(joins: Access['joins']): readonly string[] {
  return nameContext({ ...joins });
}

/** Whether it tells of a session or query in which others are. */
export function isContext({ act }: Access): boolean {
  return CONTEXT_ACTS.has(act);
}

const CONTEXT_ACTS: ReadonlySet<string> = new Set<Access['act']>(['vend', 'session']);

/** Bundles have 256 entries, of some 1 kB each; rows and entries are both in order of time, nearly. */
const BUNDLES_HELD = 64;

function nameContext(joins: Readonly<Record<string, unknown>>): readonly string[] {
  return ['session', 'lakeFormationSession', 'query'].flatMap((name) => {
    const value = readText(joins, name);
    return value === undefined ? [] : [`${name} ${value}`];
  });
}

/** What has not the fields that every access has is none. */
export function asAccess(entered: unknown): Access | undefined {
  return isAccess(entered) ? entered : undefined;
}

function isAccess(entered: unknown): entered is Access {
  return (
    isFields(entered) &&
    ['actor', 'resource', 'joins'].every((name) => isFields(entered[name])) &&
    ['id', 'witness', 'at', 'service', 'operation', 'act', 'outcome'].every((name) => typeof entered[name] === 'string')
  );
}
