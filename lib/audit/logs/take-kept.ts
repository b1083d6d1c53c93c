import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { countKinds } from '../../domain/audit/records/collect-accesses';
import { mergeReached, type Reached } from '../../domain/audit/records/count-reached';
import { hashPackFile } from '../pack/sign-pack';
import type { KeptScan, ScanStore } from './kept-scan';
import { MAX_SUMMARIES, type ScannedAccess, type ScanResult, type ScanSetting } from './scan-files';
import { openScanSpool } from './scan-spool';

const KINDS = ['internal', 'unknown', 'malformed', 'unread'] as const;
const FETCHED = 'kept';

/** Takes what was found when logs were scanned, as if they were scanned now. */
interface KeptTaker {
  /** @returns false for a scan whose accesses are no longer those that were signed: it is left out, and with it its files */
  readonly take: (scan: KeptScan) => Promise<boolean>;
  readonly finish: () => ScanResult;
}

/** @param reported files that an earlier report was made of */
export function openKeptTaker(store: ScanStore, setting: ScanSetting, reported: ReadonlySet<string>): KeptTaker {
  const { folder } = setting;
  const spool = openScanSpool(setting);
  const counters = {
    internal: countKinds(),
    unknown: countKinds(),
    malformed: countKinds(),
    unread: countKinds(),
  };
  const summaries: ScanResult['summaries'][number][] = [];
  let reached: readonly Reached[] = [];
  return {
    take: async ({ accesses, ...scan }) => {
      const path = join(folder, FETCHED);
      await store.fetch(accesses.name, path);
      if (hashPackFile(folder, FETCHED).sha256 !== accesses.sha256) return false;
      const input = createReadStream(path).pipe(createGunzip());
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        const scanned: ScannedAccess = JSON.parse(line);
        spool.put(scanned, reported.has(scanned[0]));
      }
      for (const kind of KINDS)
        for (const { what, first, records } of scan[kind]) counters[kind].add(what, first, records);
      reached = mergeReached([reached, scan.reached]);
      for (const summary of scan.summaries) if (summaries.length < MAX_SUMMARIES) summaries.push(summary);
      return true;
    },
    finish: () => ({
      ...spool.finish(),
      internal: counters.internal.list(),
      unknown: counters.unknown.list(),
      malformed: counters.malformed.list(),
      unread: counters.unread.list(),
      reached,
      summaries,
    }),
  };
}
