import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of a spool: each fits into memory by itself, where the whole may not. */
export const PARTS = 64;

/** Lines on disk, in parts by a name: what has the same name is in the same part. */
export interface Spool {
  readonly put: (name: string, line: string) => void;
  /** Writes what is still in memory. */
  readonly flush: () => void;
}

const FLUSH_AT = 128 * 1024;

/** @param writer tells apart those that write to the same spool */
export function openSpool(folder: string, spool: string, writer = 0): Spool {
  const held = Array.from({ length: PARTS }, () => ({ lines: [] as string[], length: 0 }));
  const write = (part: number) => {
    const { lines } = held[part]!;
    if (lines.length > 0) appendFileSync(partPath(folder, spool, part, writer), `${lines.join('\n')}\n`);
    held[part] = { lines: [], length: 0 };
  };
  return {
    put: (name, line) => {
      const part = hashName(name) % PARTS;
      const buffer = held[part]!;
      buffer.lines.push(line);
      buffer.length += line.length;
      if (buffer.length > FLUSH_AT) write(part);
    },
    flush: () => {
      for (let part = 0; part < PARTS; part += 1) write(part);
    },
  };
}

/** The lines of one part, by all its writers; the part is gone afterwards. */
export function* drainPart(folder: string, spool: string, part: number, writers = 1): Generator<string> {
  for (let writer = 0; writer < writers; writer += 1) {
    const path = partPath(folder, spool, part, writer);
    if (!existsSync(path)) continue;
    yield* splitBytes(readFileSync(path));
    rmSync(path);
  }
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
