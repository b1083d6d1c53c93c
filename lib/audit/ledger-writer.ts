import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '../domain/audit/access';
import { decodeText, encodeText, sameBytes } from '../domain/audit/bytes';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../domain/audit/ledger/checkpoint';
import { hashTree } from '../domain/audit/ledger/merkle-tree';
import { BrokenLedger, readHead, recordAccesses } from '../domain/audit/ledger/record-accesses';
import { verifyNote } from '../domain/audit/ledger/signed-note';
import { formatTilePath, nodesOfTiles } from '../domain/audit/ledger/tile';
import type { AuditRun } from './audit-run';
import { openLedgerFolder } from './ledger-folder';
import { sha256, verifySignature } from './node-crypto';
import type { NoteSigner } from './note-signer';

export interface LedgerWriter {
  readonly add: (accesses: readonly Access[]) => Promise<void>;
  readonly finish: () => Promise<RecordedLedger>;
  readonly close: () => void;
}

export interface RecordedLedger {
  readonly checkpoint: Checkpoint;
  /** The checkpoint, signed. */
  readonly note: string;
  readonly appended: number;
  readonly conflicts: readonly Access[];
  /** Whether every checkpoint that was signed before is a beginning of this one. */
  readonly isVerified: boolean;
}

/** Accesses that are entered at once. */
const BATCH = 4096;
const MAX_CONFLICTS = 10_000;
const SIGNED = 'checkpoints/';

/**
 * Enters accesses in a ledger in a folder, signs where it ends, and verifies that what was signed before is its beginning.
 * @throws BrokenLedger, LedgerInUse
 */
export async function openLedgerWriter(
  { folder, origin }: AuditRun['ledger'],
  signer: NoteSigner,
): Promise<LedgerWriter> {
  const store = openLedgerFolder(folder);
  const held: Access[] = [];
  const conflicts: Access[] = [];
  let appended = 0;
  const publish = async (checkpoint: Checkpoint) => {
    const path = `${SIGNED}${checkpoint.size}`;
    if ((await store.get(path)) === undefined) {
      await store.putNew(path, encodeText(await signer.signNote(formatCheckpoint(checkpoint))));
    }
  };
  const write = async () => {
    if (held.length === 0) return;
    const recording = await recordAccesses(sha256, origin, store, held.splice(0), publish);
    appended += recording.appended;
    for (const access of recording.conflicts) if (conflicts.length < MAX_CONFLICTS) conflicts.push(access);
  };
  return {
    add: async (accesses) => {
      held.push(...accesses);
      if (held.length >= BATCH) await write();
    },
    finish: async () => {
      await write();
      // Also without anything to enter: what another run had committed is put in its place and signed.
      await recordAccesses(sha256, origin, store, [], publish);
      const checkpoint = readHead(sha256, origin, await store.get('head'));
      const earlier = await listSigned(signer, store);
      const node = nodesOfTiles(sha256, checkpoint.size, (tile) =>
        tryRead(() => new Uint8Array(readFileSync(join(folder, formatTilePath(tile))))),
      );
      for (const { size, root } of earlier) {
        if (size > checkpoint.size || !sameBytes(hashTree(sha256, size, node), root)) {
          throw new BrokenLedger(
            `The checkpoint that was signed at ${size} entries is no beginning of the ledger in ${folder}: it was rewritten. Restore it from a copy, and find out who did it.`,
          );
        }
      }
      store.tidy();
      const note = await signer.signNote(formatCheckpoint(checkpoint));
      return { checkpoint, note, appended, conflicts, isVerified: true };
    },
    close: store.close,
  };
}

async function listSigned(
  signer: NoteSigner,
  store: ReturnType<typeof openLedgerFolder>,
): Promise<readonly Checkpoint[]> {
  const signed: Checkpoint[] = [];
  for (const path of await store.list(SIGNED)) {
    const note = decodeText((await store.get(path))?.bytes ?? new Uint8Array()) ?? '';
    const verdict = verifyNote(sha256, note, [signer.key], verifySignature);
    const checkpoint = verdict.kind === 'verified' ? parseCheckpoint(verdict.text) : undefined;
    if (checkpoint === undefined) {
      const why = verdict.kind === 'refused' ? verdict.reason : 'It is no checkpoint.';
      throw new BrokenLedger(
        `${path} of the ledger was not signed by this key. ${why} Sign with the key of the earlier runs, or begin another ledger.`,
      );
    }
    signed.push(checkpoint);
  }
  return signed;
}

function tryRead(read: () => Uint8Array): Uint8Array {
  try {
    return read();
  } catch {
    return new Uint8Array();
  }
}
