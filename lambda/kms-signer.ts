import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { Signer } from '../lib/domain/agreement/signature';

/** Signs with an asymmetric key of AWS KMS (ECC_NIST_P256, SIGN_VERIFY), which never leaves it. */
export async function openKmsSigner(client: KMSClient, keyId: string): Promise<Signer> {
  const { PublicKey, KeySpec } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (PublicKey === undefined || KeySpec !== 'ECC_NIST_P256')
    throw new TypeError(`The key ${keyId} cannot sign versions: make one of spec ECC_NIST_P256 for SIGN_VERIFY.`);
  return {
    algorithm: 'ecdsa-p256-sha256',
    publicKey: Buffer.from(PublicKey).toString('base64'),
    async sign(message) {
      const { Signature } = await client.send(
        new SignCommand({ KeyId: keyId, Message: message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }),
      );
      return Buffer.from(Signature ?? []).toString('base64');
    },
  };
}
