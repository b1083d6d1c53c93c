import { createHash, type Hash, hash as hashOnce } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32, createInflateRaw } from 'node:zlib';
import { findDeflated } from '../../domain/audit/integrity/gzip';
import { errorCode } from '../../error-code';
import { giveBack } from './give-back';
import { inflateRaw } from './inflate-raw';

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

/** Takes the content piece by piece, each in memory that stays as it is for as long as it is looked at; false to get no more of it. */
type ContentSink = (chunk: Buffer) => boolean;

/** How a file is read. */
export interface ContentManner {
  readonly hashContent: boolean;
  /**
   * Whether gzip members that follow the first are read, too: so Firehose puts together what CloudWatch gives it. CloudTrail
   * writes one, and whatever lies behind that was not written by it.
   */
  readonly allMembers: boolean;
}

interface ContentReader {
  /**
   * Reads a file, gzip or plain, in memory that does not depend on what is in it.
   * @param begin is told, before anything of the content is passed on, the hash of the file as it lies there
   */
  readonly read: (path: string, manner: ContentManner, begin: Begin, sink: ContentSink) => Promise<ContentReading>;
}

/** Above this a file is read piece by piece; below, in one go, which is faster. */
const MAX_WHOLE = 32 * 1024 * 1024;
/** The same of what is in it, as it says itself: what says less than is in it is read piece by piece, too. */
const MAX_CONTENT = 16 * 1024 * 1024;
const CHUNK = 1024 * 1024;

/** For one file at a time. */
export function openContentReader(): ContentReader {
  let memory = Buffer.allocUnsafe(HEAD);
  /** Its first bytes, up to so many. */
  const readFirst = (file: number, size: number): Buffer => {
    if (memory.length < size) memory = Buffer.allocUnsafe(size);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read)
      read = readSync(file, memory, length, size - length, length);
    return memory.subarray(0, length);
  };
  /** A file that is in memory. */
  const readStored = async (file: number, stored: Buffer, begin: Begin, manner: ContentManner, sink: ContentSink) => {
    const { hashContent, allMembers } = manner;
    const sha256 = hash(stored);
    const read = { bytes: stored.length, sha256, trailing: 0 };
    if (stored.length === 0) return { ...read, problem: 'it is empty' };
    begin(sha256);
    if (!isGzip(stored)) {
      for (let at = 0, wants = true; wants && at < stored.length; at += CHUNK)
        wants = sink(stored.subarray(at, at + CHUNK));
      return { ...read, ...(hashContent ? { contentSha256: sha256 } : {}) };
    }
    const start = findDeflated(stored.subarray(0, HEAD));
    if (start === undefined) return { ...read, problem: NO_GZIP };
    const whole = inflateWhole(stored, start);
    if (whole === undefined || (allMembers && whole.trailing > 0)) return inflateByPieces(file, start, manner, sink);
    sink(whole.content);
    const content = hashContent ? { contentSha256: hash(whole.content) } : {};
    giveBack(whole.content);
    return { ...read, ...content, trailing: whole.trailing };
  };
  return {
    read: async (path, manner, begin, sink) => {
      let file: number;
      try {
        file = openSync(path, 'r');
      } catch (error) {
        return { bytes: 0, sha256: '', trailing: 0, problem: `it cannot be read (${errorCode(error) ?? 'unknown'})` };
      }
      try {
        const { size } = fstatSync(file);
        if (size <= MAX_WHOLE) return await readStored(file, readFirst(file, size), begin, manner, sink);
        const { sha256 } = await readPieces(file, async () => true);
        begin(sha256);
        const reading = await readLarge(file, readFirst(file, HEAD), manner, sink);
        return reading.sha256 === sha256 ? reading : { ...reading, problem: CHANGED };
      } catch (error) {
        if (errorCode(error) === undefined) throw error;
        return { bytes: 0, sha256: '', trailing: 0, problem: `it cannot be read (${errorCode(error)})` };
      } finally {
        closeSync(file);
      }
    },
  };
}

/** Longer than the header of any gzip file that a log is in; what is read first of a file that is read by pieces. */
const HEAD = 64 * 1024;

const NO_GZIP = 'it begins as gzip and is none';

/** Is told the hash of the file as it lies there. */
type Begin = (sha256: string) => void;

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Piece by piece. */
function readLarge(file: number, head: Buffer, manner: ContentManner, sink: ContentSink): Promise<ContentReading> {
  if (!isGzip(head)) return readPlain(file, manner.hashContent, sink);
  const start = findDeflated(head);
  if (start === undefined) return readPlain(file, manner.hashContent, () => false, NO_GZIP);
  return inflateByPieces(file, start, manner, sink);
}

/** Undefined for what is not whole, and for what says of itself that it is long: what there is of it is to be read by pieces. */
function inflateWhole(
  stored: Buffer,
  start: number,
): { readonly content: Buffer; readonly trailing: number } | undefined {
  const size = stored.readUInt32LE(stored.length - 4);
  if (size > MAX_CONTENT) return undefined;
  try {
    const { content: bytes, consumed } = inflateRaw(stored.subarray(start), size, size);
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = start + consumed;
    const problem = judgeTrailer(stored.subarray(end, end + 8), crc32(content), content.length);
    return problem === undefined ? { content, trailing: stored.length - end - 8 } : undefined;
  } catch {
    return undefined;
  }
}

const DAMAGED = 'its compressed data are damaged or cut short';

/** @param trailer of a gzip file: the checksum and the length of what is in it */
function judgeTrailer(trailer: Buffer, checksum: number, length: number): string | undefined {
  if (trailer.length < 8) return 'it ends before its checksum';
  const isSame = trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === length % 2 ** 32;
  return isSame ? undefined : 'its content does not fit its checksum';
}

async function inflateByPieces(
  file: number,
  start: number,
  { hashContent, allMembers }: ContentManner,
  sink: ContentSink,
): Promise<ContentReading> {
  const contentHash = createHash('sha256');
  let wants = true;
  const take = (chunk: Buffer): void => {
    if (hashContent) contentHash.update(chunk);
    wants = wants && sink(chunk);
  };
  const first = await inflateMember(file, { from: 0, start }, take);
  const { bytes, sha256 } = first;
  let last = first;
  while (allMembers && last.problem === undefined) {
    const next = findMember(file, last.end);
    if (next === undefined) break;
    last = await inflateMember(file, { from: next, start: next }, take);
  }
  if (last.problem !== undefined) return { bytes, sha256, trailing: 0, problem: last.problem };
  // What was read once more was not held against the hash.
  if (last !== first && (await readPieces(file, async () => true)).sha256 !== sha256)
    return { bytes, sha256, trailing: 0, problem: CHANGED };
  const content = hashContent ? { contentSha256: contentHash.digest('hex') } : {};
  return { bytes, sha256, ...content, trailing: bytes - last.end };
}

const CHANGED = 'it changed while it was read';

/** Where the compressed data of another member begin; undefined where none follows. */
function findMember(file: number, at: number): number | undefined {
  const head = Buffer.alloc(HEAD);
  const start = findDeflated(head.subarray(0, readSync(file, head, 0, HEAD, at)));
  return start === undefined ? undefined : at + start;
}

interface InflatedMember {
  /** Of all that was read: from the beginning of the file on to its end. */
  readonly bytes: number;
  readonly sha256: string;
  /** Where it ends, its checksum included. */
  readonly end: number;
  readonly problem?: string;
}

/**
 * Inflates one member of a gzip file.
 * @param place `start`: where its compressed data begin; `from`: read from there, where from the beginning on to the end of the file
 */
async function inflateMember(
  file: number,
  { from, start }: { readonly from: number; readonly start: number },
  take: (chunk: Buffer) => void,
): Promise<InflatedMember> {
  const inflate = createInflateRaw({ chunkSize: from === 0 ? CHUNK : HEAD });
  let [checksum, length] = [0, 0];
  let problem: string | undefined;
  let isOver = false;
  inflate.on('data', (chunk: Buffer) => {
    checksum = crc32(chunk, checksum);
    length += chunk.length;
    take(chunk);
  });
  inflate.on('error', () => {
    problem = DAMAGED;
    isOver = true;
  });
  const ended = new Promise<void>((resolve) => {
    inflate.on('end', () => {
      isOver = true;
      resolve();
    });
    inflate.on('error', () => resolve());
  });
  const { bytes, sha256 } = await readPieces(
    file,
    async (chunk, at) => {
      const piece = at >= start ? chunk : chunk.subarray(start);
      if (isOver || piece.length === 0) return from === 0;
      // The buffer is used again.
      if (!inflate.write(Buffer.from(piece))) await Promise.race([once(inflate, 'drain'), ended]).catch(() => {});
      return true;
    },
    from,
  );
  if (!isOver) inflate.end();
  await ended;
  const end = start + inflate.bytesWritten;
  const trailer = Buffer.alloc(8);
  problem ??= judgeTrailer(trailer.subarray(0, readSync(file, trailer, 0, 8, end)), checksum, length);
  return { bytes, sha256, end: end + 8, ...(problem === undefined ? {} : { problem }) };
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
    return true;
  });
  if (problem !== undefined) return { bytes, sha256, trailing: 0, problem };
  return { bytes, sha256, ...(hashContent ? { contentSha256: sha256 } : {}), trailing: 0 };
}

/** @param take answers false to get no more */
async function readPieces(
  file: number,
  take: (chunk: Buffer, at: number) => Promise<boolean>,
  from = 0,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const whole: Hash = createHash('sha256');
  const buffer = Buffer.alloc(CHUNK);
  let [at, isWanted] = [from, true];
  while (isWanted) {
    const length = readSync(file, buffer, 0, CHUNK, at);
    if (length === 0) break;
    const chunk = buffer.subarray(0, length);
    whole.update(chunk);
    isWanted = await take(chunk, at);
    at += length;
  }
  return { bytes: at - from, sha256: whole.digest('hex') };
}

function hash(bytes: Uint8Array): string {
  return hashOnce('sha256', bytes, 'hex');
}
