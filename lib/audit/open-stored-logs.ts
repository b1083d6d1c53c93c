import type { ComparedSummary } from '../domain/audit/attribution/count-summarised';
import type { EventSummary } from '../domain/audit/records/read-summary';
import { countEvents } from './count-events';
import { readCounts } from './kept-counts';
import { type KeptScan, readKept, type ScanStore, type StoredLog, type StoredLogs } from './kept-scan';
import type { FoundLog } from './list-log-files';
import type { LogSource } from './log-source';
import type { NoteSigner } from './note-signer';
import { openScanner, type ScannedFile } from './scan-files';
import { takeKept } from './take-kept';

export interface StoredSource {
  readonly logs: StoredLogs;
  /** Scans that were kept ahead of the report. */
  readonly store: ScanStore;
  readonly signer: NoteSigner;
  readonly toolVersion: string;
  readonly digests?: LogSource['digests'];
}

/** Logs in a store. What was scanned ahead, of logs that are as they were, is not scanned again; all else is. */
export function openStoredLogs({ logs, store, signer, toolVersion, digests }: StoredSource): LogSource {
  let kept: readonly KeptScan[] = [];
  return {
    list: async () => {
      const files: FoundLog[] = [];
      for (const day of logs.days) files.push(...(await logs.list(day)));
      return { files: files.toSorted(compareFiles), unread: [] };
    },
    scan: async (files, setting, onProgress) => {
      const { roomAccounts, buckets, hashContent } = setting;
      const given = new Set(files.map(({ file }) => file));
      const found: KeptScan[] = [];
      for (const day of logs.days) {
        const listed: readonly StoredLog[] = await logs.list(day);
        const now = listed.filter(({ file }) => given.has(file));
        found.push(...(await readKept(store, day, now, { roomAccounts, buckets, hashContent, toolVersion }, signer)));
      }
      const taken = await takeKept(found, store, { ...setting, writer: 1 }, onProgress);
      const known = new Set(taken.files.map(({ file }) => file));
      kept = found.filter((scan) => scan.files.every(({ file }) => known.has(file)));
      const scanner = openScanner({ ...setting, writer: 0 });
      const scanned: ScannedFile[] = [...taken.files];
      let bytes = scanned.reduce((sum, file) => sum + file.bytes, 0);
      for await (const file of logs.fetch(files.filter((each) => !known.has(each.file)))) {
        scanned.push(await scanner.scan(file));
        bytes += file.bytes;
        onProgress(scanned.length, bytes);
      }
      return { files: scanned.toSorted(compareFiles), results: [scanner.finish(), taken.result] };
    },
    count: async (files, summaries) => {
      const counted: ComparedSummary[][] = [];
      const covered = new Set<string>();
      for (const scan of kept) {
        const counts = await readCounts(store, scan, summaries, signer);
        if (counts === undefined) continue;
        counted.push([...counts]);
        for (const { file } of scan.files) covered.add(file);
      }
      const rest = files.filter(({ file }) => !covered.has(file));
      return addCounts(await countEvents(logs.fetch(rest), summaries), counted.flat());
    },
    ...(digests === undefined ? {} : { digests }),
  };
}

/** Each of the first, and what else was found of it. */
function addCounts(
  counted: readonly ComparedSummary[],
  others: readonly ComparedSummary[],
): readonly ComparedSummary[] {
  const more = new Map<string, number>();
  for (const { summary, found } of others) more.set(nameWindow(summary), (more.get(nameWindow(summary)) ?? 0) + found);
  return counted.map(({ summary, found }) => ({ summary, found: found + (more.get(nameWindow(summary)) ?? 0) }));
}

function nameWindow({ account, region, source, dimension, name, from }: EventSummary): string {
  return [account, region, source, dimension, name, from].join(' ');
}

function compareFiles(left: { readonly file: string }, right: { readonly file: string }): number {
  return left.file < right.file ? -1 : Number(left.file > right.file);
}
