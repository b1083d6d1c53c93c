import { parseJson } from '../../parse-json';
import { readBusEvent } from './read-bus-event';
import { readCloudTrailRecord } from './read-cloudtrail-record';
import { readS3AccessLine } from './read-s3-access-line';
import { readTransferLog } from './read-transfer-log';
import { isFields, readText } from './record-fields';
import type { RecordReading } from './record-reading';

/** Names a line that has no id of its own, by what it says: a hash of it. */
type NameLine = (line: string) => string;

/** Reads a line of a log: JSON, S3's own access log, or CloudWatch's export (a time and a message). */
export function readLogLine(line: string, nameLine: NameLine): RecordReading {
  if (line.startsWith('{')) return readLogElement(parseJson(line));
  const exported = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z) (\{.*)$/s.exec(line);
  if (exported !== null) {
    const [, time = '', message] = exported;
    return readTransferLog({ id: nameLine(line), timestamp: Date.parse(time), message });
  }
  if (/^[0-9a-f]{64} \S+ \[/.test(line)) return readS3AccessLine(line);
  return { kind: 'malformed', problem: 'a line is of no log that is known here' };
}

/** With this CloudWatch tries whether what it is to deliver can arrive. */
const CONTROL = 'CWL CONTROL MESSAGE';

/** Reads what stands in a list of records or on a line, by its shape. */
export function readLogElement(element: unknown): RecordReading {
  if (!isFields(element)) return { kind: 'malformed', problem: 'what stands where a record should is no object' };
  if (element['detail-type'] !== undefined) return readBusEvent(element);
  // CloudWatch's log events; what lists them calls the id differently from what sends them.
  if (element.message !== undefined && element.timestamp !== undefined) {
    if (readText(element, 'message')?.startsWith(CONTROL) === true) return { kind: 'unknown', what: CONTROL };
    return readTransferLog({ ...element, id: readText(element, 'id') ?? readText(element, 'eventId') });
  }
  if (element['activity-type'] !== undefined) return readTransferLog({ message: JSON.stringify(element) });
  return readCloudTrailRecord(element);
}
