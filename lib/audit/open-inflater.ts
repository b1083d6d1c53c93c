import { constants, createInflateRaw } from 'node:zlib';

/** Inflates raw deflate data of many files with one engine, piece by piece into memory that is used again. */
export interface Inflater {
  /**
   * @param start where the data begin in `stored`
   * @param out where each piece is put, and `take` is told its length
   * @returns where the data end; undefined where they are damaged or cut short
   */
  readonly inflate: (
    stored: Uint8Array,
    start: number,
    out: Uint8Array,
    take: (length: number) => void,
  ) => number | undefined;
}

/** What Node's streams of zlib are made of: not in its types, and the same in every version since its 8th. */
interface Engine {
  readonly _handle?: { readonly writeSync?: (...sizes: readonly (number | Uint8Array)[]) => void };
  /** What is left after each write: of the room for what comes out, and of what went in. */
  readonly _writeState?: Uint32Array;
}

/**
 * By Node's public functions every file costs a stream object and fresh memory for all that is in it, which the collector
 * then has to find: as much time as inflating it. Undefined on a Node that has no such engine; its streams do the same.
 */
export function openInflater(): Inflater | undefined {
  let engine = openEngine();
  if (engine === undefined) return undefined;
  return {
    inflate: (stored, start, out, take) => {
      engine ??= openEngine();
      if (engine === undefined) return undefined;
      const { write, state, stream } = engine;
      stream.reset();
      const isBroken = () => {
        // An engine ends with the data that broke it.
        if (stream.destroyed) engine = undefined;
        return stream.destroyed;
      };
      let at = start;
      for (let room = 0; room === 0; ) {
        write(constants.Z_NO_FLUSH, stored, at, stored.length - at, out, 0, out.length);
        if (isBroken()) return undefined;
        room = state[0]!;
        at = stored.length - state[1]!;
        if (room < out.length) take(out.length - room);
      }
      // Where nothing is left, only asking for the end tells whether it was there.
      if (at === stored.length) write(constants.Z_FINISH, stored, at, 0, out, 0, out.length);
      return isBroken() ? undefined : at;
    },
  };
}

function openEngine() {
  const stream = createInflateRaw();
  stream.on('error', () => {});
  const engine: unknown = stream;
  const { _handle: handle, _writeState: state } = engine as Engine;
  if (handle?.writeSync === undefined || state === undefined) return undefined;
  return { stream, state, write: handle.writeSync.bind(handle) };
}
