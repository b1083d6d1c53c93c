import type { RecordWalker } from '../../domain/audit/records/record-walker';
import { WALKER_CODE } from './walk-record-code';

/** Of a log, what is copied to where the walker sees it; a record that is longer is for the splitter. */
const WINDOW = 256 * 1024;
/** Where it lies there: nothing is read before it or, of its last 64 bytes, behind the memory. */
const INPUT = 64;
const FOUND = INPUT + WINDOW + 64;
const KEYS = FOUND + 4;
/** Keys of one record. */
const ROOM = 8192;

/** What this needs of the language's own `WebAssembly`, of which the types are not told. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
  ) => {
    readonly exports: {
      readonly memory: { readonly buffer: ArrayBuffer };
      readonly walk: (at: number, end: number, out: number, room: number) => number;
    };
  };
};

/** Walks records 16 bytes at a time: what `walk-record.wat` says. */
export function openRecordWalker(): RecordWalker {
  compiled ??= new WebAssembly.Module(Buffer.from(WALKER_CODE, 'base64'));
  const { memory, walk } = new WebAssembly.Instance(compiled).exports;
  const input = new Uint8Array(memory.buffer, INPUT, WINDOW);
  const found = new Int32Array(memory.buffer, FOUND, 1);
  let bytes: Uint8Array = new Uint8Array();
  /** What of the bytes the walker sees. */
  let [from, to] = [0, 0];
  const load = (at: number) => {
    from = at;
    to = Math.min(bytes.length, at + WINDOW);
    input.set(bytes.subarray(from, to));
  };
  const walkFrom = (at: number) => walk(INPUT + at - from, INPUT + to - from, KEYS, ROOM);
  return {
    open: (opened) => {
      bytes = opened;
      [from, to] = [0, 0];
    },
    walk: (at) => {
      if (at < from || at >= to) load(at);
      let end = walkFrom(at);
      if (end === 0 && from < at && to < bytes.length) {
        load(at);
        end = walkFrom(at);
      }
      // -1 is no matter of the window: more of the record would not change it.
      return end <= 0 ? 0 : end - INPUT + from;
    },
    keys: new Int32Array(memory.buffer, KEYS, 2 * ROOM),
    found: () => found[0]!,
    origin: () => from - INPUT,
  };
}

let compiled: object | undefined;
