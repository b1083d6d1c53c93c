const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Position of the next quote or backslash; the end where there is none. Looks at four bytes at a time: a byte that is zero
 * once the sought one is taken off shows in its highest bit (the lowest such bit is exact).
 */
export function findTextEnd(view: DataView, from: number, length: number): number {
  let at = from;
  for (; at + 4 <= length; at += 4) {
    const word = view.getInt32(at, true);
    const quote = word ^ 0x22222222;
    const backslash = word ^ 0x5c5c5c5c;
    const found = (((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash)) & 0x80808080;
    if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3);
  }
  for (; at < length; at += 1) {
    const byte = view.getUint8(at);
    if (byte === QUOTE || byte === BACKSLASH) break;
  }
  return at;
}
