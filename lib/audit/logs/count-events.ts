import { type ComparedSummary, countSummarised } from '../../domain/audit/attribution/count-summarised';
import type { EventSummary } from '../../domain/audit/records/read-summary';
import type { RawRecord } from '../../domain/audit/records/record-marks';
import { splitRecords } from '../../domain/audit/records/split-records';
import type { FoundLog } from './list-log-files';
import { mannerOf } from './manner-of';
import { openRecordWalker } from './open-record-walker';
import { parseRecord } from './parse-record';
import { openContentReader } from './read-content';

/** Reads log files once more, only to count in them what summaries counted; files that are no logs count nothing. */
export async function countEvents(
  files: Iterable<FoundLog> | AsyncIterable<FoundLog>,
  summaries: readonly EventSummary[],
): Promise<readonly ComparedSummary[]> {
  const counter = countSummarised(summaries);
  const contents = openContentReader();
  const onRecord = (raw: RawRecord) => {
    const { bytes, source, name } = raw;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const isWanted = counter.isWanted(
      view.toString('latin1', source.from, source.to),
      view.toString('latin1', name.from, name.to),
    );
    // What a text with an escape spells is known once it is parsed.
    if (isWanted || raw.isUnclear) counter.add(parseRecord(raw));
  };
  const splitter = splitRecords({ onRecord, onMalformed: () => {} }, new Set(), openRecordWalker());
  for await (const { file, path } of files) {
    await contents.read(path, mannerOf(file, false), () => {}, splitter.push);
    splitter.finish();
  }
  return counter.finish();
}
