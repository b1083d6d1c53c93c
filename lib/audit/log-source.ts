import type { DigestFile, TrailPublicKey } from '../domain/audit/integrity/trail-copy';
import type { LogFolder } from './list-log-files';
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
  /** Absent: nothing vouches for the logs. */
  readonly digests?: {
    readonly read: () => Promise<readonly DigestFile[]>;
    readonly publicKeys: readonly TrailPublicKey[];
  };
}
