import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { ScanStore } from '../../lib/audit/logs/kept-scan';
import { putFile } from '../shared/put-file';
import { listStored } from './list-stored';

/** Scans below a prefix of the ledger's bucket, which locks what is put there. */
export function openScanStore(s3: S3Client, bucket: string, prefix: string): ScanStore {
  const get = async (name: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${name}` }));
    if (Body === undefined) throw new Error(`S3 answered without the content of ${name}.`);
    return Body;
  };
  return {
    list: async (folder) =>
      (await listStored(s3, bucket, `${prefix}${folder}`)).map(({ file }) => file.slice(prefix.length)),
    read: async (name) => (await get(name)).transformToString('utf8'),
    fetch: async (name, path) => pipeline((await get(name)) as Readable, createWriteStream(path)),
    putNew: async (name, content) => {
      const to = { Bucket: bucket, Key: `${prefix}${name}`, IfNoneMatch: '*' };
      try {
        if (typeof content === 'string') await s3.send(new PutObjectCommand({ ...to, Body: content }));
        else await putFile(s3, content.path, to);
      } catch (error) {
        const isThere =
          error instanceof S3ServiceException &&
          ['PreconditionFailed', 'ConditionalRequestConflict'].includes(error.name);
        if (!isThere) throw error;
      }
    },
  };
}
