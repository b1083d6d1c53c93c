import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parseBase64, sameBytes } from '../domain/audit/bytes';
import { type Checkpoint, parseCheckpoint } from '../domain/audit/ledger/checkpoint';
import { hashTree } from '../domain/audit/ledger/merkle-tree';
import { type NoteKey, verifyNote } from '../domain/audit/ledger/signed-note';
import { formatTilePath, nodesOfTiles } from '../domain/audit/ledger/tile';
import { verifyConsistency } from '../domain/audit/ledger/verify-proof';
import { parseJson } from '../domain/parse-json';
import { sha256, verifySignature } from './node-crypto';
import { LEDGER } from './sign-pack';
import type { PackVerdict } from './verify-pack';
import { CONSISTENCY } from './write-proofs';

const proofSchema = z.object({ size: z.int().nonnegative(), proof: z.array(z.string()) });

/**
 * Whether the ledger of a pack still begins with what a party kept of it: a signed checkpoint, from its outbox or an earlier
 * pack. Whoever runs the room can sign another history; it cannot make it begin like the one that others have seen.
 * @param kept the signed checkpoint
 * @param shown the name of its file
 * @param ledger where the ledger is, if not in the pack; without one, the proofs in the pack have to do
 */
export function verifyKept(pack: string, kept: string, shown: string, key: NoteKey, ledger?: string): PackVerdict {
  const problem = (text: string): PackVerdict => ({ checked: [], findings: [{ file: shown, problem: text }] });
  const earlier = readSigned(kept, key);
  if (typeof earlier === 'string') return problem(earlier);
  const now = readSigned(readText(join(pack, 'checkpoint.txt')), key);
  if (typeof now === 'string') return { checked: [], findings: [{ file: 'checkpoint.txt', problem: now }] };
  if (earlier.origin !== now.origin) return problem(`it is of another ledger: ${earlier.origin}`);
  const place = ledger ?? join(pack, LEDGER);
  const proven = existsSync(place) ? provenByLedger(place, earlier, now) : provenByPack(pack, earlier, now);
  const sizes = `${earlier.size} entries that were kept, ${now.size} in the pack`;
  switch (proven) {
    case 'consistent':
      return { checked: [`the ledger begins with the checkpoint that was kept (${sizes})`], findings: [] };
    case 'rewritten':
      return problem(`the ledger does not begin with what was kept: it was rewritten (${sizes})`);
    case 'unproven':
      return problem(
        earlier.size > now.size
          ? `it is later than the pack (${sizes}): verify it with a later pack, or name the ledger with --ledger`
          : `the pack holds no proof for it (${sizes}): name the ledger with --ledger`,
      );
  }
}

type Proven = 'consistent' | 'rewritten' | 'unproven';

function provenByPack(pack: string, earlier: Checkpoint, now: Checkpoint): Proven {
  if (earlier.size > now.size) return 'unproven';
  if (earlier.size === now.size) return sameBytes(earlier.root, now.root) ? 'consistent' : 'rewritten';
  const lines = readText(join(pack, CONSISTENCY)).split('\n');
  for (const line of lines) {
    const parsed = proofSchema.safeParse(parseJson(line));
    if (!parsed.success || parsed.data.size !== earlier.size) continue;
    const proof = parsed.data.proof.map(parseBase64);
    const isWhole = proof.every((hash) => hash !== undefined);
    return isWhole && verifyConsistency(sha256, earlier, now, proof) ? 'consistent' : 'rewritten';
  }
  return 'unproven';
}

/** By the tiles, also of a checkpoint that is later than the pack; that the tiles are those of the pack is checked too. */
function provenByLedger(folder: string, earlier: Checkpoint, now: Checkpoint): Proven {
  const size = Math.max(earlier.size, now.size);
  const node = nodesOfTiles(sha256, size, (tile) => {
    const path = join(folder, formatTilePath(tile));
    return existsSync(path) ? new Uint8Array(readFileSync(path)) : new Uint8Array();
  });
  try {
    const holds = [earlier, now].every((each) => sameBytes(hashTree(sha256, each.size, node), each.root));
    return holds ? 'consistent' : 'rewritten';
  } catch (error) {
    // Tiles that are not there prove nothing.
    if (error instanceof RangeError) return 'unproven';
    throw error;
  }
}

function readSigned(note: string, key: NoteKey): Checkpoint | string {
  const verdict = verifyNote(sha256, note, [key], verifySignature);
  if (verdict.kind === 'refused') return verdict.reason;
  return parseCheckpoint(verdict.text) ?? 'what is signed is no checkpoint';
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
