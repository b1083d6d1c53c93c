import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FoundLog } from '../../lib/audit/logs/list-log-files';

/** Files that are fetched ahead of the one that is read. */
const AHEAD = 16;

/** Puts what a file is in its place on this disk. */
type FetchFile = (file: FoundLog, path: string) => Promise<FoundLog>;

/** One after the other, some of them fetched ahead; a file is gone when the next one is asked for. */
export async function* fetchFiles(
  folder: string,
  files: readonly FoundLog[],
  fetchFile: FetchFile,
): AsyncGenerator<FoundLog> {
  mkdirSync(folder, { recursive: true });
  const fetched: Promise<FoundLog>[] = [];
  for (let at = 0; at < files.length; at += 1) {
    while (fetched.length < AHEAD && at + fetched.length < files.length) {
      const next = at + fetched.length;
      const pending = fetchFile(files[next]!, join(folder, String(next % (2 * AHEAD))));
      // Whoever awaits it is told; until then nobody is.
      pending.catch(() => undefined);
      fetched.push(pending);
    }
    const file = await fetched.shift()!;
    yield file;
    rmSync(file.path);
  }
}

/** An object under its key. */
export async function fetchObject(s3: S3Client, bucket: string, key: string, path: string): Promise<FoundLog> {
  const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  await pipeline(Body as Readable, createWriteStream(path));
  return { file: key, path, bytes: ContentLength };
}
