import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { NoteSigner } from '../../lib/audit/ledger/note-signer';
import { sha256 } from '../../lib/audit/node-crypto';
import { formatNote, type NoteKey, noteMessage } from '../../lib/domain/audit/ledger/signed-note';

/** Signs notes as the room, with a key that never leaves AWS KMS (ECC_NIST_P256). */
export async function openKmsNoteSigner(kms: KMSClient, keyId: string, name: string): Promise<NoteSigner> {
  const { PublicKey, KeySpec, CustomerMasterKeySpec } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  // Both say the same; the older name is all that some copies of the service know.
  if (PublicKey === undefined || (KeySpec ?? CustomerMasterKeySpec) !== 'ECC_NIST_P256') {
    throw new TypeError(`The key ${keyId} cannot sign checkpoints: make one of spec ECC_NIST_P256 for SIGN_VERIFY.`);
  }
  const key: NoteKey = { kind: 'ecdsa-p256', name, publicKey: PublicKey };
  return {
    key,
    signNote: async (text) => {
      const order = { MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
      const { Signature } = await kms.send(new SignCommand({ ...order, KeyId: keyId, Message: noteMessage(text) }));
      if (Signature === undefined) throw new Error('KMS answered without a signature.');
      return formatNote(sha256, text, [{ key, signature: Signature }]);
    },
  };
}
