import { isUtf8 } from 'node:buffer';

/** How many bytes of the text are UTF-8: the place of the first character that is not, or all. */
export function findInvalidUtf8(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const end = at + lengthOfCharacter(bytes[at]!);
    if (!isUtf8(bytes.subarray(at, end))) return at;
    at = Math.min(end, bytes.length);
  }
  return at;
}

/** As its first byte says. */
function lengthOfCharacter(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
