import type { LogFile } from './trail-copy';
import type { ReadDigest } from './verify-digest';

/** What one digest vouches for. */
export interface DigestSpan {
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly backfill: boolean;
  /** UTC, ISO 8601; `to` not included. */
  readonly from: string;
  readonly to: string;
  /**
   * `whole`: it is believed, and every log file it names is there, unchanged. `quiet`: it is believed and names none: in its
   * time nothing was logged. `lacking`: a log file that it names is missing, changed or unreadable. `doubted`: it is not
   * believed itself.
   */
  readonly state: 'whole' | 'quiet' | 'lacking' | 'doubted';
}

/** @param logs those that were given, by location (`formatLocation`) */
export function describeSpan(
  { digest, name, location }: ReadDigest,
  doubted: ReadonlySet<string>,
  logs: ReadonlyMap<string, LogFile['file']>,
): DigestSpan {
  const { account, region, trail, backfill } = name;
  const isThere = ({ s3Bucket, s3Object, hashValue }: ReadDigest['digest']['logFiles'][number]) => {
    const file = logs.get(`${s3Bucket}/${s3Object}`);
    return file?.kind === 'whole' && file.sha256 === hashValue && file.trailing === 0;
  };
  const { logFiles } = digest;
  const state = doubted.has(location)
    ? 'doubted'
    : logFiles.length === 0
      ? 'quiet'
      : logFiles.every(isThere)
        ? 'whole'
        : 'lacking';
  return { account, region, trail, backfill, from: digest.digestStartTime, to: digest.digestEndTime, state };
}
