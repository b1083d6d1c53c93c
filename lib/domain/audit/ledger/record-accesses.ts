import { decodeText, encodeText, type Sha256 } from '../../bytes';
import type { Access } from '../access';
import {
  appendAccesses,
  type EntryIndex,
  type IndexedEntry,
  listIndexHours,
  parseIndexPage,
  sizeOfIndexPage,
} from './append-accesses';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint';
import { parseBundle } from './entry-bundle';
import { type LedgerEdge, listEdgeTiles, readEdge } from './ledger-edge';
import { formatStaged, parseStaged, stagedPath } from './ledger-object';
import { formatTilePath } from './tile';

/** Where a ledger is kept: what S3 and a file system both can do. */
export interface LedgerStore {
  /** Undefined where there is nothing. */
  readonly get: (path: string) => Promise<StoredObject | undefined>;
  /** Paths that begin so. */
  readonly list: (prefix: string) => Promise<readonly string[]>;
  /** Puts what is there neither in part nor in whole; @returns false where the path is taken already. */
  readonly putNew: (path: string, bytes: Uint8Array) => Promise<boolean>;
  /** Replaces what was read with this tag; undefined: what was not there. @returns false where it is another by now. */
  readonly replace: (path: string, bytes: Uint8Array, tag: string | undefined) => Promise<boolean>;
}

export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Changes with the content. */
  readonly tag: string;
}

/** Signs and publishes a checkpoint; asked again for the same one, it does the same. */
export type PublishCheckpoint = (checkpoint: Checkpoint) => Promise<void>;

export interface Recording {
  readonly checkpoint: Checkpoint;
  readonly appended: number;
  /** Their ids, in order: the last is the last entry at the checkpoint. */
  readonly entered: readonly string[];
  readonly duplicates: number;
  readonly conflicts: readonly Access[];
  /** A size at which the ledger had all that was to be entered. */
  readonly heldBy: number;
}

/** The ledger in the store is not what it should be; nothing was appended. */
export class BrokenLedger extends Error {
  override readonly name = 'BrokenLedger';
}

const HEAD = 'head';

/** Objects that are read, or put in place, at the same time: their order does not matter, and a store takes its time for each. */
const AT_ONCE = 32;

/** Tries before it is given up: every loss is another writer's gain. */
const MAX_TRIES = 50;

/**
 * Enters accesses in the ledger, each exactly once, whatever writers do at the same time, and wherever they or this one
 * end before they are through: see `appendAccesses` for the steps. Publishes the checkpoint that the store is left with.
 * @throws BrokenLedger
 */
export async function recordAccesses(
  sha256: Sha256,
  origin: string,
  store: LedgerStore,
  accesses: readonly Access[],
  publish: PublishCheckpoint,
): Promise<Recording> {
  for (let tried = 0; tried < MAX_TRIES; tried += 1) {
    const head = await store.get(HEAD);
    const checkpoint = readHead(sha256, origin, head);
    await placeStaged(store, checkpoint);
    const edge = await readStoredEdge(store, checkpoint.size);
    const index = await readIndex(store, accesses);
    const append = tryAppend(() => appendAccesses(sha256, checkpoint, edge, index, accesses));
    const { appended, entered, duplicates, conflicts, heldBy } = append;
    if (appended > 0) {
      // Two writers with the same accesses stage the same bytes; only what is committed ever leaves the stage.
      await store.putNew(stagedPath(append.checkpoint), formatStaged(append.objects));
      const body = encodeText(formatCheckpoint(append.checkpoint));
      if (!(await store.replace(HEAD, body, head?.tag))) continue;
      await placeStaged(store, append.checkpoint);
    }
    // Also where nothing was appended: who committed it may have ended before it was published.
    if (append.checkpoint.size > 0) await publish(append.checkpoint);
    return { checkpoint: append.checkpoint, appended, entered, duplicates, conflicts, heldBy };
  }
  throw new BrokenLedger(`${origin}: other writers were faster ${MAX_TRIES} times. Try again.`);
}

/** Puts what was committed in its place, where its writer ended before. @returns what the ledger has come to @throws BrokenLedger */
export async function completeLedger(sha256: Sha256, origin: string, store: LedgerStore): Promise<Checkpoint> {
  const checkpoint = readHead(sha256, origin, await store.get(HEAD));
  await placeStaged(store, checkpoint);
  return checkpoint;
}

/** The checkpoint that the ledger stands at, unsigned. @throws BrokenLedger */
export function readHead(sha256: Sha256, origin: string, head: StoredObject | undefined): Checkpoint {
  if (head === undefined) return { origin, size: 0, root: sha256(new Uint8Array()) };
  const checkpoint = parseCheckpoint(decodeText(head.bytes) ?? '');
  if (checkpoint === undefined) {
    throw new BrokenLedger('The head of the ledger is no checkpoint. Nothing was appended; restore it from a copy.');
  }
  if (checkpoint.origin !== origin) {
    throw new BrokenLedger(`This is the ledger ${checkpoint.origin}, not ${origin}. Nothing was appended.`);
  }
  return checkpoint;
}

async function placeStaged(store: LedgerStore, checkpoint: Checkpoint): Promise<void> {
  if (checkpoint.size === 0) return;
  const staged = await store.get(stagedPath(checkpoint));
  if (staged === undefined) return;
  const objects = tryAppend(() => parseStaged(staged.bytes));
  for (let at = 0; at < objects.length; at += AT_ONCE) {
    const puts = objects.slice(at, at + AT_ONCE).map(({ path, bytes }) => store.putNew(path, bytes));
    const failed = (await Promise.allSettled(puts)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }
}

async function readStoredEdge(store: LedgerStore, size: number): Promise<LedgerEdge> {
  const stored = new Map<string, Uint8Array>();
  for (const tile of listEdgeTiles(size)) {
    const path = formatTilePath(tile);
    const object = await store.get(path);
    if (object === undefined) throw new BrokenLedger(`${path} of the ledger is missing. Restore it from a copy.`);
    stored.set(path, object.bytes);
  }
  return tryAppend(() =>
    readEdge(
      size,
      (tile) => stored.get(formatTilePath(tile)) ?? new Uint8Array(),
      (tile) => {
        const entries = parseBundle(stored.get(formatTilePath(tile)) ?? new Uint8Array());
        if (entries === undefined) throw new RangeError(`${formatTilePath(tile)} of the ledger is cut short.`);
        return entries;
      },
    ),
  );
}

async function readIndex(store: LedgerStore, accesses: readonly Access[]): Promise<EntryIndex> {
  const index = new Map<string, IndexedEntry>();
  for (const hour of listIndexHours(accesses)) {
    const paths = await store.list(hour);
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const pages = await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => store.get(path)));
      for (const [page, object] of pages.entries()) {
        if (object === undefined) continue;
        const size = sizeOfIndexPage(paths[at + page] ?? '') ?? Number.POSITIVE_INFINITY;
        for (const [key, leaf] of tryAppend(() => parseIndexPage(object.bytes))) index.set(key, { leaf, size });
      }
    }
  }
  return index;
}

/** What the tiles themselves show to be wrong. */
function tryAppend<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BrokenLedger(error.message, { cause: error });
  }
}
