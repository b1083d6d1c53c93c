import { createHash, type Hash, hash as hashOnce } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { findDeflated } from '../domain/audit/integrity/gzip';
import { errorCode } from '../error-code';

export interface ContentReading {
  readonly bytes: number;
  /** Of the file as it lies there, hex. */
  readonly sha256: string;
  /** Of what is in it, uncompressed, where that was asked for and it is whole; hex. */
  readonly contentSha256?: string;
  /** Bytes behind the gzip data. */
  readonly trailing: number;
  /** What keeps it from being whole; what was read before that has been passed on. */
  readonly problem?: string;
}

/** Takes the content piece by piece. @returns false to get no more of it. */
export type ContentSink = (chunk: Buffer) => boolean;

/** Above this a file is read piece by piece; below, in one go, which is faster. */
const MAX_WHOLE = 32 * 1024 * 1024;
const MAX_INFLATED = 256 * 1024 * 1024;
const CHUNK = 1024 * 1024;

/** Reads a file, gzip or plain, in memory that does not depend on its size. */
export async function readContent(path: string, hashContent: boolean, sink: ContentSink): Promise<ContentReading> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return { bytes: 0, sha256: '', trailing: 0, problem: `it cannot be read (${errorCode(error) ?? 'unknown'})` };
  }
  try {
    // Most log files are small, and there may be very many: memory is cleared for none of them.
    const { size } = fstatSync(file);
    const head = Buffer.allocUnsafe(Math.max(18, Math.min(CHUNK, size)));
    const length = readSync(file, head, 0, head.length, 0);
    if (length === 0) return { bytes: 0, sha256: hash(head.subarray(0, 0)), trailing: 0, problem: 'it is empty' };
    if (head[0] !== 0x1f || head[1] !== 0x8b) return await readPlain(file, hashContent, sink);
    const start = findDeflated(head.subarray(0, length));
    if (start === undefined) return await readPlain(file, hashContent, () => false, 'it begins as gzip and is none');
    if (size > MAX_WHOLE) return await inflateByPieces(file, start, hashContent, sink);
    const stored = head.length < CHUNK ? head.subarray(0, length) : readFileSync(path);
    const whole = inflateWhole(stored, start, hashContent, sink);
    return whole ?? (await inflateByPieces(file, start, hashContent, sink));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { bytes: 0, sha256: '', trailing: 0, problem: `it cannot be read (${errorCode(error)})` };
  } finally {
    closeSync(file);
  }
}

/** Undefined for what is broken, or too large once inflated. */
function inflateWhole(
  stored: Buffer,
  start: number,
  hashContent: boolean,
  sink: ContentSink,
): ContentReading | undefined {
  // The last four bytes say how long the content is, where the file is whole; a lie costs nothing but time.
  const stated = stored.readUInt32LE(stored.length - 4);
  if (stated > MAX_INFLATED) return undefined;
  const chunkSize = Math.max(64 * 1024, Math.min(stated + 1, 64 * 1024 * 1024));
  // Node gives the engine, and with it what was consumed, when asked for `info`; its types do not know that.
  const options: object = { info: true, chunkSize, maxOutputLength: MAX_INFLATED };
  let content: Buffer;
  let end: number;
  try {
    const result: unknown = inflateRawSync(stored.subarray(start), options);
    const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
    content = buffer;
    end = start + engine.bytesWritten;
  } catch {
    return undefined;
  }
  if (end + 8 > stored.length || stored.readUInt32LE(end) !== crc32(content)) return undefined;
  if (stored.readUInt32LE(end + 4) !== content.length) return undefined;
  sink(content);
  const contentSha256 = hashContent ? { contentSha256: hash(content) } : {};
  return { bytes: stored.length, sha256: hash(stored), ...contentSha256, trailing: stored.length - end - 8 };
}

async function inflateByPieces(
  file: number,
  start: number,
  hashContent: boolean,
  sink: ContentSink,
): Promise<ContentReading> {
  const inflate = createInflateRaw({ chunkSize: CHUNK });
  const contentHash = createHash('sha256');
  let [checksum, length, wants] = [0, 0, true];
  let problem: string | undefined;
  let isOver = false;
  inflate.on('data', (chunk: Buffer) => {
    checksum = crc32(chunk, checksum);
    length += chunk.length;
    if (hashContent) contentHash.update(chunk);
    wants = wants && sink(chunk);
  });
  inflate.on('error', () => {
    problem = 'its compressed data are damaged or cut short';
    isOver = true;
  });
  const ended = new Promise<void>((resolve) => {
    inflate.on('end', () => {
      isOver = true;
      resolve();
    });
    inflate.on('error', () => resolve());
  });
  const { bytes, sha256 } = await readPieces(file, async (chunk, at) => {
    const piece = at >= start ? chunk : chunk.subarray(start);
    if (isOver || piece.length === 0) return;
    // The buffer is used again.
    if (!inflate.write(Buffer.from(piece))) await Promise.race([once(inflate, 'drain'), ended]).catch(() => {});
  });
  if (!isOver) inflate.end();
  await ended;
  const end = start + inflate.bytesWritten;
  const trailer = Buffer.alloc(8);
  if (problem === undefined) {
    if (end + 8 > bytes || readSync(file, trailer, 0, 8, end) < 8) problem = 'it ends before its checksum';
    else if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== length % 2 ** 32) {
      problem = 'its content does not fit its checksum';
    }
  }
  if (problem !== undefined) return { bytes, sha256, trailing: 0, problem };
  const content = hashContent ? { contentSha256: contentHash.digest('hex') } : {};
  return { bytes, sha256, ...content, trailing: bytes - end - 8 };
}

async function readPlain(
  file: number,
  hashContent: boolean,
  sink: ContentSink,
  problem?: string,
): Promise<ContentReading> {
  let wants = true;
  const { bytes, sha256 } = await readPieces(file, async (chunk) => {
    wants = wants && sink(Buffer.from(chunk));
  });
  if (problem !== undefined) return { bytes, sha256, trailing: 0, problem };
  return { bytes, sha256, ...(hashContent ? { contentSha256: sha256 } : {}), trailing: 0 };
}

async function readPieces(
  file: number,
  take: (chunk: Buffer, at: number) => Promise<void>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const whole: Hash = createHash('sha256');
  const buffer = Buffer.alloc(CHUNK);
  let at = 0;
  for (;;) {
    const length = readSync(file, buffer, 0, CHUNK, at);
    if (length === 0) return { bytes: at, sha256: whole.digest('hex') };
    const chunk = buffer.subarray(0, length);
    whole.update(chunk);
    await take(chunk, at);
    at += length;
  }
}

function hash(bytes: Uint8Array): string {
  return hashOnce('sha256', bytes, 'hex');
}
