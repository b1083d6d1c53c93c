import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { SignatureAlgorithm, VerifySignature } from '../domain/agreement/signature';

/** Verifies a signature with Node's own cryptography; a key or signature that cannot be read is not genuine. */
export const verifySignature: VerifySignature = (message, { algorithm, publicKey, signature }) => {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return isFor(key, algorithm) && check(key, algorithm, message, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
};

function isFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, algorithm: SignatureAlgorithm): boolean {
  switch (algorithm) {
    case 'ed25519':
      return asymmetricKeyType === 'ed25519';
    case 'ecdsa-p256-sha256':
      return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
    case 'rsa-pss-sha256':
      return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  }
}

function check(key: KeyObject, algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): boolean {
  switch (algorithm) {
    case 'ed25519':
      return verify(null, message, key, signature);
    case 'ecdsa-p256-sha256':
      return verify('sha256', message, key, signature);
    case 'rsa-pss-sha256':
      return verify(
        'sha256',
        message,
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
        signature,
      );
  }
}
