import { createHash } from 'node:crypto';
import type { Access } from '../../domain/audit/access';
import type { ReachCounter } from '../../domain/audit/records/count-reached';
import { findConcern, findLineConcern, NO_HOUR, type RoomNames } from '../../domain/audit/records/find-concern';
import { type Glance, isDoubtful, isInternal, openGlance } from '../../domain/audit/records/glance-at-record';
import { readLogElement, readLogLine } from '../../domain/audit/records/read-log-element';
import type { EventSummary } from '../../domain/audit/records/read-summary';
import { nameKind } from '../../domain/audit/records/record-fields';
import type { RawRecord } from '../../domain/audit/records/record-marks';
import type { RecordReading } from '../../domain/audit/records/record-reading';
import { parseJson } from '../../domain/parse-json';
import { parseRecord } from './parse-record';

/** What becomes of the records of one file; `record` is the position in it, from 0, `sha256` the hash of the file. */
export interface RecordSink {
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

/** Looks at the records of one file after the other, and tells what is to be told of them. */
interface RecordTeller {
  readonly begin: (sink: RecordSink) => void;
  /** Of the file, before anything in it is taken. */
  readonly takeHash: (sha256: string) => void;
  readonly onRecord: (raw: RawRecord) => void;
  readonly onMalformed: (problem: string, isUnseen: boolean) => void;
  readonly takeLine: (line: string) => void;
  /** @returns how many there were */
  readonly finish: () => number;
}

/** Most records are only counted, by what a glance at their bytes shows; whatever is in doubt is read. */
export function openRecordTeller(room: RoomNames, reached?: ReachCounter): RecordTeller {
  const glance = openGlance(decodeLatin1);
  const mayConcern = openConcern(room);
  const tallies = openTallies();
  let [records, sha256] = [0, ''];
  let sink: RecordSink = NOBODY;
  /** @param concern of what is no access: the hour in which it concerns the room */
  const take = (reading: RecordReading, concern: () => string | undefined) => {
    const record = records;
    records += 1;
    if (reading.kind !== 'access') tellConcern(sink, concern(), reading, record);
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
  const takeElement = (element: unknown) => take(readLogElement(element), () => findConcern(element, room));
  return {
    begin: (given) => {
      [sink, records, sha256] = [given, 0, ''];
    },
    takeHash: (hash) => {
      sha256 = hash;
    },
    onRecord: (raw) => {
      const seen = glance(raw);
      if (seen.kind === 'read') return takeElement(parseRecord(raw));
      if (seen.kind === 'internal') reached?.addRecord(raw, seen);
      else if (mayConcern(raw)) tellConcern(sink, findConcern(parseRecord(raw), room), seen, records);
      tallies.add(seen, records, sink);
      records += 1;
    },
    onMalformed: (problem, isUnseen) => take({ kind: 'malformed', problem }, () => (isUnseen ? NO_HOUR : undefined)),
    takeLine: (line) =>
      take(readLogLine(line, nameLine), () =>
        line.startsWith('{') ? findConcern(parseJson(line), room) : findLineConcern(line, room),
      ),
    finish: () => {
      tallies.tell(sink);
      return records;
    },
  };
}

const NOBODY: RecordSink = { access: () => {}, count: () => {}, summarise: () => {} };

/** Whether what is in doubt has to be parsed: nothing of the room is named where none of its names stands. */
function openConcern({ accounts, buckets }: RoomNames): (raw: RawRecord) => boolean {
  const names = [...accounts, ...buckets].map((name) => Buffer.from(name));
  return (raw) =>
    isDoubtful(raw) && (raw.isUnclear || names.some((name) => viewBytes(raw.bytes, raw.from, raw.to).includes(name)));
}

function tellConcern(
  sink: RecordSink,
  hour: string | undefined,
  what: { readonly what: string } | { readonly problem: string },
  record: number,
): void {
  if (hour !== undefined) sink.count('unread', `${hour} ${'what' in what ? what.what : what.problem}`, record);
}

/** Kinds that are counted side by side in one file. */
const MAX_TALLIES = 1000;

/** A kind is the same object for every record of it: they are counted file by file, for the sink has more to do. */
function openTallies() {
  const tallies = new Map<Exclude<Glance, { readonly kind: 'read' }>, { readonly first: number; records: number }>();
  const tell = (sink: RecordSink) => {
    for (const [seen, tally] of tallies) sink.count(seen.kind, seen.what, tally.first, tally.records);
    tallies.clear();
  };
  return {
    add: (seen: Exclude<Glance, { readonly kind: 'read' }>, first: number, sink: RecordSink): void => {
      const tally = tallies.get(seen);
      if (tally !== undefined) {
        tally.records += 1;
        return;
      }
      if (tallies.size >= MAX_TALLIES) tell(sink);
      tallies.set(seen, { first, records: 1 });
    },
    tell,
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
