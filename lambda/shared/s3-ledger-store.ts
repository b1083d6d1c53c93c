import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { LedgerStore } from '../../lib/domain/audit/ledger/record-accesses';

/** A ledger under a prefix of a bucket. S3's own conditions on writes keep two writers apart. */
export function openS3LedgerStore(s3: S3Client, bucket: string, prefix: string): LedgerStore {
  const put = async (path: string, body: Uint8Array, condition: { IfNoneMatch: '*' } | { IfMatch: string }) => {
    try {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${path}`, Body: body, ...condition }));
      return true;
    } catch (error) {
      // The second: two conditional writes of one key at the same moment, of which S3 takes one.
      if (isNamed(error, ['PreconditionFailed', 'ConditionalRequestConflict'])) return false;
      throw error;
    }
  };
  return {
    get: async (path) => {
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${path}` }));
        if (Body === undefined || ETag === undefined) throw new Error(`S3 answered without the content of ${path}.`);
        return { bytes: await Body.transformToByteArray(), tag: ETag };
      } catch (error) {
        if (isNamed(error, ['NoSuchKey'])) return undefined;
        throw error;
      }
    },
    list: async (folder) => {
      const paths: string[] = [];
      let from: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: `${prefix}${folder}`,
            ...(from === undefined ? {} : { ContinuationToken: from }),
          }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) paths.push(Key.slice(prefix.length));
        from = page.NextContinuationToken;
      } while (from !== undefined);
      return paths;
    },
    putNew: (path, bytes) => put(path, bytes, { IfNoneMatch: '*' }),
    replace: (path, bytes, tag) => put(path, bytes, tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag }),
  };
}

function isNamed(error: unknown, names: readonly string[]): boolean {
  return error instanceof S3ServiceException && names.includes(error.name);
}
