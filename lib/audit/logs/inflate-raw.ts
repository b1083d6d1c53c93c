import { inflateRawSync } from 'node:zlib';
import type { InflateRaw } from '../../domain/audit/integrity/gzip';

/**
 * @param size of what is in it, where that is known: it is then put into memory of that size, and not gathered from pieces
 * @param atMost throws where more is in it, bytes
 */
export function inflateRaw(deflated: Uint8Array, atMost: number, size = CHUNK): ReturnType<InflateRaw> {
  // Asked for `info`, Node answers with the engine too, and with it how much was consumed; its types do not know that.
  const options: object = { info: true, maxOutputLength: Math.max(1, atMost), chunkSize: Math.max(LEAST, size + 1) };
  const answer: unknown = inflateRawSync(deflated, options);
  const { buffer, engine } = answer as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
  return { content: buffer, consumed: engine.bytesWritten };
}

const CHUNK = 64 * 1024;
/** Node takes no smaller chunk. */
const LEAST = 64;
