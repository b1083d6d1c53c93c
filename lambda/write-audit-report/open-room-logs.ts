import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { joinStores } from '../../lib/audit/logs/join-stores';
import type { StoredSource } from '../../lib/audit/logs/open-stored-logs';
import { ACCESS_LOGGED } from '../../lib/domain/room/access-log-prefix';
import { requireEnv } from '../shared/require-env';
import { listPublicKeys } from './list-public-keys';
import { openAccessLogs } from './stored-access-logs';
import { openTrailBucket } from './stored-trail';
import { openTransferLogs } from './stored-transfer-logs';

const [s3, cloudWatch] = [new S3Client(), new CloudWatchLogsClient()];

interface RoomLogs {
  /** 12 digits. */
  readonly account: string;
  /** UTC, ISO 8601: logs that may tell of this time are read. */
  readonly from: string;
  readonly to: string;
  /** Where files lie for as long as they are read. */
  readonly folder: string;
}

/** All that tells of accesses to the room: its trail with its digests, S3's own logs, and the SFTP server's. */
export async function openRoomLogs({
  account,
  from,
  to,
  folder,
}: RoomLogs): Promise<Pick<StoredSource, 'logs' | 'digests'>> {
  const days = listDays(from, to);
  const trail = await openTrailBucket({
    s3,
    bucket: requireEnv('TRAIL_BUCKET'),
    account,
    days,
    folder,
    listPublicKeys: (region) => listPublicKeys(new CloudTrailClient({ region }), from, to),
  });
  const accessLogs = { s3, bucket: requireEnv('ACCESS_LOG_BUCKET'), prefixes: ACCESS_LOGGED, days, folder };
  const group = process.env.TRANSFER_LOG_GROUP;
  const logs = joinStores([
    trail.logs,
    openAccessLogs(accessLogs),
    ...(group === undefined ? [] : [openTransferLogs({ logs: cloudWatch, group, days, folder })]),
  ]);
  return { logs, ...(trail.digests === undefined ? {} : { digests: trail.digests }) };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Logs arrive some time after what they tell of, digests an hour later still; `YYYY-MM-DD`. */
function listDays(from: string, to: string): readonly string[] {
  const first = Math.floor(Date.parse(from) / DAY_MS) - 1;
  const last = Math.floor(Date.parse(to) / DAY_MS) + 1;
  return Array.from({ length: last - first + 1 }, (_, at) =>
    new Date((first + at) * DAY_MS).toISOString().slice(0, 10),
  );
}
