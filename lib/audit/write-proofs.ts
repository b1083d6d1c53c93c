import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatBase64, formatHex } from '../domain/audit/bytes';
import {
  type KnownRanges,
  type NodeReader,
  proveConsistency,
  proveInclusion,
} from '../domain/audit/ledger/merkle-tree';
import { nodesOfTiles } from '../domain/audit/ledger/tile';
import type { RecordedLedger } from './ledger-writer';
import { locateEntries } from './locate-entries';
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

/** That the ledger, when it had so many entries, was the beginning of what it is now: for whoever kept that checkpoint. */
export interface ConsistencyProof {
  readonly size: number;
  /** Base64: RFC 9162, section 2.1.4. */
  readonly proof: readonly string[];
}

export const PROOFS = 'proofs.jsonl';
export const CONSISTENCY = 'consistency.jsonl';

/** Checkpoints for which the pack holds a proof, the latest: some 10 MB. Whoever kept an older one needs the ledger. */
const MAX_CONSISTENCY = 10_000;

/**
 * Proves of each access that it is in the ledger at its checkpoint, and of each earlier checkpoint that it is a beginning of
 * this one; one a line.
 * @param wanted by id of the access, about when it was
 */
export async function writeProofs(
  out: string,
  { checkpoint, earlier, store, tiles }: RecordedLedger,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  const { size } = checkpoint;
  // Proofs share most of their nodes, and each costs up to 255 hashes.
  const known = new Map<number, Uint8Array>();
  const ranges: KnownRanges = new Map();
  const format = formatOnce();
  const prove = <T>(work: (node: NodeReader) => T) =>
    tiles.use((read) => work(rememberNodes(nodesOfTiles(sha256, size, read), known)));
  const inclusion: string[] = [];
  for (const { access, index, leaf } of await locateEntries(store, tiles, checkpoint, wanted)) {
    const path = await prove((node) => proveInclusion(sha256, index, size, node, ranges));
    const proof: InclusionProof = { access, index, leaf: formatHex(leaf), proof: path.map(format) };
    inclusion.push(`${JSON.stringify(proof)}\n`);
  }
  writeFileSync(join(out, PROOFS), inclusion.join(''));
  const consistency: string[] = [];
  for (const before of earlier.slice(-MAX_CONSISTENCY)) {
    const path = await prove((node) => proveConsistency(sha256, before.size, size, node));
    const proof: ConsistencyProof = { size: before.size, proof: path.map(formatBase64) };
    consistency.push(`${JSON.stringify(proof)}\n`);
  }
  writeFileSync(join(out, CONSISTENCY), consistency.join(''));
}

const MAX_NODES = 200_000;

/** Base64 of hashes, most of which stand in many proofs. */
function formatOnce(): (hash: Uint8Array) => string {
  const known = new Map<Uint8Array, string>();
  return (hash) => {
    const text = known.get(hash) ?? formatBase64(hash);
    if (known.size < MAX_NODES) known.set(hash, text);
    return text;
  };
}

function rememberNodes(node: NodeReader, known: Map<number, Uint8Array>): NodeReader {
  return (height, index) => {
    // No ledger that has entries has 2^40 of them; 64 heights fit beside the index.
    const name = index * 64 + height;
    const hash = known.get(name) ?? node(height, index);
    if (known.size < MAX_NODES) known.set(name, hash);
    return hash;
  };
}
