import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type KnownRanges,
  type NodeReader,
  proveConsistency,
  proveInclusion,
} from '../../domain/audit/ledger/merkle-tree';
import { type KnownNodes, nodesOfTiles } from '../../domain/audit/ledger/tile';
import { formatBase64 } from '../../domain/bytes';
import { sha256 } from '../node-crypto';
import { openSorter } from '../spool/open-sorter';
import type { RecordedLedger } from './ledger-writer';
import { type LocatedEntry, locateEntries, type WantedEntry } from './locate-entries';
import { openEntries } from './open-entries';

/** That an access is in the ledger, for whoever has the checkpoint and not the ledger. */
interface InclusionProof {
  readonly access: string;
  readonly index: number;
  /** The entry as the ledger has it: its hash is the leaf, and the access is in it. */
  readonly entry: string;
  /** Base64, from the leaf to the root. */
  readonly proof: readonly string[];
}

/** That the ledger, when it had so many entries, was the beginning of what it is now: for whoever kept that checkpoint. */
interface ConsistencyProof {
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
 * @param wanted in order of time; one that is told twice is proven once
 * @param folder for what does not fit into memory
 */
export async function writeProofs(
  out: string,
  ledger: RecordedLedger,
  wanted: Iterable<WantedEntry>,
  folder: string,
): Promise<void> {
  const { checkpoint, earlier, store, tiles } = ledger;
  const { size } = checkpoint;
  // Proofs share most of their nodes, and each costs up to 255 hashes.
  const known: KnownNodes = new Map();
  const ranges: KnownRanges = new Map();
  const format = formatOnce();
  const prove = <T>(work: (node: NodeReader) => T) =>
    tiles.use((read) => work(nodesOfTiles(sha256, size, read, known)));
  const place = join(out, PROOFS);
  writeFileSync(place, '');
  const held: string[] = [];
  const flush = () => appendFileSync(place, held.splice(0).join(''));
  const readEntry = openEntries(store, size);
  const located = openSorter<LocatedEntry>(folder, 'located', (left, right) => left.index - right.index);
  for await (const entry of locateEntries(ledger, wanted)) located.put(entry);
  let before = -1;
  for (const { access, index } of located.drain()) {
    if (index === before) continue;
    before = index;
    const path = await prove((node) => proveInclusion(sha256, index, size, node, ranges));
    const proof: InclusionProof = { access, index, entry: await readEntry(index), proof: path.map(format) };
    held.push(`${JSON.stringify(proof)}\n`);
    if (held.length >= PROOFS_HELD) flush();
  }
  flush();
  const consistency: string[] = [];
  for (const before of earlier.slice(-MAX_CONSISTENCY)) {
    const path = await prove((node) => proveConsistency(sha256, before.size, size, node));
    const proof: ConsistencyProof = { size: before.size, proof: path.map(formatBase64) };
    consistency.push(`${JSON.stringify(proof)}\n`);
  }
  writeFileSync(join(out, CONSISTENCY), consistency.join(''));
}

/** Each has some 2 kB, and there is one for every access that an exception rests on. */
const PROOFS_HELD = 1000;

const MAX_TEXTS = 16_384;

/** Base64 of hashes, most of which stand in many proofs in a row. */
function formatOnce(): (hash: Uint8Array) => string {
  const known = new Map<Uint8Array, string>();
  return (hash) => {
    const text = known.get(hash) ?? formatBase64(hash);
    if (known.size >= MAX_TEXTS) known.clear();
    known.set(hash, text);
    return text;
  };
}
