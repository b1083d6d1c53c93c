import { formatHex, joinBytes, type Sha256, sameBytes } from '../../bytes';
import type { Access } from '../access';
import type { Checkpoint } from './checkpoint';
import { growTiles } from './grow-tiles';
import { hashEdge, type LedgerEdge } from './ledger-edge';
import { formatEntry, type LedgerEntry, readHour } from './ledger-entry';
import type { LedgerObject } from './ledger-object';
import { hashLeaf } from './merkle-tree';

/*
 * How a ledger is written to a store that knows only conditional puts, by writers that may crash anywhere, or be many:
 *
 *   1. Read `head` (with its ETag). Put the objects staged under it in place, if they are not: see step 5.
 *   2. Read the edge and the index pages of the hours in hand, and call `appendAccesses`.
 *   3. Put the objects, as `formatStaged` writes them, under `stagedPath`, if nothing is there yet.
 *   4. Put the new checkpoint to `head` if its ETag is still that of step 1. This commits; who loses starts again.
 *   5. Put every object of the append in place. Each path is written with the same bytes by whoever does it. Then sign
 *      the checkpoint and publish it: never before, so that whatever was signed can be proved.
 *
 * Only committed objects ever reach their places, so no tile is written twice with different bytes; and step 1 completes
 * the index before anybody asks it, so no access is entered twice. The index is a help, not evidence: `verifyLedger`
 * looks at the entries themselves.
 */

/** What the index knows of an entry. */
export interface IndexedEntry {
  /** The hash of its leaf. */
  readonly leaf: Uint8Array;
  /** Entries that the ledger had when its append was through. */
  readonly size: number;
}

/** By hexadecimal key hash. */
export type EntryIndex = ReadonlyMap<string, IndexedEntry>;

interface Append {
  readonly checkpoint: Checkpoint;
  readonly edge: LedgerEdge;
  /** New and grown tiles, bundles and index pages. */
  readonly objects: readonly LedgerObject[];
  readonly appended: number;
  /** Their ids, in order: the last is the last entry at the checkpoint. */
  readonly entered: readonly string[];
  /** Accesses that already have their entry, there or earlier in the batch. */
  readonly duplicates: number;
  /** Accesses that have an entry that says something else. Not entered: somebody must look. */
  readonly conflicts: readonly Access[];
  /** A size at which the ledger had an entry for each of these accesses. */
  readonly heldBy: number;
}

interface NewEntry {
  readonly id: string;
  readonly entry: LedgerEntry;
  readonly leaf: Uint8Array;
}

/**
 * Appends each access that has no entry yet, in order of time and id.
 * @param index what the pages of the batch's hours say (`listIndexHours`, `parseIndexPage`)
 * @throws RangeError where the edge is not that of `checkpoint`, or an access cannot be an entry
 */
export function appendAccesses(
  sha256: Sha256,
  checkpoint: Checkpoint,
  edge: LedgerEdge,
  index: EntryIndex,
  accesses: readonly Access[],
): Append {
  if (edge.size !== checkpoint.size || !sameBytes(hashEdge(sha256, edge), checkpoint.root)) {
    throw new RangeError(
      `The tiles of ${checkpoint.origin} do not give the root of its checkpoint at ${checkpoint.size} entries. Nothing was appended; verify the ledger.`,
    );
  }
  const known = new Map(index);
  const fresh: NewEntry[] = [];
  const conflicts: Access[] = [];
  let reached = 0;
  for (const access of accesses.toSorted(compareAccesses)) {
    const entry = formatEntry(sha256, access);
    const leaf = hashLeaf(sha256, entry.bytes);
    const key = formatHex(entry.key.hash);
    const earlier = known.get(key);
    if (earlier === undefined) {
      known.set(key, { leaf, size: 0 });
      fresh.push({ id: access.id, entry, leaf });
      continue;
    }
    reached = Math.max(reached, earlier.size);
    if (!sameBytes(earlier.leaf, leaf)) conflicts.push(access);
  }
  const grown = growTiles(
    sha256,
    edge,
    fresh.map(({ entry, leaf }) => ({ bytes: entry.bytes, leaf })),
  );
  const next = { origin: checkpoint.origin, size: grown.edge.size, root: hashEdge(sha256, grown.edge) };
  return {
    checkpoint: next,
    edge: grown.edge,
    objects: [...grown.objects, ...formatIndexPages(next.size, fresh)],
    appended: fresh.length,
    entered: fresh.map(({ id }) => id),
    duplicates: accesses.length - fresh.length - conflicts.length,
    conflicts,
    heldBy: fresh.length > 0 ? next.size : reached,
  };
}

/** Where the index pages of these accesses lie: every object below each prefix is one. */
export function listIndexHours(accesses: readonly Access[]): readonly string[] {
  return [...new Set(accesses.map((access) => `index/${readHour(access)}/`))].toSorted();
}

/** The size of the ledger after the append that a page is of, by where it lies; undefined where that is no page's place. */
export function sizeOfIndexPage(path: string): number | undefined {
  const size = Number(path.slice(path.lastIndexOf('/') + 1));
  return Number.isSafeInteger(size) && size > 0 ? size : undefined;
}

/** Leaf hashes by hexadecimal key hash. @throws RangeError for a page cut short. */
export function parseIndexPage(page: Uint8Array): ReadonlyMap<string, Uint8Array> {
  if (page.length % 64 !== 0) throw new RangeError('An index page of the ledger is cut short. Verify the ledger.');
  return new Map(
    Array.from({ length: page.length / 64 }, (_, at) => {
      const pair = page.subarray(at * 64, at * 64 + 64);
      return [formatHex(pair.subarray(0, 32)), pair.subarray(32)];
    }),
  );
}

function formatIndexPages(size: number, fresh: readonly NewEntry[]): readonly LedgerObject[] {
  const pages = new Map<string, Uint8Array[]>();
  for (const { entry, leaf } of fresh) {
    const page = pages.get(entry.key.hour) ?? [];
    page.push(entry.key.hash, leaf);
    pages.set(entry.key.hour, page);
  }
  return [...pages].map(([hour, pairs]) => ({ path: `index/${hour}/${size}`, bytes: joinBytes(pairs) }));
}

function compareAccesses(left: Access, right: Access): number {
  return compare(left.at, right.at) || compare(left.id, right.id);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
