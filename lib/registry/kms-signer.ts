import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { Signer } from '../domain/agreement/signature';

/**
 * Signs with an asymmetric key of AWS KMS (ECC_NIST_P256, SIGN_VERIFY), which never leaves it.
 * @throws TypeError for a key of another kind
 */
export async function openKmsSigner(client: KMSClient, keyId: string): Promise<Signer> {
  const { PublicKey = new Uint8Array() } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  const publicKey = Buffer.from(PublicKey);
  const { asymmetricKeyDetails } = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  if (asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new TypeError(`The key ${keyId} cannot sign: make one of spec ECC_NIST_P256 for SIGN_VERIFY.`);
  return {
    algorithm: 'ecdsa-p256-sha256',
    publicKey: publicKey.toString('base64'),
    async sign(message) {
      const { Signature } = await client.send(
        new SignCommand({ KeyId: keyId, Message: message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }),
      );
      if (Signature === undefined) throw new TypeError(`AWS KMS answered without a signature of ${keyId}.`);
      return Buffer.from(Signature).toString('base64');
    },
  };
}
