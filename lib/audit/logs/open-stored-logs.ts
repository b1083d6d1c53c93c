import type { ComparedSummary } from '../../domain/audit/attribution/count-summarised';
import type { EventSummary } from '../../domain/audit/records/read-summary';
import type { NoteSigner } from '../ledger/note-signer';
import { type OrderedList, openList } from '../spool/ordered-list';
import { countEvents } from './count-events';
import { readCounts } from './kept-counts';
import { readKept, type ScanStore, type StoredLog, type StoredLogs } from './kept-scan';
import { compareNames, type FoundLog } from './list-log-files';
import type { LogSource } from './log-source';
import { openScanner, type ScannedFile, type ScanSetting } from './scan-files';
import { openKeptTaker } from './take-kept';

export interface StoredSource {
  readonly logs: StoredLogs;
  /** Scans that were kept ahead of the report. */
  readonly store: ScanStore;
  readonly signer: NoteSigner;
  readonly toolVersion: string;
  readonly digests?: LogSource['digests'];
}

/** The logs of a day as they were listed, and the scans of it that were taken. */
interface ListedDay {
  readonly day: string;
  readonly listed: OrderedList<StoredLog>;
  readonly taken: Set<string>;
}

/** Files of a day in memory: there are many days. */
const MAX_LISTED = 512;

/**
 * Logs in a store. What was scanned ahead, of logs that are as they were, is not scanned again; all else is. The files of one
 * day are in memory at a time.
 */
export function openStoredLogs({ logs, store, signer, toolVersion, digests }: StoredSource): LogSource {
  let days: readonly ListedDay[] = [];
  let ground: Omit<ScanSetting, 'folder' | 'writer'> | undefined;
  const readTaken = (day: string, listed: readonly StoredLog[]) => {
    const { roomAccounts = [], buckets = [], hashContent = false } = ground ?? {};
    return readKept(store, day, listed, { roomAccounts, buckets, hashContent, toolVersion }, signer);
  };
  return {
    list: async (work) => {
      const files = openList<FoundLog>(work, 'found', compareNames);
      const listed: ListedDay[] = [];
      let bytes = 0;
      for (const day of logs.days) {
        const own = openList<StoredLog>(work, `found-${day}`, compareNames, MAX_LISTED);
        for (const file of await logs.list(day)) {
          own.put(file);
          files.put(file);
          bytes += file.bytes;
        }
        listed.push({ day, listed: own.finish(), taken: new Set() });
      }
      days = listed;
      return { files: files.finish(), bytes, unread: [] };
    },
    scan: async (found, setting, onProgress) => {
      ground = setting;
      const reported = listReported(found.files);
      const taker = openKeptTaker(store, { ...setting, writer: 1 }, reported);
      const scanner = openScanner({ ...setting, writer: 0 });
      const scanned = openList<ScannedFile>(setting.folder, 'read', compareNames);
      let [done, bytes] = [0, 0];
      const note = (file: ScannedFile) => {
        scanned.put(file);
        done += 1;
        bytes += file.bytes;
      };
      for (const { day, listed, taken } of days) {
        const all = [...listed];
        const known = new Set<string>();
        for (const scan of await readTaken(day, all)) {
          if (!(await taker.take(scan))) continue;
          taken.add(scan.name);
          for (const { tag: _, ...file } of scan.files) {
            known.add(file.file);
            note(file);
          }
          onProgress(done, bytes);
        }
        for await (const file of logs.fetch(all.filter((each) => !known.has(each.file)))) {
          note(await scanner.scan(reported.has(file.file) ? { ...file, reported: true } : file));
          onProgress(done, bytes);
        }
      }
      return { files: scanned.finish(), results: [scanner.finish(), taker.finish()] };
    },
    count: async (others, summaries) => {
      const counted: ComparedSummary[] = [];
      async function* fetchOthers() {
        for (const { day, listed, taken } of days) {
          const all = [...listed];
          const covered = new Set(others);
          for (const scan of await readTaken(day, all)) {
            const counts = taken.has(scan.name) ? await readCounts(store, scan, summaries, signer) : undefined;
            if (counts === undefined) continue;
            counted.push(...counts);
            for (const { file } of scan.files) covered.add(file);
          }
          yield* logs.fetch(all.filter(({ file }) => !covered.has(file)));
        }
      }
      return addCounts(await countEvents(fetchOthers(), summaries), counted);
    },
    ...(digests === undefined ? {} : { digests }),
  };
}

/** Few: what was listed for this period and for one before lies around the day between them. */
function listReported(files: Iterable<FoundLog>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { file, reported } of files) if (reported === true) names.add(file);
  return names;
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
