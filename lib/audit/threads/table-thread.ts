import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import type { AccessTables, RowFile } from '../audit-run';
import { ACCESS_TABLE } from '../pack/access-table';
import { openRowWriter } from '../pack/row-writer';
import { findWorker, startWorker } from './find-worker';
import type { TableOrder, TableSetting } from './table-worker';

/** Writes here the table that holds every access exactly; another thread draws all others from it, while it grows. */
export async function openTableThread(
  folder: string,
  files: readonly RowFile<ReportedAccess>[],
): Promise<AccessTables> {
  const code = await findWorker('table-worker');
  const tell = (order: TableOrder) => worker.postMessage(order);
  const exact = files.filter(({ name }) => name === ACCESS_TABLE);
  const table = openRowWriter(folder, exact, () => tell('grown'));
  const worker = startWorker(code, { folder } satisfies TableSetting);
  const closed = new Promise<void>((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A thread that writes tables ended with ${code}.`)));
  });
  // Whoever waits for it hears of it; where something else ended the audit before, nobody does.
  closed.catch(() => {});
  worker.unref();
  return {
    write: table.write,
    close: () => {
      table.close();
      worker.ref();
      tell('closed');
      return closed;
    },
  };
}
