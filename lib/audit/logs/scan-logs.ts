import { availableParallelism } from 'node:os';
import { type OrderedList, openList } from '../spool/ordered-list';
import { findWorker, startWorker, type WorkerCode } from '../threads/find-worker';
import type { ScanAnswer, ScanOrder } from '../threads/scan-worker';
import { compareNames, type FoundLog, type LogFolder } from './list-log-files';
import { openScanner, type ScannedFile, type ScanResult, type ScanSetting } from './scan-files';

export interface LogScan {
  /** In order of their names. */
  readonly files: OrderedList<ScannedFile>;
  /** By writer to the spool. */
  readonly results: readonly ScanResult[];
}

/** Below this a second thread costs more than it saves. */
const MIN_FOR_WORKERS = 16 * 1024 * 1024;
/** Files and bytes that a worker gets at a time: so few that all end at about the same time. */
const ORDER = { files: 64, bytes: 1024 * 1024 };

/** Milliseconds. */
const TELL_EVERY = 1000;

/** Reads all files, on all processors where it is worth it. */
export async function scanLogs(
  { files, bytes: all }: Pick<LogFolder, 'files' | 'bytes'>,
  setting: Omit<ScanSetting, 'writer'>,
  onProgress: (done: number, bytes: number) => void,
  workers = all < MIN_FOR_WORKERS ? 1 : Math.min(availableParallelism(), 8),
): Promise<LogScan> {
  const scanned = openList<ScannedFile>(setting.folder, 'read', compareNames);
  let [done, bytes] = [0, 0];
  let told = performance.now();
  const note = (file: ScannedFile) => {
    scanned.put(file);
    done += 1;
    bytes += file.bytes;
    if (performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    onProgress(done, bytes);
  };
  const orders = cutOrders(files);
  const results =
    workers <= 1 ? [await scanHere(orders, setting, note)] : await scanInWorkers(orders, setting, workers, note);
  return { files: scanned.finish(), results };
}

async function scanHere(
  orders: Iterable<readonly FoundLog[]>,
  setting: Omit<ScanSetting, 'writer'>,
  note: (file: ScannedFile) => void,
): Promise<ScanResult> {
  const scanner = openScanner({ ...setting, writer: 0 });
  for (const order of orders) for (const file of order) note(await scanner.scan(file));
  return scanner.finish();
}

async function scanInWorkers(
  orders: Iterator<readonly FoundLog[]>,
  setting: Omit<ScanSetting, 'writer'>,
  workers: number,
  note: (file: ScannedFile) => void,
): Promise<readonly ScanResult[]> {
  const code = await findWorker('scan-worker');
  return Promise.all(Array.from({ length: workers }, (_, writer) => scanInWorker(code, orders, setting, writer, note)));
}

/** The worker takes what is next until nothing is left. */
function scanInWorker(
  code: WorkerCode,
  orders: Iterator<readonly FoundLog[]>,
  setting: Omit<ScanSetting, 'writer'>,
  writer: number,
  note: (file: ScannedFile) => void,
): Promise<ScanResult> {
  const worker = startWorker(code, { ...setting, writer });
  const send = () => {
    const { value, done } = orders.next();
    worker.postMessage((done === true ? 'finish' : value) satisfies ScanOrder);
  };
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: ScanAnswer) => {
      if (answer.kind === 'finished') return resolve(answer.result);
      for (const file of answer.files) note(file);
      send();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A thread that reads logs ended with ${code}.`)));
    send();
  });
}

function* cutOrders(files: Iterable<FoundLog>): Generator<readonly FoundLog[], void, undefined> {
  let order: FoundLog[] = [];
  let bytes = 0;
  for (const file of files) {
    if (order.length >= ORDER.files || (order.length > 0 && bytes + file.bytes > ORDER.bytes)) {
      yield order;
      [order, bytes] = [[], 0];
    }
    order.push(file);
    bytes += file.bytes;
  }
  if (order.length > 0) yield order;
}
