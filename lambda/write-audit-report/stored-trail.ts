import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { StoredLog, StoredLogs } from '../../lib/audit/logs/kept-scan';
import type { LogSource } from '../../lib/audit/logs/log-source';
import { type ReadDigest, readDigestObject } from '../../lib/audit/logs/read-digests';
import type { TrailPublicKey } from '../../lib/domain/audit/integrity/trail-copy';
import { mapAtOnce } from '../shared/map-at-once';
import { fetchFiles, fetchObject } from './fetch-files';
import { listStored } from './list-stored';

interface TrailBucket {
  readonly s3: S3Client;
  readonly bucket: string;
  /** 12 digits: whose logs. */
  readonly account: string;
  /** UTC, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  /** Where files lie for as long as they are read. */
  readonly folder: string;
  /** As CloudTrail gives them for a region. */
  readonly listPublicKeys: (region: string) => Promise<readonly TrailPublicKey[]>;
}

const AT_ONCE = 32;

/** Logs and digests of a trail in its bucket. Absent digests: there are none. */
export async function openTrailBucket(
  trail: TrailBucket,
): Promise<{ readonly logs: StoredLogs; readonly digests?: NonNullable<LogSource['digests']> }> {
  const { s3, bucket, account, days, folder } = trail;
  const regions = (kind: Kind) => listFolders(s3, bucket, `AWSLogs/${account}/${kind}/`);
  const place = (kind: Kind, region: string, day: string) =>
    `AWSLogs/${account}/${kind}/${region}/${day.replaceAll('-', '/')}/`;
  const [logged, digested] = [await regions('CloudTrail'), await regions('CloudTrail-Digest')];
  const list = async (kind: Kind, within: readonly string[], day: string): Promise<readonly StoredLog[]> =>
    (await mapAtOnce(within, AT_ONCE, (region) => listStored(s3, bucket, place(kind, region, day)))).flat();
  const readDigests = async () => {
    const digests: ReadDigest[] = [];
    for (const day of days) {
      const listed = await list('CloudTrail-Digest', digested, day);
      digests.push(...(await mapAtOnce(listed, AT_ONCE, ({ file }) => readDigest(s3, bucket, file))));
    }
    return digests;
  };
  const publicKeys = (await Promise.all(digested.map(trail.listPublicKeys))).flat();
  return {
    logs: {
      prefix: `AWSLogs/${account}/`,
      days,
      list: (day) => list('CloudTrail', logged, day),
      fetch: (files) => fetchFiles(folder, files, ({ file }, path) => fetchObject(s3, bucket, file, path)),
    },
    ...(digested.length === 0 ? {} : { digests: { publicKeys, read: readDigests } }),
  };
}

type Kind = 'CloudTrail' | 'CloudTrail-Digest';

async function readDigest(s3: S3Client, bucket: string, key: string): Promise<ReadDigest> {
  const { Body, Metadata = {} } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (Body === undefined) throw new Error(`S3 answered without the content of ${key}.`);
  return readDigestObject({ bucket, key }, await Body.transformToByteArray(), Metadata);
}

/** Names of the folders below a prefix. */
async function listFolders(s3: S3Client, bucket: string, prefix: string): Promise<readonly string[]> {
  const { CommonPrefixes = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/' }),
  );
  return CommonPrefixes.flatMap(({ Prefix }) => Prefix?.slice(prefix.length, -1) ?? []);
}
