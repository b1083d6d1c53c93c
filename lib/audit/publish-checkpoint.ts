import { encodeText } from '../domain/audit/bytes';
import { formatCheckpoint } from '../domain/audit/ledger/checkpoint';
import type { LedgerStore, PublishCheckpoint } from '../domain/audit/ledger/record-accesses';
import { formatVerifierKey } from '../domain/audit/ledger/verifier-key';
import { sha256 } from './node-crypto';
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

/** Where parties find what is meant for them; a place ends with a slash. */
export interface Outboxes {
  readonly list: () => Promise<readonly string[]>;
  /** Nothing where something lies there already. */
  readonly putNew: LedgerStore['putNew'];
}

/**
 * The same, and into the outbox of every party: whoever keeps what it finds there can prove that no later ledger is another.
 * The very note that lies beside the ledger, however often it is asked for: a key signs a checkpoint once.
 */
export function publishCheckpointWidely(store: LedgerStore, signer: NoteSigner, outboxes: Outboxes): PublishCheckpoint {
  const publish = publishCheckpointTo(store, signer);
  const key = encodeText(`${formatVerifierKey(sha256, signer.key)}\n`);
  return async (checkpoint) => {
    await store.putNew(VERIFIER_KEY, key);
    await publish(checkpoint);
    const path = `${CHECKPOINTS}${checkpoint.size}`;
    const note = await store.get(path);
    if (note === undefined) throw new Error(`${path} of the ledger was written and is not there.`);
    const places = await outboxes.list();
    for (let at = 0; at < places.length; at += AT_ONCE)
      await Promise.all(
        places.slice(at, at + AT_ONCE).map(async (place) => {
          await outboxes.putNew(`${place}${VERIFIER_KEY}`, key);
          await outboxes.putNew(`${place}${path}`, note.bytes);
        }),
      );
  };
}

const AT_ONCE = 16;
