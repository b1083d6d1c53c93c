import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatBase64, formatHex } from '../domain/audit/bytes';
import type { Checkpoint } from '../domain/audit/ledger/checkpoint';
import { parseBundle } from '../domain/audit/ledger/entry-bundle';
import { readEntryId } from '../domain/audit/ledger/ledger-entry';
import { hashLeaf, type NodeReader, proveInclusion } from '../domain/audit/ledger/merkle-tree';
import { formatTilePath, listTiles, nodesOfTiles, TILE_WIDTH, type Tile } from '../domain/audit/ledger/tile';
import { sha256 } from './node-crypto';

/** That an access is in the ledger, for whoever has the checkpoint and not the ledger. */
export interface InclusionProof {
  readonly access: string;
  readonly index: number;
  /** Hash of the entry, hex. */
  readonly leaf: string;
  /** Base64, from the leaf to the root. */
  readonly proof: readonly string[];
}

/** Proves of each access that it is in the ledger at this checkpoint; one a line. */
export function writeProofs(folder: string, file: string, checkpoint: Checkpoint, wanted: ReadonlySet<string>): void {
  const tiles = new Map<string, Uint8Array>();
  const read = (tile: Tile) => {
    const path = formatTilePath(tile);
    const known = tiles.get(path) ?? new Uint8Array(readFileSync(join(folder, path)));
    if (tile.level !== 'entries') tiles.set(path, known);
    return known;
  };
  const node = rememberNodes(nodesOfTiles(sha256, checkpoint.size, read));
  const proofs: string[] = [];
  for (const tile of wanted.size === 0 ? [] : listTiles(checkpoint.size)) {
    if (tile.level !== 'entries') break;
    for (const [at, entry] of (parseBundle(read(tile)) ?? []).entries()) {
      const access = readEntryId(entry);
      if (access === undefined || !wanted.has(access)) continue;
      const index = tile.index * TILE_WIDTH + at;
      const proof: InclusionProof = {
        access,
        index,
        leaf: formatHex(hashLeaf(sha256, entry)),
        proof: proveInclusion(sha256, index, checkpoint.size, node).map(formatBase64),
      };
      proofs.push(`${JSON.stringify(proof)}\n`);
    }
  }
  writeFileSync(file, proofs.join(''));
}

/** Proofs share most of their nodes, and each costs up to 255 hashes. */
function rememberNodes(node: NodeReader): NodeReader {
  const known = new Map<string, Uint8Array>();
  return (height, index) => {
    const name = `${height}/${index}`;
    const hash = known.get(name) ?? node(height, index);
    known.set(name, hash);
    return hash;
  };
}
