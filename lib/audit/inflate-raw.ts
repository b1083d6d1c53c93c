import { types } from 'node:util';
import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { InflateRaw } from '../domain/audit/integrity/gzip';

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

/** @returns what is in it, in memory that is used again for the next, and how much was consumed; undefined: it is not whole, or not of that size */
type Inflater = (deflated: Uint8Array, size: number) => ReturnType<InflateRaw> | undefined;

/**
 * For one stream after the other. Memory that is new for each makes the collector mark everything again and again: it counts
 * what lies beside the heap.
 */
export function openInflater(): Inflater {
  const engine: object = createInflateRaw({ chunkSize: LEAST });
  if (!isEngine(engine)) return inflateAnew;
  const { _handle: handle, _writeState: left } = engine;
  let memory = Buffer.allocUnsafe(CHUNK);
  let isBroken = false;
  handle.onerror = () => {
    isBroken = true;
  };
  return (deflated, size) => {
    // One byte more shows that there is more in it.
    if (memory.length <= size) memory = Buffer.allocUnsafe(Math.ceil((size + 1) / GROWTH) * GROWTH);
    isBroken = false;
    handle.reset();
    handle.writeSync(constants.Z_SYNC_FLUSH, deflated, 0, deflated.length, memory, 0, size + 1);
    const [free = 0, unread = 0] = left;
    if (isBroken || free !== 1) return undefined;
    return { content: memory.subarray(0, size), consumed: deflated.length - unread };
  };
}

function inflateAnew(deflated: Uint8Array, size: number): ReturnType<InflateRaw> | undefined {
  try {
    const whole = inflateRaw(deflated, size, size);
    return whole.content.length === size ? whole : undefined;
  } catch {
    return undefined;
  }
}

/** What lies beneath Node's streams of zlib: it alone inflates into memory that is there already. Others rest on it, but no documentation. */
interface Engine {
  readonly _handle: {
    onerror: () => void;
    readonly reset: () => void;
    readonly writeSync: (
      flush: number,
      input: Uint8Array,
      from: number,
      length: number,
      output: Uint8Array,
      to: number,
      room: number,
    ) => void;
  };
  /** After a write: what is left of the room, and of the input. */
  readonly _writeState: Uint32Array;
}

function isEngine(engine: object): engine is Engine {
  if (!('_handle' in engine && '_writeState' in engine)) return false;
  const { _handle: handle, _writeState: left } = engine;
  if (typeof handle !== 'object' || handle === null || !types.isUint32Array(left)) return false;
  return 'onerror' in handle && 'reset' in handle && 'writeSync' in handle;
}

const CHUNK = 64 * 1024;
/** Bytes. */
const GROWTH = 1024 * 1024;
/** Node takes no smaller chunk. */
const LEAST = 64;
