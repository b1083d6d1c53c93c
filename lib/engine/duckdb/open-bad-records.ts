import { join } from 'node:path';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { joinCsvFields } from '../intake/join-csv-fields';
import { openLineWriter } from '../intake/open-line-writer';
import { MAX_RECORD } from '../intake/scan-text-file';
import { givenName } from '../sql/dataset-columns';
import { callCsvReader } from './call-csv-reader';
import { selectFrom } from './sql-text';

/** Puts the records of a delivery aside that have no values. */
interface BadRecords {
  /** `given`: a text per column of the dataset. */
  write(records: readonly { position: number; reason: string; given: readonly string[] }[]): Promise<void>;
  /** The query for them that `DeliveryRows.bad` is; undefined where there are none. */
  close(): Promise<string | undefined>;
}

export function openBadRecords({ columns }: PlannedDataset, scratch: string): BadRecords {
  const path = join(scratch, 'bad-records.csv');
  const file = openLineWriter(path);
  const given = columns.map((_, index) => givenName(index));
  const names = ['position', 'reason', ...given];
  // Quotes are written twice.
  const call = { paths: [path], delimiter: ',', header: false, names, longest: 4 * MAX_RECORD };
  let count = 0;
  return {
    async write(records) {
      count += records.length;
      await file.write(
        records.map(({ position, reason, given }) => joinCsvFields([String(position), reason, ...given])).join(''),
      );
    },
    async close() {
      await file.close();
      if (count === 0) return undefined;
      const texts = ['reason', ...given].map((name) => ({ name, sql: name }));
      return selectFrom([{ name: 'position', sql: 'CAST("position" AS BIGINT)' }, ...texts], callCsvReader(call));
    },
  };
}
