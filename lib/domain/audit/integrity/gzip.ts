/** Inflates one raw deflate stream at the start of `deflated`; throws for a broken one. `consumed`: its bytes. */
export type InflateRaw = (deflated: Uint8Array) => { readonly content: Uint8Array; readonly consumed: number };

export type GzipReading =
  | {
      readonly kind: 'whole';
      readonly content: Uint8Array;
      /** Bytes behind the first member, which most readers take or pass over in silence. */
      readonly trailing: number;
    }
  | { readonly kind: 'broken'; readonly problem: string };

const FLAGS = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;

/** Reads a file of exactly one gzip member (RFC 1952), its checksum and length checked. */
export function readGzip(stored: Uint8Array, inflateRaw: InflateRaw): GzipReading {
  const start = findDeflated(stored);
  if (start === undefined) return { kind: 'broken', problem: 'it is no gzip file' };
  try {
    const { content, consumed } = inflateRaw(stored.subarray(start));
    const end = start + consumed;
    if (end + 8 > stored.length) return { kind: 'broken', problem: 'it ends before its checksum' };
    const trailer = new DataView(stored.buffer, stored.byteOffset + end, 8);
    const whole =
      trailer.getUint32(0, true) === hashCrc32(content) && trailer.getUint32(4, true) === content.length >>> 0;
    if (!whole) return { kind: 'broken', problem: 'its content does not fit its checksum' };
    return { kind: 'whole', content, trailing: stored.length - end - 8 };
  } catch {
    return { kind: 'broken', problem: 'its compressed data are damaged or cut short' };
  }
}

/** Where the compressed data begin, behind the header and its optional parts. */
export function findDeflated(stored: Uint8Array): number | undefined {
  const flags = stored[3] ?? 0;
  if (stored.length < 18 || stored[0] !== 0x1f || stored[1] !== 0x8b || stored[2] !== 8 || flags > 31) return undefined;
  let at = 10;
  if (flags & FLAGS.extra) at += 2 + ((stored[at] ?? 0) | ((stored[at + 1] ?? 0) << 8));
  for (const flag of [FLAGS.name, FLAGS.comment]) {
    if (!(flags & flag)) continue;
    const end = stored.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if (flags & FLAGS.headerCrc) at += 2;
  return at < stored.length ? at : undefined;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

function hashCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}
