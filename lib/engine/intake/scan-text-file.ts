import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { DeliveryProblem } from './delivery-problem';
import { describeUnreadable } from './describe-unreadable';
import { findInvalidUtf8 } from './find-invalid-utf8';
import type { FoundFile } from './list-delivered-files';

/** Longest record that is read, in bytes. */
export const MAX_RECORD = 16 * 1024 * 1024;

export const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

const CHUNK = 1024 * 1024;
const NEWLINE = 10;

/** Gets the file chunk by chunk; a problem ends the scan. The chunk is only lent. */
type ChunkReader = (chunk: Buffer) => DeliveryProblem | undefined;

type TextScan =
  | { readonly kind: 'scanned'; readonly sha256: string }
  | { readonly kind: 'refused'; readonly problem: DeliveryProblem };

/** Reads a text file once, in bounded memory: hashes it, makes sure that it is UTF-8 without NUL, and lets `read` see it. */
export async function scanTextFile(found: FoundFile, read: ChunkReader): Promise<TextScan> {
  try {
    return await scanChunks(found, read);
  } catch (error) {
    const problem = describeUnreadable(found.file, error);
    if (problem) return refuse(problem);
    throw error;
  }
}

async function scanChunks(found: FoundFile, read: ChunkReader): Promise<TextScan> {
  const hash = createHash('sha256');
  /** The begun character at the end of the chunk before. */
  let begun: Buffer = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of readChunks(found.path)) {
    hash.update(chunk);
    const whole = begun.length === 0 ? chunk : Buffer.concat([begun, chunk]);
    const checked = whole.subarray(0, whole.length - countBegunBytes(whole));
    if (!isUtf8(checked))
      return refuse(await describeEncoding(found, offset - begun.length + findInvalidUtf8(checked)));
    const nul = checked.indexOf(0);
    if (nul >= 0) return refuse(await describeNul(found, offset - begun.length + nul));
    const problem = read(chunk);
    if (problem) return refuse(problem);
    begun = Buffer.from(whole.subarray(checked.length));
    offset += chunk.length;
  }
  if (begun.length > 0) return refuse(await describeEncoding(found, offset - begun.length));
  return { kind: 'scanned', sha256: hash.digest('hex') };
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) yield chunk as Buffer;
}

async function describeEncoding(found: FoundFile, offset: number): Promise<DeliveryProblem> {
  return {
    where: await describePlace(found, offset),
    problem: 'the bytes are not UTF-8',
    remedy: 'Save the file as UTF-8. If only some lines are wrong, parts of it were written in another encoding.',
  };
}

async function describeNul(found: FoundFile, offset: number): Promise<DeliveryProblem> {
  return {
    where: await describePlace(found, offset),
    problem: 'there is a NUL byte',
    remedy: 'Deliver plain text in UTF-8; a file in UTF-16, or a damaged one, looks like this.',
  };
}

/** Lines are only counted once they are asked for. */
async function describePlace({ file, path }: FoundFile, offset: number): Promise<string> {
  let line = 1;
  let left = offset;
  for await (const chunk of readChunks(path)) {
    const before = chunk.subarray(0, left);
    for (let at = before.indexOf(NEWLINE); at >= 0; at = before.indexOf(NEWLINE, at + 1)) line++;
    left -= before.length;
    if (left === 0) break;
  }
  return `${file}, line ${line}, byte ${offset}`;
}

/** Bytes at the end that begin a character without ending it. */
function countBegunBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0;
}

function refuse(problem: DeliveryProblem): TextScan {
  return { kind: 'refused', problem };
}
