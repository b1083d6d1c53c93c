import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { countKinds } from '../domain/audit/records/collect-accesses';
import { mergeReached, type Reached } from '../domain/audit/records/count-reached';
import type { KeptScan, ScanStore } from './kept-scan';
import { MAX_SUMMARIES, type ScannedFile, type ScanResult, type ScanSetting } from './scan-files';
import { openScanSpool } from './scan-spool';
import { hashPackFile } from './sign-pack';

const KINDS = ['internal', 'unknown', 'malformed'] as const;
const FETCHED = 'kept';

/**
 * What was found when these logs were scanned, as if they were scanned now. A scan whose accesses are no longer those that
 * were signed is left out, and with it its files.
 */
export async function takeKept(
  scans: readonly KeptScan[],
  store: ScanStore,
  setting: ScanSetting,
  onProgress: (done: number, bytes: number) => void,
): Promise<{ readonly files: readonly ScannedFile[]; readonly result: ScanResult }> {
  const { folder } = setting;
  const spool = openScanSpool(setting);
  const counters = { internal: countKinds(), unknown: countKinds(), malformed: countKinds() };
  const files: ScannedFile[] = [];
  const summaries: ScanResult['summaries'][number][] = [];
  const reached: (readonly Reached[])[] = [];
  let bytes = 0;
  for (const { accesses, ...scan } of scans) {
    const path = join(folder, FETCHED);
    await store.fetch(accesses.name, path);
    if (hashPackFile(folder, FETCHED).sha256 !== accesses.sha256) continue;
    const input = createReadStream(path).pipe(createGunzip());
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      spool.put(JSON.parse(line));
    for (const kind of KINDS)
      for (const { what, first, records } of scan[kind]) counters[kind].add(what, first, records);
    reached.push(scan.reached);
    for (const summary of scan.summaries) if (summaries.length < MAX_SUMMARIES) summaries.push(summary);
    for (const { tag: _, ...file } of scan.files) {
      files.push(file);
      bytes += file.bytes;
    }
    onProgress(files.length, bytes);
  }
  const result = {
    ...spool.finish(),
    internal: counters.internal.list(),
    unknown: counters.unknown.list(),
    malformed: counters.malformed.list(),
    reached: mergeReached(reached),
    summaries,
  };
  return { files, result };
}
