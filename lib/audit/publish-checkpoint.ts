import { encodeText } from '../domain/audit/bytes';
import { formatCheckpoint } from '../domain/audit/ledger/checkpoint';
import type { LedgerStore, PublishCheckpoint } from '../domain/audit/ledger/record-accesses';
import type { NoteSigner } from './note-signer';

/** Where signed checkpoints lie, beside the tiles: one for each size that the ledger had. */
export const CHECKPOINTS = 'checkpoints/';

/** Signs a checkpoint once and puts it beside the ledger. */
export function publishCheckpointTo(store: LedgerStore, signer: NoteSigner): PublishCheckpoint {
  return async (checkpoint) => {
    const path = `${CHECKPOINTS}${checkpoint.size}`;
    if ((await store.get(path)) !== undefined) return;
    await store.putNew(path, encodeText(await signer.signNote(formatCheckpoint(checkpoint))));
  };
}
