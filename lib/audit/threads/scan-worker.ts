import { parentPort, workerData } from 'node:worker_threads';
import type { FoundLog } from '../logs/list-log-files';
import { openScanner, type ScannedFile, type ScanResult, type ScanSetting } from '../logs/scan-files';

/** What a worker is told: more files, or that there are no more. */
export type ScanOrder = readonly FoundLog[] | 'finish';
export type ScanAnswer =
  | { readonly kind: 'scanned'; readonly files: readonly ScannedFile[] }
  | { readonly kind: 'finished'; readonly result: ScanResult };

const setting: ScanSetting = workerData;
const scanner = openScanner(setting);

parentPort?.on('message', async (order: ScanOrder) => {
  if (order === 'finish') {
    answer({ kind: 'finished', result: scanner.finish() });
    parentPort?.close();
    return;
  }
  const files: ScannedFile[] = [];
  for (const file of order) files.push(await scanner.scan(file));
  answer({ kind: 'scanned', files });
});

function answer(message: ScanAnswer): void {
  parentPort?.postMessage(message);
}
