import { createHash } from 'node:crypto';
import type { Access } from '../domain/audit/access';
import type { ReachCounter } from '../domain/audit/records/count-reached';
import { findConcern, findLineConcern, NO_HOUR, type RoomNames } from '../domain/audit/records/find-concern';
import { type Glance, isDoubtful, isInternal, openGlance } from '../domain/audit/records/glance-at-record';
import { readLogElement, readLogLine } from '../domain/audit/records/read-log-element';
import type { EventSummary } from '../domain/audit/records/read-summary';
import { nameKind } from '../domain/audit/records/record-fields';
import type { RawRecord } from '../domain/audit/records/record-marks';
import type { RecordReading } from '../domain/audit/records/record-reading';
import { splitRecords } from '../domain/audit/records/split-records';
import { parseJson } from '../domain/parse-json';
import { openRecordWalker } from './open-record-walker';
import { parseRecord } from './parse-record';
import { type ContentReading, openContentReader } from './read-content';

/** What becomes of the records of one file; `record` is the position in it, from 0, `sha256` the hash of the file. */
interface RecordSink {
  readonly access: (access: Access, clipped: readonly string[], record: number, sha256: string) => void;
  /** @param records how many, the first of them at `record` */
  readonly count: (
    kind: 'internal' | 'unknown' | 'malformed' | 'unread',
    what: string,
    record: number,
    records?: number,
  ) => void;
  readonly summarise: (summary: EventSummary, record: number, sha256: string) => void;
}

export interface LogFileReading extends ContentReading {
  /** `digest`: not a log, but CloudTrail's word for some. `foreign`: nothing of a log is in it. */
  readonly kind: 'log' | 'digest' | 'foreign';
  readonly records: number;
}

interface LogReader {
  readonly read: (path: string, sink: RecordSink) => Promise<LogFileReading>;
}

/** Longest line that is looked at. */
const MAX_LINE = 2 * 1024 * 1024;
/** What is looked at to tell what a file is. */
const HEAD = 512;

/** Reads log files of every kind: CloudTrail's, CloudWatch's, S3's access logs, JSON lines. */
export function openLogReader(room: RoomNames, hashContent: boolean, reached?: ReachCounter): LogReader {
  const glance = openGlance(decodeLatin1);
  const walker = openRecordWalker();
  const contents = openContentReader();
  const names = [...room.accounts, ...room.buckets].map((name) => Buffer.from(name));
  /** Whether what is in doubt has to be parsed: nothing of the room is named where none of these stands. */
  const mayConcern = (raw: RawRecord) =>
    isDoubtful(raw) && (raw.hasEscapes || names.some((name) => viewBytes(raw.bytes, raw.from, raw.to).includes(name)));
  return {
    read: async (path, sink) => {
      let [records, sha256] = [0, ''];
      /** @param concern of what is no access: the hour in which it concerns the room */
      const take = (reading: RecordReading, concern: () => string | undefined) => {
        const record = records;
        records += 1;
        if (reading.kind !== 'access') tellConcern(concern(), reading, record);
        if (reading.kind === 'malformed') return sink.count('malformed', reading.problem, record);
        if (reading.kind === 'unknown') {
          for (const summary of reading.summaries ?? []) sink.summarise(summary, record, sha256);
          return sink.count('unknown', reading.what, record);
        }
        const { access, clipped } = reading;
        if (!isInternal(access, room.accounts)) return sink.access(access, clipped, record, sha256);
        reached?.addAccess(access);
        sink.count('internal', nameKind(access.service, access.operation), record);
      };
      const tellConcern = (hour: string | undefined, what: Untold, record: number) => {
        if (hour !== undefined) sink.count('unread', `${hour} ${'what' in what ? what.what : what.problem}`, record);
      };
      const takeElement = (element: unknown) => take(readLogElement(element), () => findConcern(element, room));
      const takeLine = (line: string) =>
        take(readLogLine(line, nameLine), () =>
          line.startsWith('{') ? findConcern(parseJson(line), room) : findLineConcern(line, room),
        );
      const onRecord = (raw: RawRecord) => {
        const seen = glance(raw);
        if (seen.kind === 'read') return takeElement(parseRecord(raw));
        if (seen.kind === 'internal') reached?.addRecord(raw, seen);
        else if (mayConcern(raw)) tellConcern(findConcern(parseRecord(raw), room), seen, records);
        // A kind is the same object for every record of it: they are counted file by file, for the sink has more to do.
        const tally = tallies.get(seen);
        if (tally !== undefined) tally.records += 1;
        else {
          if (tallies.size >= MAX_TALLIES) tell();
          tallies.set(seen, { first: records, records: 1 });
        }
        records += 1;
      };
      const tallies = new Map<CountedGlance, { readonly first: number; records: number }>();
      const tell = () => {
        for (const [seen, tally] of tallies) sink.count(seen.kind, seen.what, tally.first, tally.records);
        tallies.clear();
      };
      const onMalformed = (problem: string, isUnseen: boolean) =>
        take({ kind: 'malformed', problem }, () => (isUnseen ? NO_HOUR : undefined));

      let head: Buffer | undefined = Buffer.alloc(0);
      let kind: LogFileReading['kind'] = 'log';
      let parts: Parts | undefined;
      const start = (beginning: Buffer): boolean => {
        head = undefined;
        const shape = recogniseLog(beginning);
        if (shape === 'digest' || shape === 'foreign') {
          kind = shape;
          return false;
        }
        parts =
          shape === 'records'
            ? splitRecords({ onRecord, onMalformed }, room.accounts, walker)
            : splitLines(takeLine, onMalformed);
        return hasByteOrderMark(beginning) ? parts.push(beginning.subarray(3)) : parts.push(beginning);
      };
      const begin = (hash: string) => {
        sha256 = hash;
      };
      const content = await contents.read(path, hashContent, begin, (chunk) => {
        if (head === undefined) return parts?.push(chunk) ?? false;
        if (head.length === 0 && chunk.length >= HEAD) return start(chunk) || hashContent;
        head = Buffer.concat([head, chunk]);
        return head.length < HEAD || start(head) || hashContent;
      });
      if (head !== undefined && content.bytes > 0) start(head);
      const cut = parts?.finish();
      tell();
      const problem = content.problem ?? cut;
      const { problem: _, ...rest } = content;
      return { ...rest, kind, records, ...(problem === undefined ? {} : { problem }) };
    },
  };
}

/** What a record is counted as that was not read. */
type Untold = { readonly what: string } | { readonly problem: string };

type CountedGlance = Exclude<Glance, { readonly kind: 'read' }>;

/** Kinds that are counted side by side in one file. */
const MAX_TALLIES = 1000;

interface Parts {
  readonly push: (chunk: Uint8Array) => boolean;
  readonly finish: () => string | undefined;
}

/** What a subscription of CloudWatch's delivers, one such object after the other: the list of events comes last in it. */
const DELIVERED = /^\{\s*"(messageType|owner|logGroup|logStream|subscriptionFilters)"\s*:/;

function recogniseLog(beginning: Buffer): 'records' | 'lines' | LogFileReading['kind'] {
  const text = beginning.subarray(0, HEAD).toString('latin1').replace(/^ï»¿/, '').trimStart();
  if (/^\[|^\{\s*"(Records|events|logEvents)"\s*:/.test(text) || DELIVERED.test(text)) return 'records';
  if (/^\{\s*"awsAccountId"\s*:/.test(text)) return 'digest';
  return /^\{|^\d{4}-\d{2}-\d{2}T|^[0-9a-f]{64} \S+ \[/.test(text) ? 'lines' : 'foreign';
}

/** Editors write one before UTF-8; nothing in a log needs it. */
function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function splitLines(take: (line: string) => void, onMalformed: (problem: string, isUnseen: boolean) => void): Parts {
  let rest: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  const takeLine = (line: Buffer) => {
    if (isTooLong || line.length > MAX_LINE) {
      isTooLong = false;
      return onMalformed(`a line is longer than ${MAX_LINE} bytes`, true);
    }
    const text = line.toString('utf8').trim();
    if (text !== '') take(text);
  };
  return {
    push: (chunk) => {
      const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      let from = 0;
      for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
        takeLine(rest.length === 0 ? piece.subarray(from, end) : Buffer.concat([rest, piece.subarray(from, end)]));
        rest = Buffer.alloc(0);
        from = end + 1;
      }
      rest = Buffer.concat([rest, piece.subarray(from)]);
      if (rest.length > MAX_LINE) {
        isTooLong = true;
        rest = Buffer.alloc(0);
      }
      return true;
    },
    finish: () => {
      takeLine(rest);
      return undefined;
    },
  };
}

function nameLine(line: string): string {
  return `line-${createHash('sha256').update(line).digest('hex').slice(0, 40)}`;
}

function decodeLatin1(bytes: Uint8Array, from: number, to: number): string {
  return viewBytes(bytes, from, to).toString('latin1');
}

function viewBytes(bytes: Uint8Array, from: number, to: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
}
