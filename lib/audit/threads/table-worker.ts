import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { ACCESS_FILES } from '../../report/audit/access-files';
import { ACCESS_TABLE } from '../pack/access-table';
import { openRowWriter } from '../pack/row-writer';
import { openJsonLines } from '../spool/json-lines';

export interface TableSetting {
  /** Of the pack. */
  readonly folder: string;
}

/** The table that holds every access exactly has grown, or is whole. */
export type TableOrder = 'grown' | 'closed';

const { folder }: TableSetting = workerData;
const accesses = openJsonLines<ReportedAccess>(join(folder, ACCESS_TABLE));
const tables = openRowWriter(
  folder,
  ACCESS_FILES.filter(({ name }) => name !== ACCESS_TABLE),
);

parentPort?.on('message', (order: TableOrder) => {
  for (const access of accesses.read()) tables.write(access);
  if (order === 'grown') return;
  accesses.close();
  tables.close();
  parentPort?.postMessage('closed' satisfies TableOrder);
  parentPort?.close();
});
