import { joinBytes } from '../../bytes';

/** The most an entry may have: its length stands in 16 bits. */
export const MAX_ENTRY_BYTES = 0xffff;

/**
 * Entries one after the other, each behind its length as a big-endian uint16 (C2SP tlog-tiles).
 * @throws RangeError for an entry too long for that.
 */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  return joinBytes(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) {
        throw new RangeError(`A ledger entry has ${entry.length} bytes; the most is ${MAX_ENTRY_BYTES}.`);
      }
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle; undefined where its bytes end within one. */
export function parseBundle(bundle: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const length = (bundle[at]! << 8) | (bundle[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > bundle.length) return undefined;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
