import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { TrailCrypto } from '../domain/audit/integrity/trail-copy';
import type { SignatureVerifier } from '../domain/audit/ledger/signed-note';
import type { Sha256 } from '../domain/bytes';

/** What the domain asks of a cryptographic library, by Node's. */
export const sha256: Sha256 = (bytes) => {
  // By a text: every buffer of Node's is memory beside the heap, of which the collector has to keep count.
  const text = hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(32);
  for (let at = 0; at < digest.length; at += 1) digest[at] = text.charCodeAt(at);
  return digest;
};

/** SubjectPublicKeyInfo of an Ed25519 key is this and the 32 bytes of the key (RFC 8410). */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export const verifySignature: SignatureVerifier = (key, message, signature) =>
  attempt(() => {
    const der = key.kind === 'ed25519' ? Buffer.concat([ED25519_PREFIX, key.publicKey]) : Buffer.from(key.publicKey);
    const object = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(key.kind === 'ed25519' ? null : 'sha256', message, object, signature);
  });

/** The 32 bytes of an Ed25519 public key. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' })).slice(ED25519_PREFIX.length);
}

export const TRAIL_CRYPTO: TrailCrypto = {
  sha256,
  verifyRsa: (publicKey, message, signature) =>
    attempt(() => {
      const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'pkcs1' });
      return verify('sha256', message, key, signature);
    }),
};

/** Bytes that are no key, or no signature, verify nothing. */
function attempt(work: () => boolean): boolean {
  try {
    return work();
  } catch {
    return false;
  }
}
