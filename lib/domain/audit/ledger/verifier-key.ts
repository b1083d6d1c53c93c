import { formatBase64, formatHex, joinBytes, parseBase64, type Sha256 } from '../../bytes';
import { keyId, type NoteKey } from './signed-note';

/** First byte of the key in its text, as the note package of Go and C2SP give it. */
const ALGORITHMS = { ed25519: 1, 'ecdsa-p256': 2 } as const;

/** The public key as people pass it on: `name+id+base64` (https://c2sp.org/signed-note#verifier-keys). */
export function formatVerifierKey(sha256: Sha256, key: NoteKey): string {
  const body = joinBytes([Uint8Array.of(ALGORITHMS[key.kind]), key.publicKey]);
  return `${key.name}+${formatHex(keyId(sha256, key))}+${formatBase64(body)}`;
}

/** Undefined for anything but such a text, or where the id is not the key's. */
export function parseVerifierKey(sha256: Sha256, text: string): NoteKey | undefined {
  const [, name = '', id = '', base64 = ''] = /^([^\s+\p{Cc}]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim()) ?? [];
  const body = parseBase64(base64);
  if (body === undefined || body.length < 33) return undefined;
  const publicKey = body.slice(1);
  const key: NoteKey | undefined =
    body[0] === ALGORITHMS.ed25519 && publicKey.length === 32
      ? { kind: 'ed25519', name, publicKey }
      : body[0] === ALGORITHMS['ecdsa-p256']
        ? { kind: 'ecdsa-p256', name, publicKey }
        : undefined;
  return key !== undefined && formatHex(keyId(sha256, key)) === id ? key : undefined;
}
