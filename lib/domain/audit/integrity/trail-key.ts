/*
 * Names that CloudTrail gives its files ("CloudTrail digest file structure" and "Finding your CloudTrail log files" in
 * the AWS CloudTrail User Guide); an organization's trail has its id before the account's.
 */

export interface DigestKey {
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly homeRegion: string;
  /** End of the digest's time, UTC, ISO 8601. */
  readonly end: string;
  /** Lists log files that the digests of their hour left out; has a chain of its own. */
  readonly backfill: boolean;
}

export interface LogKey {
  readonly account: string;
  readonly region: string;
  /** When it was delivered, to the minute: UTC, ISO 8601. */
  readonly delivered: string;
}

const DIGEST_KEY =
  /^(?:.+\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?(?<account>\d{12})\/CloudTrail-Digest\/(?<region>[a-z0-9-]+)\/(?<day>\d{4}\/\d{2}\/\d{2})\/\k<account>_CloudTrail-Digest_\k<region>_(?<trail>.+)_(?<home>[a-z0-9-]+)_(?<end>\d{8}T\d{6}Z)(?<backfill>_backfill)?\.json\.gz$/;

const LOG_KEY =
  /^(?:.+\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?(?<account>\d{12})\/CloudTrail\/(?<region>[a-z0-9-]+)\/(?<day>\d{4}\/\d{2}\/\d{2})\/\k<account>_CloudTrail_\k<region>_(?<delivered>\d{8}T\d{4}Z)_[A-Za-z0-9]+\.json\.gz$/;

/** Undefined for a key that is no digest's. */
export function parseDigestKey(key: string): DigestKey | undefined {
  const parts = DIGEST_KEY.exec(key)?.groups;
  if (parts === undefined) return undefined;
  const { account = '', region = '', trail = '', home = '', end = '', backfill } = parts;
  return { account, region, trail, homeRegion: home, end: expandTime(end), backfill: backfill !== undefined };
}

/** Whether CloudTrail calls its log files so, in whatever folder. */
export function isTrailLog(file: string): boolean {
  return /_CloudTrail_.*\.json\.gz$/.test(file);
}

/** Undefined for a key that is no log file's. */
export function parseLogKey(key: string): LogKey | undefined {
  const parts = LOG_KEY.exec(key)?.groups;
  if (parts === undefined) return undefined;
  const { account = '', region = '', delivered = '' } = parts;
  return { account, region, delivered: expandTime(delivered) };
}

/** `20260301T0905Z` → `2026-03-01T09:05:00Z`. */
function expandTime(compact: string): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?Z$/.exec(compact) ?? [];
  return `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}Z`;
}
