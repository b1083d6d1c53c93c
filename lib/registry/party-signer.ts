import { createPublicKey, sign } from 'node:crypto';
import type { Signer } from '../domain/agreement/signature';
import { readSigningKey } from '../signing-key';

/**
 * Signs versions of agreements as a party, by the key in a file.
 * @throws UnusableSigningKey
 */
export function openPartySigner(file: string): Signer {
  const key = readSigningKey(file);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  return { algorithm: 'ed25519', publicKey, sign: async (message) => sign(null, message, key).toString('base64') };
}
