import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { encodeText, type Sha256 } from '../lib/domain/audit/bytes';
import { formatCheckpoint } from '../lib/domain/audit/ledger/checkpoint';
import type { LedgerStore, PublishCheckpoint } from '../lib/domain/audit/ledger/record-accesses';
import { formatNote, type NoteKey, noteMessage } from '../lib/domain/audit/ledger/signed-note';
import { formatVerifierKey } from '../lib/domain/audit/ledger/verifier-key';

/** Signs as the room, with a key that never leaves AWS KMS (ECC_NIST_P256). */
export interface CheckpointSigner {
  readonly key: NoteKey;
  /** Signature in DER. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
}

export async function openCheckpointSigner(kms: KMSClient, keyId: string, name: string): Promise<CheckpointSigner> {
  const { PublicKey, KeySpec } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (PublicKey === undefined || KeySpec !== 'ECC_NIST_P256') {
    throw new TypeError(`The key ${keyId} cannot sign checkpoints: make one of spec ECC_NIST_P256 for SIGN_VERIFY.`);
  }
  return {
    key: { kind: 'ecdsa-p256', name, publicKey: PublicKey },
    sign: async (message) => {
      const order = { KeyId: keyId, Message: message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
      const { Signature } = await kms.send(new SignCommand(order));
      if (Signature === undefined) throw new Error('KMS answered without a signature.');
      return Signature;
    },
  };
}

/** Signs a checkpoint once and puts it beside the ledger, with the key by which it is verified. */
export function publishCheckpointTo(store: LedgerStore, signer: CheckpointSigner, sha256: Sha256): PublishCheckpoint {
  return async (checkpoint) => {
    const path = `checkpoints/${checkpoint.size}`;
    if ((await store.get(path)) !== undefined) return;
    const text = formatCheckpoint(checkpoint);
    const signature = await signer.sign(noteMessage(text));
    await store.putNew('verifier-key', encodeText(`${formatVerifierKey(sha256, signer.key)}\n`));
    await store.putNew(path, encodeText(formatNote(sha256, text, [{ key: signer.key, signature }])));
  };
}
