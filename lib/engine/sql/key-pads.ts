/**
 * HMAC's two pads of a key of at most 64 bytes (RFC 2104), by which SQL computes it from plain digests:
 * digest(outer ‖ digest(inner ‖ message)). As secret as the key.
 */
export function padKey(key: Uint8Array): { readonly inner: Uint8Array; readonly outer: Uint8Array } {
  if (key.length > 64) throw new RangeError('A key has at most 64 bytes.');
  const padded = new Uint8Array(64);
  padded.set(key);
  return { inner: padded.map((byte) => byte ^ 0x36), outer: padded.map((byte) => byte ^ 0x5c) };
}
