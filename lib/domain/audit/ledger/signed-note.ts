import { encodeText, formatBase64, joinBytes, parseBase64, type Sha256, sameBytes } from '../../bytes';

/*
 * Signed notes (https://c2sp.org/signed-note): a text, a blank line, and one line per signature. Signing and verifying
 * are the caller's; what is signed is the UTF-8 of the text with its last newline.
 */

export type NoteKey =
  | {
      readonly kind: 'ed25519';
      readonly name: string;
      /** 32 bytes (RFC 8032). Signatures have 64. */
      readonly publicKey: Uint8Array;
    }
  | {
      readonly kind: 'ecdsa-p256';
      readonly name: string;
      /** SubjectPublicKeyInfo in DER, as KMS gives it. Signatures are over SHA-256, in DER. */
      readonly publicKey: Uint8Array;
    };

export type SignatureVerifier = (key: NoteKey, message: Uint8Array, signature: Uint8Array) => boolean;

type NoteVerdict =
  | { readonly kind: 'verified'; readonly text: string; readonly signedBy: readonly NoteKey[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Longest note that is read, in characters; a checkpoint with 16 signatures has less than 3,000. */
const MAX_NOTE = 100_000;

/** What a key's owner signs. */
export function noteMessage(text: string): Uint8Array {
  if (!isNoteText(text)) throw new RangeError('A note ends with a newline and has no other control character.');
  return encodeText(text);
}

export function formatNote(
  sha256: Sha256,
  text: string,
  signatures: readonly { readonly key: NoteKey; readonly signature: Uint8Array }[],
): string {
  if (!isNoteText(text)) throw new RangeError('A note ends with a newline and has no other control character.');
  const lines = signatures.map(({ key, signature }) => {
    if (!isKeyName(key.name)) throw new RangeError(`${JSON.stringify(key.name)} cannot name a key: write one word.`);
    return `— ${key.name} ${formatBase64(joinBytes([keyId(sha256, key), signature]))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Four bytes that, with the name, say which key signed. */
export function keyId(sha256: Sha256, key: NoteKey): Uint8Array {
  switch (key.kind) {
    case 'ed25519':
      return sha256(joinBytes([encodeText(`${key.name}\n`), Uint8Array.of(1), key.publicKey])).slice(0, 4);
    case 'ecdsa-p256':
      return sha256(key.publicKey).slice(0, 4);
  }
}

/**
 * The text, when at least one of the known keys signed it and no signature of a known key is wrong. Signatures of
 * unknown keys are passed over, as the format demands.
 */
export function verifyNote(
  sha256: Sha256,
  note: string,
  keys: readonly NoteKey[],
  verify: SignatureVerifier,
): NoteVerdict {
  const parts = splitNote(note);
  if (parts === undefined) return refuse('It is not a signed note.');
  const message = noteMessage(parts.text);
  const signedBy: NoteKey[] = [];
  for (const line of parts.signatures) {
    const signed = parseSignature(line);
    if (signed === undefined) return refuse('A signature line is not “— name base64”.');
    const known = keys.filter((key) => key.name === signed.name && sameBytes(keyId(sha256, key), signed.id));
    for (const key of known) {
      if (!verify(key, message, signed.signature)) return refuse(`The signature of ${key.name} does not fit the text.`);
      if (!signedBy.includes(key)) signedBy.push(key);
    }
  }
  return signedBy.length > 0
    ? { kind: 'verified', text: parts.text, signedBy }
    : refuse('None of the known keys signed it.');
}

function refuse(reason: string): NoteVerdict {
  return { kind: 'refused', reason };
}

/** The text ends at the last blank line. */
function splitNote(note: string): { readonly text: string; readonly signatures: readonly string[] } | undefined {
  const end = note.lastIndexOf('\n\n');
  if (note.length > MAX_NOTE || end < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const signatures = note.slice(end + 2, -1).split('\n');
  return isNoteText(text) ? { text, signatures } : undefined;
}

function parseSignature(line: string) {
  const [dash, name = '', base64 = '', ...more] = line.split(' ');
  const bytes = parseBase64(base64);
  if (dash !== '—' || !isKeyName(name) || more.length > 0 || bytes === undefined || bytes.length < 5) return undefined;
  return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && !/\p{Cs}|[^\P{Cc}\n\u007f-\u009f]/u.test(text);
}

function isKeyName(name: string): boolean {
  return /^[^\s+\p{Cc}\p{Cs}]+$/u.test(name);
}
