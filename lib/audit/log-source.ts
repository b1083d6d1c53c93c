import type { ComparedSummary } from '../domain/audit/attribution/count-summarised';
import type { TrailPublicKey } from '../domain/audit/integrity/trail-copy';
import type { EventSummary } from '../domain/audit/records/read-summary';
import type { LogFolder } from './list-log-files';
import type { ReadDigest } from './read-digests';
import type { ScanSetting } from './scan-files';
import type { LogScan } from './scan-logs';

/** Where logs come from: folders, or a bucket. */
export interface LogSource {
  readonly list: () => Promise<LogFolder>;
  /** Reads the files that were listed, and puts what they tell into the spool. */
  readonly scan: (
    files: LogFolder['files'],
    setting: Omit<ScanSetting, 'writer'>,
    onProgress: (done: number, bytes: number) => void,
  ) => Promise<LogScan>;
  /** Counts the single events of what CloudTrail counted; absent: counts are not compared. */
  readonly count?: (
    files: LogFolder['files'],
    summaries: readonly EventSummary[],
  ) => Promise<readonly ComparedSummary[]>;
  /** Absent: nothing vouches for the logs. */
  readonly digests?: {
    readonly read: () => Promise<readonly ReadDigest[]>;
    readonly publicKeys: readonly TrailPublicKey[];
  };
}
