import type { Access, HashedEvidence } from '../../domain/audit/access';
import type { ReportedPeriod } from '../../domain/audit/attribution/find-lateness';
import { type CountedKind, countKinds } from '../../domain/audit/records/collect-accesses';
import { countReached, type Reached } from '../../domain/audit/records/count-reached';
import type { EventSummary } from '../../domain/audit/records/read-summary';
import { splitInputName } from '../grounds/input-names';
import type { Held } from '../spool/open-spool';
import type { FoundLog } from './list-log-files';
import { type LogFileReading, openLogReader } from './read-log-file';
import { openScanSpool } from './scan-spool';

/** What whoever scans needs to know; may pass from one thread to another. */
export interface ScanSetting {
  /** Where the accesses are put: the spool `scanned`. */
  readonly folder: string;
  /** Tells apart those who scan at the same time. */
  readonly writer: number;
  readonly roomAccounts: readonly string[];
  /** Of the room: what its own principals did there is counted by who it was. */
  readonly buckets: readonly string[];
  /** Whether digests will ask for the hashes of what is in the files. */
  readonly hashContent: boolean;
  /** UTC, ISO 8601: accesses before and from these on are left out. */
  readonly from?: string;
  readonly to?: string;
  /** With reports of the time before `begin`: accesses of that time are kept, of files that none was made of. */
  readonly earlier?: { readonly begin: string; readonly periods: readonly ReportedPeriod[] };
}

/** A value of the spool `scanned`: where it was read, and what. */
export type ScannedAccess = readonly [
  file: string,
  sha256: string,
  record: number,
  access: Access,
  clipped: readonly string[],
];

export interface ScannedFile extends Omit<LogFileReading, 'bytes'> {
  readonly file: string;
  readonly bytes: number;
}

export interface ScanResult {
  /** What was found and is not on disk. */
  readonly held: Held<ScannedAccess>;
  readonly internal: readonly CountedKind[];
  readonly unknown: readonly CountedKind[];
  readonly malformed: readonly CountedKind[];
  /** Of both, what concerns the room and somebody else, by hour. */
  readonly unread: readonly CountedKind[];
  readonly reached: readonly Reached[];
  /** CloudTrail's own counts, up to a cap, and where they stand. */
  readonly summaries: readonly { readonly summary: EventSummary; readonly evidence: HashedEvidence }[];
  /** Accesses that lie outside the time that was asked for. */
  readonly outside: number;
  /** UTC, ISO 8601: of the accesses that were kept; absent: none. */
  readonly first?: string;
  readonly last?: string;
  /** Files that an earlier report was made of, with accesses of before `begin` that were kept. */
  readonly reported: readonly string[];
  /** Hours, `YYYY-MM-DDTHH`, of accesses that were kept though they lie before the time that was asked for: they came late. */
  readonly late: readonly string[];
}

interface Scanner {
  readonly scan: (file: FoundLog) => Promise<ScannedFile>;
  readonly finish: () => ScanResult;
}

/** Beside a trail's logs nobody keeps notes: of what was given as another log, something has to be one. */
function findUnfit(
  file: string,
  { kind, records, problem }: LogFileReading,
  malformed: number,
): Pick<LogFileReading, 'problem'> {
  const isUnfit = problem === undefined && (kind !== 'log' || (records > 0 && malformed === records));
  return isUnfit && splitInputName(file).label !== ''
    ? { problem: 'it holds no record of a log that is known here' }
    : {};
}

/** A month of summaries of five minutes, by ten names. */
export const MAX_SUMMARIES = 100_000;

/** Reads log files and puts the accesses in them on disk; all else is counted. */
export function openScanner(setting: ScanSetting): Scanner {
  const { roomAccounts, buckets, hashContent } = setting;
  const spool = openScanSpool(setting);
  const reached = countReached(buckets);
  const reader = openLogReader({ accounts: new Set(roomAccounts), buckets }, hashContent, reached);
  const counters = {
    internal: countKinds(),
    unknown: countKinds(),
    malformed: countKinds(),
    unread: countKinds(),
  };
  const summaries: ScanResult['summaries'][number][] = [];
  return {
    scan: async (log) => {
      const { file, reported: isReported } = log;
      let malformed = 0;
      const reading = await reader.read(log, {
        access: (access, clipped, record, sha256) => spool.put([file, sha256, record, access, clipped], isReported),
        summarise: (summary, record, sha256) => {
          if (summaries.length < MAX_SUMMARIES) summaries.push({ summary, evidence: { file, sha256, record } });
        },
        count: (kind, what, record, records = 1) => {
          counters[kind].add(what, { file, record }, records);
          if (kind === 'malformed') malformed += records;
        },
      });
      return { ...reading, file, ...findUnfit(file, reading, malformed) };
    },
    finish: () => ({
      ...spool.finish(),
      internal: counters.internal.list(),
      unknown: counters.unknown.list(),
      malformed: counters.malformed.list(),
      unread: counters.unread.list(),
      reached: reached.list(),
      summaries,
    }),
  };
}
