import { encodeText, formatHex, type Sha256, sameBytes } from '../../bytes';
import type { Checkpoint } from './checkpoint';
import { parseBundle } from './entry-bundle';
import { hashEdge } from './ledger-edge';
import { type EnteredAccess, readEntry } from './ledger-entry';
import { hashLeaf, hashTree } from './merkle-tree';
import {
  formatTilePath,
  HASH_BYTES,
  listTiles,
  nodesOfTiles,
  splitHashes,
  TILE_WIDTH,
  type Tile,
  tileWidth,
} from './tile';

/** What is wrong with a ledger, and where. `entry` counts from 0 over the whole ledger. */
export type LedgerFinding =
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'wrong-length'; readonly path: string }
  /** The entry and the hash of it that stands in `path` do not belong together. */
  | { readonly kind: 'altered-entry'; readonly path: string; readonly entry: number }
  | { readonly kind: 'unreadable-entry'; readonly path: string; readonly entry: number }
  | { readonly kind: 'repeated-access'; readonly entry: number; readonly first: number; readonly id: string }
  /** The hash at `at` of this tile is not that of the tile below. */
  | { readonly kind: 'altered-hash'; readonly path: string; readonly at: number; readonly below: string }
  | { readonly kind: 'wrong-root'; readonly size: number }
  /** An earlier checkpoint is not the beginning of this ledger: history was rewritten. */
  | { readonly kind: 'rewritten'; readonly size: number }
  /** A file among the tiles that this checkpoint does not account for. */
  | { readonly kind: 'stray'; readonly path: string };

interface LedgerCopy {
  /** The bytes at a path; undefined where there is nothing. */
  readonly read: (path: string) => Uint8Array | undefined;
  /** Every path below `tile/`. */
  readonly tilePaths: Iterable<string>;
}

/** @param key hash of the id @param leaf hash of the entry's leaf */
type OnEntry = (access: EnteredAccess, entry: number, key: Uint8Array, leaf: Uint8Array) => void;

/**
 * Verifies a whole copy of a ledger against a checkpoint whose signature was verified: every entry, every hash, the
 * root, that no access stands twice, that earlier checkpoints are its beginnings, and that nothing else lies about.
 * @param onEntry is told of every access, once, in the order of the entries
 */
export function verifyLedger(
  sha256: Sha256,
  copy: LedgerCopy,
  checkpoint: Checkpoint,
  earlier: readonly Checkpoint[],
  onEntry: OnEntry = () => {},
): readonly LedgerFinding[] {
  const { size } = checkpoint;
  const findings: LedgerFinding[] = [];
  const firsts = new Map<string, number>();
  for (const tile of listTiles(size)) {
    if (tile.level === 'entries') findings.push(...checkBundle(sha256, copy, tile, firsts, onEntry));
    else findings.push(...checkTile(sha256, copy, tile, tile.level));
  }
  findings.push(...findStrays(copy, size));
  // Roots can be told only where every tile has its length; where not, that was found above.
  if (findings.some(({ kind }) => kind === 'missing' || kind === 'wrong-length')) return findings;
  const node = nodesOfTiles(sha256, size, (tile) => copy.read(formatTilePath(tile)) ?? new Uint8Array());
  if (!sameBytes(hashTree(sha256, size, node), checkpoint.root)) findings.push({ kind: 'wrong-root', size });
  for (const { origin, size: before, root } of earlier) {
    const begins = origin === checkpoint.origin && before <= size && sameBytes(hashTree(sha256, before, node), root);
    if (!begins) findings.push({ kind: 'rewritten', size: before });
  }
  return findings;
}

function checkBundle(
  sha256: Sha256,
  copy: LedgerCopy,
  tile: Tile,
  firsts: Map<string, number>,
  onEntry: OnEntry,
): readonly LedgerFinding[] {
  const path = formatTilePath(tile);
  const bundle = copy.read(path);
  if (bundle === undefined) return [{ kind: 'missing', path }];
  const entries = parseBundle(bundle);
  if (entries?.length !== tile.width) return [{ kind: 'wrong-length', path }];
  const hashes = splitHashes(copy.read(formatTilePath({ ...tile, level: 0 })) ?? new Uint8Array());
  return entries.flatMap((bytes, at): readonly LedgerFinding[] => {
    const entry = tile.index * TILE_WIDTH + at;
    const hash = hashes[at];
    const leaf = hashLeaf(sha256, bytes);
    if (hash !== undefined && !sameBytes(leaf, hash)) return [{ kind: 'altered-entry', path, entry }];
    const access = readEntry(bytes);
    if (access === undefined) return [{ kind: 'unreadable-entry', path, entry }];
    const { id } = access;
    const hashed = sha256(encodeText(id));
    const key = formatHex(hashed);
    const first = firsts.get(key);
    if (first !== undefined) return [{ kind: 'repeated-access', entry, first, id }];
    firsts.set(key, entry);
    onEntry(access, entry, hashed, leaf);
    return [];
  });
}

function checkTile(sha256: Sha256, copy: LedgerCopy, tile: Tile, level: number): readonly LedgerFinding[] {
  const path = formatTilePath(tile);
  const bytes = copy.read(path);
  if (bytes === undefined) return [{ kind: 'missing', path }];
  if (bytes.length !== tile.width * HASH_BYTES) return [{ kind: 'wrong-length', path }];
  if (level === 0) return [];
  return splitHashes(bytes).flatMap((hash, at): readonly LedgerFinding[] => {
    const below = formatTilePath({ level: level - 1, index: tile.index * TILE_WIDTH + at, width: TILE_WIDTH });
    const hashes = copy.read(below);
    if (hashes?.length !== TILE_WIDTH * HASH_BYTES) return [];
    const whole = hashEdge(sha256, { size: TILE_WIDTH, hashes: [splitHashes(hashes)], entries: [] });
    return sameBytes(whole, hash) ? [] : [{ kind: 'altered-hash', path, at, below }];
  });
}

/** What lies among the tiles must be one of them, or a shorter state of one, left by an earlier checkpoint. */
function findStrays(copy: LedgerCopy, size: number): readonly LedgerFinding[] {
  return [...copy.tilePaths].flatMap((path) => {
    const tile = parseTilePath(path);
    const width = tile === undefined ? 0 : tileWidth(tile.level, tile.index, size);
    if (tile === undefined || tile.width > width) return [{ kind: 'stray', path } as const];
    if (tile.width === width) return [];
    const whole = copy.read(formatTilePath({ ...tile, width }));
    const part = copy.read(path);
    const begins = whole !== undefined && part !== undefined && sameBytes(whole.subarray(0, part.length), part);
    return begins && holdsWidth(tile, part) ? [] : [{ kind: 'stray', path } as const];
  });
}

function holdsWidth(tile: Tile, bytes: Uint8Array): boolean {
  return tile.level === 'entries'
    ? parseBundle(bytes)?.length === tile.width
    : bytes.length === tile.width * HASH_BYTES;
}

function parseTilePath(path: string): Tile | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const index = Number(match[2]!.replaceAll(/[x/]/g, ''));
  const tile: Tile = { level, index, width: Number(match[3] ?? TILE_WIDTH) };
  return formatTilePath(tile) === path && tile.width > 0 ? tile : undefined;
}
