import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBusEvent } from '../../../../lib/domain/audit/records/read-bus-event';
import { readCloudTrailRecord } from '../../../../lib/domain/audit/records/read-cloudtrail-record';
import { readS3AccessLine } from '../../../../lib/domain/audit/records/read-s3-access-line';
import { readTransferLog } from '../../../../lib/domain/audit/records/read-transfer-log';
import type { RecordReading } from '../../../../lib/domain/audit/records/record-reading';

interface RecordCase {
  readonly name: string;
  readonly record: unknown;
  readonly expect: RecordReading & { readonly absent?: readonly string[] };
}

const FOLDER = join(__dirname, '../../../cases/audit/records');

const READERS: Readonly<Record<string, (record: unknown) => RecordReading>> = {
  'event-bus': readBusEvent,
  'transfer-log': readTransferLog,
  's3-access-log': (record) => readS3AccessLine(typeof record === 'string' ? record : `${JSON.stringify(record)}`),
};

/** Per topic, its cases and what reads them. */
export const RECORD_CASES = readdirSync(FOLDER).map((file) => {
  const cases: readonly RecordCase[] = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  const topic = file.replace('.json', '');
  return { topic, cases, read: READERS[topic] ?? readCloudTrailRecord };
});
