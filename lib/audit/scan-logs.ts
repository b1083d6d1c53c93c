import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FoundLog } from './list-log-files';
import { openScanner, type ScannedFile, type ScanResult, type ScanSetting } from './scan-files';
import type { ScanAnswer, ScanOrder } from './scan-worker';

export interface LogScan {
  /** In order of their names. */
  readonly files: readonly ScannedFile[];
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
  files: readonly FoundLog[],
  setting: Omit<ScanSetting, 'writer'>,
  onProgress: (done: number, bytes: number) => void,
  workers = countWorkers(files),
): Promise<LogScan> {
  const scanned: ScannedFile[] = [];
  let bytes = 0;
  let told = performance.now();
  const note = (file: ScannedFile) => {
    scanned.push(file);
    bytes += file.bytes;
    if (performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    onProgress(scanned.length, bytes);
  };
  const orders = cutOrders(files);
  const results =
    workers <= 1 ? [await scanHere(orders, setting, note)] : await scanInWorkers(orders, setting, workers, note);
  return {
    files: scanned.toSorted((left, right) => (left.file < right.file ? -1 : 1)),
    results,
  };
}

function countWorkers(files: readonly FoundLog[]): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return bytes < MIN_FOR_WORKERS ? 1 : Math.min(availableParallelism(), 8);
}

async function scanHere(
  orders: FoundLog[][],
  setting: Omit<ScanSetting, 'writer'>,
  note: (file: ScannedFile) => void,
): Promise<ScanResult> {
  const scanner = openScanner({ ...setting, writer: 0 });
  for (const file of orders.flat()) note(await scanner.scan(file));
  return scanner.finish();
}

async function scanInWorkers(
  orders: FoundLog[][],
  setting: Omit<ScanSetting, 'writer'>,
  workers: number,
  note: (file: ScannedFile) => void,
): Promise<readonly ScanResult[]> {
  const code = await bundleWorker();
  return Promise.all(Array.from({ length: workers }, (_, writer) => scanInWorker(code, orders, setting, writer, note)));
}

/** All that a worker needs, in one piece: each would otherwise find, translate and load some forty modules by itself. */
async function bundleWorker(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'scan-worker.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** The worker takes what is next until nothing is left. */
function scanInWorker(
  code: string,
  orders: FoundLog[][],
  setting: Omit<ScanSetting, 'writer'>,
  writer: number,
  note: (file: ScannedFile) => void,
): Promise<ScanResult> {
  const worker = new Worker(code, { eval: true, workerData: { ...setting, writer } });
  let order: readonly FoundLog[] = [];
  const send = () => {
    const next = orders.shift();
    order = next ?? [];
    worker.postMessage((next ?? 'finish') satisfies ScanOrder);
  };
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: ScanAnswer) => {
      if (answer.kind === 'finished') return resolve(answer.result);
      // By the name that is here already: of many files every name counts, and what comes from a thread is a copy.
      for (const [at, file] of answer.files.entries()) note({ ...file, file: order[at]?.file ?? file.file });
      send();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A thread that reads logs ended with ${code}.`)));
    send();
  });
}

function cutOrders(files: readonly FoundLog[]): FoundLog[][] {
  const orders: FoundLog[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const last = orders.at(-1);
    if (last === undefined || last.length >= ORDER.files || bytes + file.bytes > ORDER.bytes) {
      orders.push([file]);
      bytes = file.bytes;
    } else {
      last.push(file);
      bytes += file.bytes;
    }
  }
  return orders;
}
