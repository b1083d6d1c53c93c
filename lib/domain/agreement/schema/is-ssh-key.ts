import { decodeText, parseBase64 } from '../../bytes';

/** Bytes of a point that is not compressed, by curve. */
const POINTS: Readonly<Record<string, number>> = { nistp256: 65, nistp384: 97, nistp521: 133 };
/** Bytes of a modulus: AWS Transfer takes 2,048 to 4,096 bits. */
const [LEAST_RSA, MOST_RSA] = [256, 512];

/**
 * Whether the line of a .pub file is an OpenSSH public key that a server could take: whole, and of the kind that its first
 * word says (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4).
 */
export function isSshKey(line: string): boolean {
  const [kind = '', encoded = ''] = line.split(' ');
  const bytes = parseBase64(encoded);
  const fields = bytes && readFields(bytes);
  if (fields === undefined) return false;
  const [name, ...rest] = fields;
  if (name === undefined || decodeText(name) !== kind) return false;
  if (kind === 'ssh-ed25519') return rest.length === 1 && rest[0]?.length === 32;
  if (kind === 'ssh-rsa') return rest.length === 2 && isModulus(rest[1]!);
  const curve = kind.slice('ecdsa-sha2-'.length);
  return rest.length === 2 && decodeText(rest[0]!) === curve && rest[1]?.length === POINTS[curve];
}

/** A positive number has a zero before it where its first bit is set. */
function isModulus(bytes: Uint8Array): boolean {
  const length = bytes[0] === 0 ? bytes.length - 1 : bytes.length;
  return length >= LEAST_RSA && length <= MOST_RSA;
}

/** Each has its length before it, in four bytes; undefined where they do not fill the whole. */
function readFields(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields: Uint8Array[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return at === bytes.length ? fields : undefined;
}
