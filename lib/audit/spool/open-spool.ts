import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of a spool: each fits into memory by itself, where the whole may not. */
export const PARTS = 64;

/** Values that a spool keeps in memory; what comes after these goes to disk. An access takes one or two kilobytes. */
export const MAX_HELD = 16_384;
/** Values that are written at once. */
const BATCH = 4096;

/** Values in parts by a name: what has the same name is in the same part. The first stay in memory, what is more goes to disk. */
export interface Spool<T> {
  readonly put: (name: string, value: T) => void;
  /** What is in memory; the rest is on disk. */
  readonly finish: () => Held<T>;
}

/** By part; values, or each as its line. May pass from one thread to another. */
export type Held<T> = readonly (T | string)[][];

interface SpoolSetting {
  /** Tells apart those that write to the same spool. */
  readonly writer?: number;
  readonly maxHeld?: number;
  /**
   * Whether what stays in memory is put down as text: whoever holds much while it uses up other memory would have the
   * collector go through every value again and again, and text passes to another thread as it is.
   */
  readonly asText?: boolean;
}

export function openSpool<T extends object>(
  folder: string,
  spool: string,
  { writer = 0, maxHeld = MAX_HELD, asText = false }: SpoolSetting = {},
): Spool<T> {
  const parts = emptyParts<T | string>();
  let held = 0;
  /** What is to go to disk. */
  let later = emptyParts<T>();
  let waiting = 0;
  const write = () => {
    for (const [part, values] of later.entries()) {
      if (values.length === 0) continue;
      appendFileSync(
        partPath(folder, spool, part, writer),
        values.map((value) => `${JSON.stringify(value)}\n`).join(''),
      );
    }
    later = emptyParts();
    waiting = 0;
  };
  return {
    put: (name, value) => {
      const part = hashName(name) % PARTS;
      if (held < maxHeld) {
        parts[part]!.push(asText ? JSON.stringify(value) : value);
        held += 1;
        return;
      }
      later[part]!.push(value);
      waiting += 1;
      if (waiting >= BATCH) write();
    },
    finish: () => {
      write();
      return parts;
    },
  };
}

/** The values of one part, by all its writers, in the order in which each put them; it is gone afterwards, from disk and from memory. */
export function* drainPart<T extends object>(
  folder: string,
  spool: string,
  part: number,
  held: readonly Held<T>[],
): Generator<T, void, undefined> {
  for (const [writer, parts] of held.entries()) {
    const first = parts[part] ?? [];
    for (const each of first) yield typeof each === 'string' ? JSON.parse(each) : each;
    first.length = 0;
    const path = partPath(folder, spool, part, writer);
    if (!existsSync(path)) continue;
    for (const line of splitBytes(readFileSync(path))) yield JSON.parse(line);
    rmSync(path);
  }
}

function emptyParts<T>(): T[][] {
  return Array.from({ length: PARTS }, () => []);
}

/** Lines of bytes that may be more than a text can hold. */
function* splitBytes(bytes: Buffer): Generator<string> {
  let from = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
    yield bytes.toString('utf8', from, end);
    from = end + 1;
  }
}

function partPath(folder: string, spool: string, part: number, writer: number): string {
  return join(folder, `${spool}-${part}-${writer}`);
}

// FNV-1a, 32 bits.
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
