import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 64 * 1024;
/** Lines that are written at once. */
const BATCH = 1000;

/** Adds values to a file, a line each. */
export function appendJsonLines(path: string, values: readonly object[]): void {
  for (let at = 0; at < values.length; at += BATCH) {
    const lines = values.slice(at, at + BATCH).map((each) => `${JSON.stringify(each)}\n`);
    appendFileSync(path, lines.join(''));
  }
}

/** What `appendJsonLines` wrote, one by one. */
export function* readJsonLines<T>(path: string): Generator<T, void, undefined> {
  const lines = openJsonLines<T>(path);
  try {
    yield* lines.read();
  } finally {
    lines.close();
  }
}

/** Reads a file that may still grow. */
interface JsonLines<T> {
  /** The lines that are there and were not read yet, but for one that is not whole. */
  readonly read: () => Generator<T, void, undefined>;
  readonly close: () => void;
}

export function openJsonLines<T>(path: string): JsonLines<T> {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(CHUNK);
  let rest: Buffer = Buffer.alloc(0);
  return {
    *read() {
      for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
        const bytes: Buffer = Buffer.concat([rest, buffer.subarray(0, length)]);
        let from = 0;
        for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
          const value: T = JSON.parse(bytes.toString('utf8', from, end));
          yield value;
          from = end + 1;
        }
        rest = bytes.subarray(from);
      }
    },
    close: () => closeSync(file),
  };
}
