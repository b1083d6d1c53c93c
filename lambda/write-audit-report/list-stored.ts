import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { StoredLog } from '../../lib/audit/logs/kept-scan';

/** The objects whose keys begin so, in order, without the markers of folders. */
export async function listStored(s3: S3Client, bucket: string, prefix: string): Promise<readonly StoredLog[]> {
  const found: StoredLog[] = [];
  let from: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(from && { ContinuationToken: from }) }),
    );
    for (const { Key, Size = 0, ETag = '' } of page.Contents ?? [])
      if (Key !== undefined && !Key.endsWith('/')) found.push({ file: Key, path: Key, bytes: Size, tag: ETag });
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return found;
}
