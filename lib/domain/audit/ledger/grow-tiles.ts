import type { Sha256 } from '../../bytes';
import { formatBundle } from './entry-bundle';
import { formatTile, hashEdge, type LedgerEdge } from './ledger-edge';
import type { LedgerObject } from './ledger-object';
import { formatTilePath, TILE_WIDTH } from './tile';

/** The edge after some entries more, and every tile and bundle that is new or has grown. */
export function growTiles(
  sha256: Sha256,
  edge: LedgerEdge,
  added: readonly { readonly bytes: Uint8Array; readonly leaf: Uint8Array }[],
): { readonly edge: LedgerEdge; readonly objects: readonly LedgerObject[] } {
  if (added.length === 0) return { edge, objects: [] };
  const bundles = cutRuns([...edge.entries, ...added.map(({ bytes }) => bytes)]);
  const firstBundle = Math.floor(edge.size / TILE_WIDTH);
  const objects: LedgerObject[] = placeRuns('entries', firstBundle, bundles, formatBundle);
  const hashes: (readonly Uint8Array[])[] = [];
  let above: readonly Uint8Array[] = added.map(({ leaf }) => leaf);
  let sizeBefore = edge.size;
  for (let level = 0; above.length > 0 || level < edge.hashes.length; level += 1) {
    const runs = cutRuns([...(edge.hashes[level] ?? []), ...above]);
    // A tile that did not grow stands already.
    if (above.length > 0) objects.push(...placeRuns(level, Math.floor(sizeBefore / TILE_WIDTH), runs, formatTile));
    const last = runs.at(-1) ?? [];
    hashes.push(last.length < TILE_WIDTH ? last : []);
    above = runs.filter((run) => run.length === TILE_WIDTH).map((run) => hashFull(sha256, run));
    sizeBefore = Math.floor(sizeBefore / TILE_WIDTH);
  }
  const entries = bundles.at(-1) ?? [];
  const size = edge.size + added.length;
  return { edge: { size, hashes, entries: entries.length < TILE_WIDTH ? entries : [] }, objects };
}

function cutRuns<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / TILE_WIDTH) }, (_, at) =>
    items.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH),
  );
}

function placeRuns(
  level: number | 'entries',
  first: number,
  runs: readonly (readonly Uint8Array[])[],
  format: (run: readonly Uint8Array[]) => Uint8Array,
): LedgerObject[] {
  return runs.map((run, at) => ({
    path: formatTilePath({ level, index: first + at, width: run.length }),
    bytes: format(run),
  }));
}

function hashFull(sha256: Sha256, run: readonly Uint8Array[]): Uint8Array {
  return hashEdge(sha256, { size: run.length, hashes: [run], entries: [] });
}
