import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Checkpoint, parseCheckpoint } from '../../domain/audit/ledger/checkpoint';
import { hashTree } from '../../domain/audit/ledger/merkle-tree';
import { type NoteKey, verifyNote } from '../../domain/audit/ledger/signed-note';
import { formatTilePath, nodesOfTiles } from '../../domain/audit/ledger/tile';
import { verifyConsistency } from '../../domain/audit/ledger/verify-proof';
import { parseBase64, sameBytes } from '../../domain/bytes';
import { parseJson } from '../../domain/parse-json';
import { CONSISTENCY } from '../ledger/write-proofs';
import { sha256, verifySignature } from '../node-crypto';
import { CHECKPOINT, LEDGER } from '../pack/sign-pack';
import type { PackVerdict } from './verify-pack';

const proofSchema = z.object({ size: z.int().nonnegative(), proof: z.array(z.string()) });

/** A signed checkpoint that somebody kept, and the name of its file. */
interface KeptCheckpoint {
  readonly shown: string;
  readonly note: string;
}

/**
 * Whether the ledger of a pack still begins with what parties kept of it: signed checkpoints, from their outboxes or earlier
 * packs, and whether these are of one history. Whoever runs the room can sign another; it cannot make it begin like the one that
 * others have seen, nor have two of a size stand side by side.
 * @param ledger where the ledger is, if not in the pack; without one, the proofs in the pack have to do
 */
export function verifyKept(pack: string, kept: readonly KeptCheckpoint[], key: NoteKey, ledger?: string): PackVerdict {
  if (kept.length === 0) return { checked: [], findings: [] };
  const now = readSigned(readText(join(pack, CHECKPOINT)), key);
  if (typeof now === 'string') return { checked: [], findings: [{ file: CHECKPOINT, problem: now }] };
  const judged = kept.map((each) => judgeKept(pack, each, now, key, ledger));
  const signed = judged.flatMap((each) => ('kept' in each ? [each] : []));
  const parted = describeParting(signed);
  return {
    checked: [
      ...signed
        .filter(({ proven }) => proven === 'consistent')
        .map(({ sizes }) => `the ledger begins with the checkpoint that was kept (${sizes})`),
      ...(signed.length > 1 ? [`${signed.length} checkpoints that were kept were compared with each other`] : []),
    ],
    findings: [
      ...judged.flatMap(({ shown, problem }) =>
        problem === undefined ? [] : [{ file: shown, problem: problem + parted }],
      ),
      ...findForks(signed),
    ],
  };
}

interface SignedKept {
  readonly shown: string;
  readonly kept: Checkpoint;
  readonly proven: Proven;
  readonly sizes: string;
  readonly problem?: string;
}

function judgeKept(
  pack: string,
  { shown, note }: KeptCheckpoint,
  now: Checkpoint,
  key: NoteKey,
  ledger: string | undefined,
): SignedKept | { readonly shown: string; readonly problem: string } {
  const kept = readSigned(note, key);
  if (typeof kept === 'string') return { shown, problem: kept };
  if (kept.origin !== now.origin) return { shown, problem: `it is of another ledger: ${kept.origin}` };
  const place = ledger ?? join(pack, LEDGER);
  const proven = existsSync(place) ? provenByLedger(place, kept, now) : provenByPack(pack, kept, now);
  const sizes = `${kept.size} entries that were kept, ${now.size} in the pack`;
  const judged = { shown, kept, proven, sizes };
  switch (proven) {
    case 'consistent':
      return judged;
    case 'rewritten':
      return { ...judged, problem: `the ledger does not begin with what was kept: it was rewritten (${sizes})` };
    case 'unproven':
      return {
        ...judged,
        problem:
          kept.size > now.size
            ? `it is later than the pack (${sizes}): verify it with a later pack, or name the ledger with --ledger`
            : `the pack holds no proof for it (${sizes}): name the ledger with --ledger`,
      };
  }
}

/** Of one size there is one root: two, signed by one key, are two histories, whatever a pack says. */
function findForks(signed: readonly SignedKept[]): PackVerdict['findings'] {
  return signed.flatMap(({ shown, kept }, at) => {
    const other = signed
      .slice(0, at)
      .find((each) => each.kept.size === kept.size && !sameBytes(each.kept.root, kept.root));
    if (other === undefined) return [];
    const problem = `it is another ledger than ${other.shown}, of ${kept.size} entries too, signed by the same key: two histories were shown. Keep both files, they prove it`;
    return [{ file: shown, problem }];
  });
}

/** Between which entries the pack's history parts from the one that was kept, as far as checkpoints tell. */
function describeParting(signed: readonly SignedKept[]): string {
  const sizesOf = (proven: Proven) => signed.filter((each) => each.proven === proven).map(({ kept }) => kept.size);
  const rewritten = sizesOf('rewritten');
  if (rewritten.length === 0) return '';
  const to = Math.min(...rewritten);
  const from = Math.max(0, ...sizesOf('consistent').filter((size) => size < to));
  return `; the two histories part behind entry ${from} and not later than entry ${to}`;
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
