import { formatCheckpoint } from '../../domain/audit/ledger/checkpoint';
import type { LedgerStore, PublishCheckpoint } from '../../domain/audit/ledger/record-accesses';
import { formatVerifierKey } from '../../domain/audit/ledger/verifier-key';
import { encodeText } from '../../domain/bytes';
import { sha256 } from '../node-crypto';
import type { NoteSigner } from './note-signer';

/** Where signed checkpoints lie, beside the tiles: one for each size that the ledger had. */
export const CHECKPOINTS = 'checkpoints/';
/** The key by which they are verified, for those who find them elsewhere. */
export const VERIFIER_KEY = 'verifier-key';

/** Signs a checkpoint once and puts it beside the ledger. */
export function publishCheckpointTo(store: LedgerStore, signer: NoteSigner): PublishCheckpoint {
  return async (checkpoint) => {
    const path = `${CHECKPOINTS}${checkpoint.size}`;
    if ((await store.get(path)) !== undefined) return;
    await store.putNew(path, encodeText(await signer.signNote(formatCheckpoint(checkpoint))));
  };
}

/** The same, and the key beside it, for whoever copies them: once for each time that the caller starts. */
export function publishCheckpointAndKey(store: LedgerStore, signer: NoteSigner): PublishCheckpoint {
  const publish = publishCheckpointTo(store, signer);
  let isThere = false;
  return async (checkpoint) => {
    if (!isThere) await store.putNew(VERIFIER_KEY, encodeText(`${formatVerifierKey(sha256, signer.key)}\n`));
    isThere = true;
    await publish(checkpoint);
  };
}

/** Where parties find what is meant for them; a place ends with a slash. */
export interface Outboxes {
  readonly list: () => Promise<readonly string[]>;
  /** Nothing where something lies there already. */
  readonly putNew: LedgerStore['putNew'];
}

/** The same, and into the outbox of every party: whoever keeps what it finds there can prove that no later ledger is another. */
export function publishCheckpointWidely(store: LedgerStore, signer: NoteSigner, outboxes: Outboxes): PublishCheckpoint {
  const publish = publishCheckpointAndKey(store, signer);
  return async (checkpoint) => {
    await publish(checkpoint);
    if (!(await copyCheckpoint(store, checkpoint.size, outboxes)))
      throw new Error(`${CHECKPOINTS}${checkpoint.size} of the ledger was written and is not there.`);
  };
}

/**
 * Puts into outboxes the very note that lies beside the ledger, however often it is asked for: a key signs a checkpoint once.
 * @returns false where none lies there of that size, which whoever enters accesses is about to put
 */
export async function copyCheckpoint(store: LedgerReading, size: number, { list, putNew }: Outboxes): Promise<boolean> {
  const path = `${CHECKPOINTS}${size}`;
  const [key, note] = await Promise.all([store.get(VERIFIER_KEY), store.get(path)]);
  if (key === undefined || note === undefined) return false;
  const places = await list();
  for (let at = 0; at < places.length; at += AT_ONCE)
    await Promise.all(
      places.slice(at, at + AT_ONCE).map(async (place) => {
        await putNew(`${place}${VERIFIER_KEY}`, key.bytes);
        await putNew(`${place}${path}`, note.bytes);
      }),
    );
  return true;
}

type LedgerReading = Pick<LedgerStore, 'get'>;

const AT_ONCE = 16;
