import { isUtf8 } from 'node:buffer';

/** Offset of the first byte that no UTF-8 text has there; the length where all is well. */
export function findInvalidUtf8(bytes: Buffer): number {
  let start = 0;
  for (let length = bytes.length; start < bytes.length; length = Math.max(1, length >> 1)) {
    while (start < bytes.length) {
      const end = endOfCharacter(bytes, Math.min(bytes.length, start + length));
      if (!isUtf8(bytes.subarray(start, end))) {
        if (length === 1) return start;
        break;
      }
      start = end;
    }
  }
  return bytes.length;
}

/** Moves on while the next byte continues a character. */
function endOfCharacter(bytes: Buffer, end: number): number {
  const limit = Math.min(bytes.length, end + 3);
  let at = end;
  while (at < limit && (bytes[at]! & 0xc0) === 0x80) at++;
  return at;
}
