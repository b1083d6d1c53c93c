import { type Sha256, sameBytes } from '../../bytes';
import { hashNode, type NodeReader } from './merkle-tree';

/*
 * Layout of C2SP tlog-tiles (https://c2sp.org/tlog-tiles): tiles of height 8, so 256 hashes of 32 bytes in a full one;
 * each hash at level L covers 256^L entries.
 */

export const TILE_WIDTH = 256;
export const HASH_BYTES = 32;

export interface Tile {
  /** `entries` for the bundle of entries, else the level of hashes, from 0. */
  readonly level: number | 'entries';
  readonly index: number;
  /** Hashes or entries in it: 1 to 256; 256 is a full one. */
  readonly width: number;
}

/** `tile/<L>/<N>[.p/<W>]`, e.g. `tile/0/x001/x234/067.p/5`. */
export function formatTilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const number = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile's width in a ledger of `size` entries: 0 when it is not there yet. */
export function tileWidth(level: Tile['level'], index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Levels of hashes in a ledger of `size` entries. */
export function countLevels(size: number): number {
  let levels = 0;
  while (Math.floor(size / TILE_WIDTH ** levels) > 0) levels += 1;
  return levels;
}

/** Every tile and entry bundle of a ledger of `size` entries, bundles first. */
export function* listTiles(size: number): Generator<Tile> {
  const levels: readonly Tile['level'][] = [
    'entries',
    ...Array.from({ length: countLevels(size) }, (_, level) => level),
  ];
  for (const level of levels) {
    for (let index = 0; ; index += 1) {
      const width = tileWidth(level, index, size);
      if (width === 0) break;
      yield { level, index, width };
    }
  }
}

/** Finds the bytes of a tile of hashes: `width` · 32 of them. Asked for the same tile many times: keep what was read. */
export type TileReader = (tile: Tile) => Uint8Array;

/** Hashes that lie between two levels of tiles, by height and index: whoever proves much needs each many times. */
export type KnownNodes = Map<number, Uint8Array>;

/** Proofs in order of their entries need those of the last few tiles. */
const MAX_NODES = 16_384;

/**
 * Reads the tree of `size` leaves from its tiles; what lies between two levels is hashed again.
 * @param known is added to, and begun again when it is full
 */
export function nodesOfTiles(
  sha256: Sha256,
  size: number,
  readTile: TileReader,
  known: KnownNodes = new Map(),
): NodeReader {
  /** @param first the number of the tile's first hash on its level */
  const hashIn = (tile: Uint8Array, first: number, height: number, index: number): Uint8Array => {
    if (height % 8 === 0) return readHash(tile, index - first);
    // No ledger that has entries has 2^40 of them; 64 heights fit beside the index.
    const name = index * 64 + height;
    const earlier = known.get(name);
    if (earlier !== undefined) return earlier;
    const left = hashIn(tile, first, height - 1, 2 * index);
    const hash = hashNode(sha256, left, hashIn(tile, first, height - 1, 2 * index + 1));
    if (known.size >= MAX_NODES) known.clear();
    known.set(name, hash);
    return hash;
  };
  return (height, index) => {
    const earlier = known.get(index * 64 + height);
    if (earlier !== undefined) return earlier;
    const level = Math.floor(height / 8);
    const tileIndex = Math.floor((index * 2 ** (height % 8)) / TILE_WIDTH);
    const tile = { level, index: tileIndex, width: tileWidth(level, tileIndex, size) };
    const bytes = readTile(tile);
    if (bytes.length !== tile.width * HASH_BYTES) {
      throw new RangeError(
        `${formatTilePath(tile)} has ${bytes.length} bytes, not ${tile.width * HASH_BYTES}. Restore it from a copy.`,
      );
    }
    return hashIn(bytes, tileIndex * TILE_WIDTH, height, index);
  };
}

/** Position of a hash in a tile; undefined where it is not in it. @param first where it most likely is */
export function findHash(tile: Uint8Array, hash: Uint8Array, first = 0): number | undefined {
  const count = Math.floor(tile.length / HASH_BYTES);
  for (let tried = 0; tried < count; tried += 1) {
    const at = (first + tried) % count;
    if (tile[at * HASH_BYTES] === hash[0] && sameBytes(readHash(tile, at), hash)) return at;
  }
  return undefined;
}

export function splitHashes(tile: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, at) => readHash(tile, at));
}

function readHash(tile: Uint8Array, at: number): Uint8Array {
  return tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
}
