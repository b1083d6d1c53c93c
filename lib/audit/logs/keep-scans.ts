import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { EventSummary } from '../../domain/audit/records/read-summary';
import type { NoteSigner } from '../ledger/note-signer';
import { hashPackFile } from '../pack/sign-pack';
import { drainPart, type Held, PARTS } from '../spool/open-spool';
import { keepCounts } from './kept-counts';
import {
  formatKept,
  type KeptScan,
  readKept,
  type ScanGround,
  type ScanStore,
  type StoredLog,
  type StoredLogs,
  scanFolder,
} from './kept-scan';
import { openScanner, type ScannedAccess, type ScannedFile } from './scan-files';

interface ScanKeeping {
  readonly logs: StoredLogs;
  readonly store: ScanStore;
  readonly ground: ScanGround;
  readonly signer: NoteSigner;
  /** An empty folder of this call alone. */
  readonly folder: string;
  /** Whether there is time for some more logs; each step takes well below a minute of it. */
  readonly hasTime: () => boolean;
  /** How much is scanned at once. */
  readonly step?: ScanStep;
}

/** Logs that are scanned at once: what is lost when a call ends before they are through. */
interface ScanStep {
  readonly files: number;
  readonly bytes: number;
}

const STEP: ScanStep = { files: 10_000, bytes: 128 * 1024 * 1024 };

/**
 * Scans logs ahead of the report that they are for, as long as there is time, and keeps what was found; begun again, it goes
 * on where it ended. Every call gets a step further. @returns whether nothing is left to do
 */
export async function keepScans(keeping: ScanKeeping): Promise<boolean> {
  const { logs, store, ground, signer, hasTime, step: size = STEP } = keeping;
  const scans: KeptScan[] = [];
  let steps = 0;
  for (const day of logs.days) {
    const listed = await logs.list(day);
    const kept = await readKept(store, day, listed, ground, signer);
    scans.push(...kept);
    const known = new Set(kept.flatMap(({ files }) => files.map(({ file }) => file)));
    for (const step of cutSteps(
      listed.filter(({ file, tag }) => tag !== undefined && !known.has(file)),
      size,
    )) {
      if (steps > 0 && !hasTime()) return false;
      scans.push(await keepScan(keeping, day, step));
      steps += 1;
    }
  }
  const summaries = scans.flatMap((scan) => scan.summaries.map(({ summary }) => summary));
  return keepAllCounts(keeping, scans, summaries, steps);
}

async function keepAllCounts(
  keeping: ScanKeeping,
  scans: readonly KeptScan[],
  summaries: readonly EventSummary[],
  before: number,
): Promise<boolean> {
  if (summaries.length === 0) return true;
  let steps = before;
  for (const scan of scans) {
    if (steps > 0 && !keeping.hasTime()) return false;
    if (await keepCounts(keeping, scan, summaries)) steps += 1;
  }
  return true;
}

async function keepScan(
  { logs, store, ground, signer, folder }: ScanKeeping,
  day: string,
  step: readonly StoredLog[],
): Promise<KeptScan> {
  const name = `${scanFolder(day)}${hashStep(step, ground)}.json`;
  const work = join(folder, 'step');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const scanner = openScanner({ ...ground, folder: work, writer: 0 });
  const scanned: ScannedFile[] = [];
  for await (const file of logs.fetch(step)) scanned.push(await scanner.scan(file));
  const { held, internal, unknown, malformed, unread, reached, summaries } = scanner.finish();
  const path = join(work, 'accesses');
  await pipeline(Readable.from(listLines(work, held)), createGzip(), createWriteStream(path));
  const tags = new Map(step.map(({ file, tag }) => [file, tag]));
  const { sha256 } = hashPackFile(work, 'accesses');
  const scan: KeptScan = {
    name,
    ground,
    files: scanned.map((each) => ({ ...each, tag: tags.get(each.file) ?? '' })),
    // By its own hash: a call that ended before the next line may have left another.
    accesses: { name: `${scanFolder(day)}${sha256}.jsonl.gz`, sha256 },
    internal,
    unknown,
    malformed,
    unread,
    reached,
    summaries,
  };
  await store.putNew(scan.accesses.name, { path });
  await store.putNew(name, await formatKept(scan, signer));
  rmSync(work, { recursive: true, force: true });
  return scan;
}

function* listLines(folder: string, held: Held<ScannedAccess>): Generator<string> {
  for (let part = 0; part < PARTS; part += 1)
    for (const each of drainPart(folder, 'scanned', part, [held])) yield `${JSON.stringify(each)}\n`;
}

function cutSteps(files: readonly StoredLog[], size: ScanStep): readonly (readonly StoredLog[])[] {
  const steps: StoredLog[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = steps.at(-1);
    if (last === undefined || last.length >= size.files || bytes + file.bytes > size.bytes) {
      steps.push([file]);
      bytes = file.bytes;
    } else {
      last.push(file);
      bytes += file.bytes;
    }
  }
  return steps;
}

/** The same for whoever scans the same logs on the same ground. */
function hashStep(step: readonly StoredLog[], ground: ScanGround): string {
  const told = JSON.stringify([ground, step.map(({ file, tag }) => [file, tag])]);
  return createHash('sha256').update(told).digest('hex');
}
