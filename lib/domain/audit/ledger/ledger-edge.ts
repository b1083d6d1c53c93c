import { joinBytes, type Sha256 } from '../../bytes';
import { hashNode, splitSize } from './merkle-tree';
import { countLevels, HASH_BYTES, splitHashes, TILE_WIDTH, type Tile, tileWidth } from './tile';

/**
 * The right edge of a ledger: all that is needed to append to it. Nothing but the partial tiles that stand in storage,
 * so that a writer without memory can read it back.
 */
export interface LedgerEdge {
  readonly size: number;
  /** By level: the hashes of the partial tile, empty where every tile of the level is full. */
  readonly hashes: readonly (readonly Uint8Array[])[];
  /** The entries of the partial bundle. */
  readonly entries: readonly Uint8Array[];
}

export const EMPTY_EDGE: LedgerEdge = { size: 0, hashes: [], entries: [] };

/** The partial tiles of a ledger of `size` entries: at most one per level, and one bundle. */
export function listEdgeTiles(size: number): readonly Tile[] {
  const levels: readonly Tile['level'][] = [
    'entries',
    ...Array.from({ length: countLevels(size) }, (_, level) => level),
  ];
  return levels.flatMap((level) => {
    const index = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 1 : level + 1));
    const width = tileWidth(level, index, size);
    return width > 0 ? [{ level, index, width }] : [];
  });
}

/** Puts the edge together from the partial tiles; compare `hashEdge` with the checkpoint before building on it. */
export function readEdge(
  size: number,
  readTile: (tile: Tile) => Uint8Array,
  readEntries: (tile: Tile) => readonly Uint8Array[],
): LedgerEdge {
  const tiles = listEdgeTiles(size);
  const hashes = Array.from({ length: countLevels(size) }, (_, level) => {
    const tile = tiles.find((each) => each.level === level);
    return tile === undefined ? [] : splitHashes(readTile(tile));
  });
  const bundle = tiles.find((tile) => tile.level === 'entries');
  return { size, hashes, entries: bundle === undefined ? [] : readEntries(bundle) };
}

/** The root over everything that was ever appended. */
export function hashEdge(sha256: Sha256, edge: LedgerEdge): Uint8Array {
  const root = edge.hashes.reduce<Uint8Array | undefined>((below, hashes) => {
    const nodes = below === undefined ? hashes : [...hashes, below];
    return nodes.length === 0 ? undefined : hashUneven(sha256, nodes);
  }, undefined);
  return root ?? sha256(new Uint8Array());
}

/** Hashes equal subtrees and, last, perhaps a smaller one, as RFC 6962 splits them. */
function hashUneven(sha256: Sha256, nodes: readonly Uint8Array[]): Uint8Array {
  if (nodes.length === 1) return nodes[0]!;
  const middle = splitSize(nodes.length);
  return hashNode(sha256, hashUneven(sha256, nodes.slice(0, middle)), hashUneven(sha256, nodes.slice(middle)));
}

/** Bytes of a tile of hashes. */
export function formatTile(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.some((hash) => hash.length !== HASH_BYTES)) throw new RangeError('A tile holds hashes of 32 bytes.');
  return joinBytes(hashes);
}
