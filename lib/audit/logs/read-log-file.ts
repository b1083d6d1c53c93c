import type { ReachCounter } from '../../domain/audit/records/count-reached';
import type { RoomNames } from '../../domain/audit/records/find-concern';
import { splitRecords } from '../../domain/audit/records/split-records';
import type { FoundLog } from './list-log-files';
import { mannerOf } from './manner-of';
import { openRecordWalker } from './open-record-walker';
import { type ContentReading, openContentReader } from './read-content';
import { splitLines } from './split-lines';
import { openLogSplitter, type SplitLog } from './split-log';
import { openRecordTeller, type RecordSink } from './tell-records';

export interface LogFileReading extends ContentReading {
  readonly kind: SplitLog['kind'];
  readonly records: number;
}

interface LogReader {
  readonly read: (log: Pick<FoundLog, 'file' | 'path'>, sink: RecordSink) => Promise<LogFileReading>;
}

/** Reads log files of every kind, one after the other: CloudTrail's, CloudWatch's, S3's access logs, JSON lines. */
export function openLogReader(room: RoomNames, hashContent: boolean, reached?: ReachCounter): LogReader {
  const contents = openContentReader();
  // Opened once for all files: functions that are made anew for every file are compiled to slower code.
  const teller = openRecordTeller(room, reached);
  const records = splitRecords(teller, room.accounts, openRecordWalker());
  const splitter = openLogSplitter(records, splitLines(teller.takeLine, teller.onMalformed));
  return {
    read: async ({ file, path }, sink) => {
      teller.begin(sink);
      const { problem, ...content } = await contents.read(
        path,
        mannerOf(file, hashContent),
        teller.takeHash,
        splitter.push,
      );
      const { kind, problem: cut } = splitter.finish(content.bytes > 0);
      const told = { ...content, kind, records: teller.finish() };
      const found = problem ?? cut;
      return found === undefined ? told : { ...told, problem: found };
    },
  };
}
