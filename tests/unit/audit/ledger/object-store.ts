import type { Access } from '../../../../lib/domain/audit/access';
import {
  appendAccesses,
  type EntryIndex,
  listIndexHours,
  parseIndexPage,
  sizeOfIndexPage,
} from '../../../../lib/domain/audit/ledger/append-accesses';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../../../../lib/domain/audit/ledger/checkpoint';
import { parseBundle } from '../../../../lib/domain/audit/ledger/entry-bundle';
import { readEdge } from '../../../../lib/domain/audit/ledger/ledger-edge';
import { formatStaged, parseStaged, stagedPath } from '../../../../lib/domain/audit/ledger/ledger-object';
import { formatTilePath } from '../../../../lib/domain/audit/ledger/tile';
import { decodeText, encodeText } from '../../../../lib/domain/bytes';
import { sha256 } from '../sha256';

/** A store that knows what S3 knows: gets, lists, and puts under a condition. A put whose condition fails gives false. */
export interface ObjectStore {
  readonly get: (path: string) => { readonly bytes: Uint8Array; readonly etag: number } | undefined;
  readonly list: (prefix: string) => readonly string[];
  readonly put: (path: string, bytes: Uint8Array, condition: { readonly match: number | 'none' }) => boolean;
}

export function makeStore(): ObjectStore {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly etag: number }>();
  let etags = 0;
  return {
    get: (path) => objects.get(path),
    list: (prefix) => [...objects.keys()].filter((path) => path.startsWith(prefix)),
    put: (path, bytes, { match }) => {
      const present = objects.get(path);
      if (match === 'none' ? present !== undefined : present?.etag !== match) return false;
      etags += 1;
      objects.set(path, { bytes, etag: etags });
      return true;
    },
  };
}

export const ORIGIN = 'audit.example.com/room';
const EMPTY: Checkpoint = { origin: ORIGIN, size: 0, root: sha256(new Uint8Array()) };

/** A writer as a Lambda would be; it pauses before each effect, where it may be overtaken or never go on. */
export function* recordAccesses(store: ObjectStore, accesses: readonly Access[]): Generator<void, void> {
  for (;;) {
    const head = store.get('head');
    const checkpoint = head === undefined ? EMPTY : parseCheckpoint(decodeText(head.bytes)!)!;
    yield* placeStaged(store, checkpoint);
    const append = appendAccesses(sha256, checkpoint, readStoredEdge(store, checkpoint.size), readIndex(), accesses);
    if (append.appended === 0) return;
    yield;
    store.put(stagedPath(append.checkpoint), formatStaged(append.objects), { match: 'none' });
    yield;
    const body = encodeText(formatCheckpoint(append.checkpoint));
    if (!store.put('head', body, { match: head?.etag ?? 'none' })) continue;
    yield* placeStaged(store, append.checkpoint);
    return;
  }

  function readIndex(): EntryIndex {
    const pages = listIndexHours(accesses).flatMap(store.list);
    const found = pages.flatMap((path) =>
      [...parseIndexPage(store.get(path)!.bytes)].map(
        ([key, leaf]) => [key, { leaf, size: sizeOfIndexPage(path)! }] as const,
      ),
    );
    return new Map(found);
  }
}

/** Puts what is committed in place, and publishes the checkpoint. */
function* placeStaged(store: ObjectStore, checkpoint: Checkpoint): Generator<void, void> {
  const staged = store.get(stagedPath(checkpoint));
  for (const { path, bytes } of staged === undefined ? [] : parseStaged(staged.bytes)) {
    yield;
    store.put(path, bytes, { match: 'none' });
  }
  yield;
  store.put(`checkpoints/${checkpoint.size}`, encodeText(formatCheckpoint(checkpoint)), { match: 'none' });
}

export function readStoredEdge(store: ObjectStore, size: number) {
  const read = (path: string) => store.get(path)!.bytes;
  return readEdge(
    size,
    (tile) => read(formatTilePath(tile)),
    (tile) => parseBundle(read(formatTilePath(tile)))!,
  );
}
