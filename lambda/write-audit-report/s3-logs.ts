import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { countEvents } from '../../lib/audit/count-events';
import type { FoundLog } from '../../lib/audit/list-log-files';
import type { LogSource } from '../../lib/audit/log-source';
import { readDigestObject } from '../../lib/audit/read-digests';
import { openScanner, type ScannedFile } from '../../lib/audit/scan-files';
import type { DigestFile, TrailPublicKey } from '../../lib/domain/audit/integrity/trail-copy';

export interface TrailBucket {
  readonly s3: S3Client;
  readonly bucket: string;
  /** 12 digits: whose logs. */
  readonly account: string;
  /** UTC, ISO 8601: logs that may tell of this time are read. */
  readonly from: string;
  readonly to: string;
  /** Where files lie for as long as they are read. */
  readonly folder: string;
  /** As CloudTrail gives them for a region. */
  readonly listPublicKeys: (region: string) => Promise<readonly TrailPublicKey[]>;
}

/** Files that are fetched ahead of the one that is read. */
const AHEAD = 16;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Logs and digests of a trail in its bucket: each file is here only while it is read. */
export async function openTrailBucket(trail: TrailBucket): Promise<LogSource> {
  const { s3, bucket, account } = trail;
  const place = (kind: string) => `AWSLogs/${account}/${kind}/`;
  const regions = async (kind: string) => listFolders(s3, bucket, place(kind));
  const digested = await regions('CloudTrail-Digest');
  const publicKeys = (await Promise.all(digested.map(trail.listPublicKeys))).flat();
  return {
    list: async () => {
      const files: FoundLog[] = [];
      for (const region of await regions('CloudTrail'))
        for (const day of listDays(trail))
          files.push(...(await listObjects(s3, bucket, `${place('CloudTrail')}${region}/${day}/`)));
      return { files: files.toSorted((left, right) => (left.file < right.file ? -1 : 1)), unread: [] };
    },
    scan: async (files, setting, onProgress) => {
      const scanner = openScanner({ ...setting, writer: 0 });
      const scanned: ScannedFile[] = [];
      let bytes = 0;
      for await (const file of fetchFiles(trail, files)) {
        scanned.push(await scanner.scan(file));
        bytes += file.bytes;
        onProgress(scanned.length, bytes);
      }
      return { files: scanned, results: [scanner.finish()] };
    },
    count: (files, summaries) => countEvents(fetchFiles(trail, files), summaries),
    ...(digested.length === 0
      ? {}
      : {
          digests: {
            publicKeys,
            read: async () => {
              const digests: DigestFile[] = [];
              for (const region of digested)
                for (const day of listDays(trail))
                  for (const { file } of await listObjects(
                    s3,
                    bucket,
                    `${place('CloudTrail-Digest')}${region}/${day}/`,
                  ))
                    digests.push(await readDigest(s3, bucket, file));
              return digests;
            },
          },
        }),
  };
}

/** Logs arrive some time after what they tell of, digests an hour later still; `YYYY/MM/DD`. */
function listDays({ from, to }: TrailBucket): readonly string[] {
  const first = Math.floor(Date.parse(from) / DAY_MS) - 1;
  const last = Math.floor(Date.parse(to) / DAY_MS) + 1;
  return Array.from({ length: last - first + 1 }, (_, at) =>
    new Date((first + at) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '/'),
  );
}

/** One after the other, some of them fetched ahead; a file is gone when the next one is asked for. */
async function* fetchFiles({ s3, bucket, folder }: TrailBucket, files: readonly FoundLog[]): AsyncGenerator<FoundLog> {
  mkdirSync(folder, { recursive: true });
  const fetched: Promise<FoundLog>[] = [];
  for (let at = 0; at < files.length; at += 1) {
    while (fetched.length < AHEAD && at + fetched.length < files.length) {
      const next = at + fetched.length;
      const pending = fetchFile(s3, bucket, files[next]!.file, join(folder, String(next % (2 * AHEAD))));
      // Whoever awaits it is told; until then nobody is.
      pending.catch(() => undefined);
      fetched.push(pending);
    }
    const file = await fetched.shift()!;
    yield file;
    rmSync(file.path);
  }
}

async function fetchFile(s3: S3Client, bucket: string, key: string, path: string): Promise<FoundLog> {
  const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  await pipeline(Body as Readable, createWriteStream(path));
  return { file: key, path, bytes: ContentLength };
}

async function readDigest(s3: S3Client, bucket: string, key: string): Promise<DigestFile> {
  const { Body, Metadata = {} } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (Body === undefined) throw new Error(`S3 answered without the content of ${key}.`);
  return readDigestObject({ bucket, key }, await Body.transformToByteArray(), Metadata);
}

async function listObjects(s3: S3Client, bucket: string, prefix: string): Promise<readonly FoundLog[]> {
  const found: FoundLog[] = [];
  let from: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(from && { ContinuationToken: from }) }),
    );
    for (const { Key, Size = 0 } of page.Contents ?? [])
      if (Key !== undefined && !Key.endsWith('/')) found.push({ file: Key, path: Key, bytes: Size });
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return found;
}

/** Names of the folders below a prefix. */
async function listFolders(s3: S3Client, bucket: string, prefix: string): Promise<readonly string[]> {
  const { CommonPrefixes = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/' }),
  );
  return CommonPrefixes.flatMap(({ Prefix }) => Prefix?.slice(prefix.length, -1) ?? []);
}
