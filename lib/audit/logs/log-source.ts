import type { ComparedSummary } from '../../domain/audit/attribution/count-summarised';
import type { TrailPublicKey } from '../../domain/audit/integrity/trail-copy';
import type { EventSummary } from '../../domain/audit/records/read-summary';
import type { LogFolder } from './list-log-files';
import type { ReadDigest } from './read-digests';
import type { ScanSetting } from './scan-files';
import type { LogScan } from './scan-logs';

/** Where logs come from: folders, or a bucket. */
export interface LogSource {
  /** @param work a folder of this run alone, for what does not fit into memory */
  readonly list: (work: string) => Promise<LogFolder>;
  /** Reads the files that were listed, and puts what they tell into the spool. */
  readonly scan: (
    found: LogFolder,
    setting: Omit<ScanSetting, 'writer'>,
    onProgress: (done: number, bytes: number) => void,
  ) => Promise<LogScan>;
  /**
   * Counts, in the files that were listed, the single events of what CloudTrail counted; absent: counts are not compared.
   * @param others files that are no logs
   */
  readonly count?: (
    others: ReadonlySet<string>,
    summaries: readonly EventSummary[],
  ) => Promise<readonly ComparedSummary[]>;
  /** Absent: nothing vouches for the logs. */
  readonly digests?: {
    readonly read: () => Promise<readonly ReadDigest[]>;
    readonly publicKeys: readonly TrailPublicKey[];
  };
}
