import type { Access } from '../../domain/audit/access';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../../domain/audit/ledger/checkpoint';
import { hashTree } from '../../domain/audit/ledger/merkle-tree';
import { BrokenLedger, readHead, recordAccesses } from '../../domain/audit/ledger/record-accesses';
import { verifyNote } from '../../domain/audit/ledger/signed-note';
import { nodesOfTiles } from '../../domain/audit/ledger/tile';
import type { EntryRange } from '../../domain/audit/ledger/told-entries';
import { decodeText, sameBytes } from '../../domain/bytes';
import type { AuditLedger, OpenLedger } from '../audit-run';
import { sha256, verifySignature } from '../node-crypto';
import { type LedgerTiles, openLedgerTiles } from './ledger-tiles';
import type { NoteSigner } from './note-signer';
import { CHECKPOINTS, publishCheckpointTo } from './publish-checkpoint';

export interface LedgerWriter {
  /** Waits no longer than until what was added before the last batch is written. */
  readonly add: (accesses: readonly Access[]) => Promise<void>;
  /**
   * @param before what the ledger had come to: where all that was added was in it by then, the run ends there, and what others
   * have entered since is none of it; absent: it ends where the ledger does
   */
  readonly finish: (before?: Checkpoint) => Promise<RecordedLedger>;
  /** Once nothing is being written any more, whether that went well or not. */
  readonly close: () => Promise<void>;
}

export interface RecordedLedger {
  readonly checkpoint: Checkpoint;
  /** The checkpoint, signed. */
  readonly note: string;
  readonly appended: number;
  readonly conflicts: readonly Access[];
  /** Whether every checkpoint that was signed before is a beginning of this one. */
  readonly isVerified: boolean;
  /** Those, in order of size. */
  readonly earlier: readonly Checkpoint[];
  /** Where this run entered accesses, by id: up to a number that fits into memory. */
  readonly positions: ReadonlyMap<string, number>;
  /** Which entries those are. */
  readonly own: readonly EntryRange[];
  readonly store: OpenLedger;
  readonly tiles: LedgerTiles;
}

/** Accesses that are entered at once. */
const BATCH = 4096;
const MAX_CONFLICTS = 10_000;
/** Some 8 MB. */
const MAX_POSITIONS = 65_536;
/** Checkpoints that are read at once. */
const AT_ONCE = 32;

/**
 * Enters accesses in a ledger, signs where it ends, and verifies that what was signed before is its beginning.
 * @throws BrokenLedger, LedgerInUse
 */
export async function openLedgerWriter(ledger: AuditLedger, signer: NoteSigner): Promise<LedgerWriter> {
  const { origin } = ledger;
  const store = ledger.open();
  let held: Access[] = [];
  const conflicts: Access[] = [];
  const positions = new Map<string, number>();
  const own: EntryRange[] = [];
  let [appended, heldBy] = [0, 0];
  const publish = (ledger.publish ?? publishCheckpointTo)(store, signer);
  const record = async (accesses: readonly Access[]) => {
    const recording = await recordAccesses(sha256, origin, store, accesses, publish);
    appended += recording.appended;
    heldBy = Math.max(heldBy, recording.heldBy);
    const { size } = recording.checkpoint;
    const first = size - recording.entered.length;
    if (first < size) own.push({ from: first, to: size });
    for (const [at, id] of recording.entered.entries())
      if (positions.size < MAX_POSITIONS) positions.set(id, first + at);
    for (const access of recording.conflicts) if (conflicts.length < MAX_CONFLICTS) conflicts.push(access);
  };
  let writing = Promise.resolve();
  /** While it is written, more may come. */
  const write = async () => {
    await writing;
    writing = record(held);
    held = [];
    // Whoever waits for it next hears of it; where something else ended the audit before, nobody does.
    writing.catch(() => {});
  };
  return {
    add: async (accesses) => {
      held.push(...accesses);
      if (held.length >= BATCH) await write();
    },
    finish: async (before) => {
      if (held.length > 0) await write();
      await writing;
      // Also without anything to enter: what another run had committed is put in its place and signed.
      await recordAccesses(sha256, origin, store, [], publish);
      const tiles = openLedgerTiles(store);
      const head = readHead(sha256, origin, await store.get('head'));
      const checkpoint = before !== undefined && heldBy <= before.size ? before : head;
      if (!(await isBeginning(tiles, checkpoint, head))) throw rewritten(origin, checkpoint.size);
      const signed = await listSigned(signer, store);
      // Others may have entered more since the head was read.
      const earlier = signed.filter(({ size }) => size <= checkpoint.size);
      for (const each of earlier) if (!(await isBeginning(tiles, each, checkpoint))) throw rewritten(origin, each.size);
      const beyond = signed.find(({ size }) => size > checkpoint.size);
      if (beyond !== undefined && readHead(sha256, origin, await store.get('head')).size < beyond.size)
        throw rewritten(origin, beyond.size);
      store.tidy();
      const note = await signer.signNote(formatCheckpoint(checkpoint));
      return { checkpoint, note, appended, conflicts, isVerified: true, earlier, positions, own, store, tiles };
    },
    close: async () => {
      await writing.catch(() => {});
      store.close();
    },
  };
}

function rewritten(origin: string, size: number): BrokenLedger {
  return new BrokenLedger(
    `The checkpoint that was signed at ${size} entries is no beginning of the ledger ${origin}: it was rewritten. Restore it from a copy, and find out who did it.`,
  );
}

function isBeginning(tiles: LedgerTiles, { size, root }: Checkpoint, whole: Checkpoint): Promise<boolean> {
  return tiles
    .use((read) => sameBytes(hashTree(sha256, size, nodesOfTiles(sha256, whole.size, read)), root))
    .catch(refuseShort);
}

/** A tile that is missing or cut short gives no root. */
function refuseShort(error: unknown): false {
  if (error instanceof BrokenLedger || error instanceof RangeError) return false;
  throw error;
}

async function listSigned(signer: NoteSigner, store: OpenLedger): Promise<readonly Checkpoint[]> {
  const paths = await store.list(CHECKPOINTS);
  const signed: Checkpoint[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE)
    signed.push(...(await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => readSigned(signer, store, path)))));
  return signed.toSorted((left, right) => left.size - right.size);
}

async function readSigned(signer: NoteSigner, store: OpenLedger, path: string): Promise<Checkpoint> {
  const note = decodeText((await store.get(path))?.bytes ?? new Uint8Array()) ?? '';
  const verdict = verifyNote(sha256, note, [signer.key], verifySignature);
  const checkpoint = verdict.kind === 'verified' ? parseCheckpoint(verdict.text) : undefined;
  if (checkpoint !== undefined) return checkpoint;
  const why = verdict.kind === 'refused' ? verdict.reason : 'It is no checkpoint.';
  throw new BrokenLedger(
    `${path} of the ledger was not signed by this key. ${why} Sign with the key of the earlier runs, or begin another ledger.`,
  );
}
