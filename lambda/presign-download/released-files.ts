import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { LINK_SECONDS } from '../../lib/domain/enforcement/decide-upload';
import type { ReleasedFile } from './answer-reading';

export async function listFiles(s3: S3Client, Bucket: string, Prefix: string): Promise<readonly ReleasedFile[]> {
  const files: ReleasedFile[] = [];
  let from: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix, ...(from === undefined ? {} : { ContinuationToken: from }) }),
    );
    for (const { Key, Size = 0 } of page.Contents ?? []) if (Key !== undefined) files.push({ key: Key, bytes: Size });
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return files;
}

/** Signs a link under which S3 gives out this object of the room's own bucket, and nothing else. */
export function signDownload(s3: S3Client, Bucket: string, Key: string, at: Date, owner: string): Promise<string> {
  const get = new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: owner });
  return getSignedUrl(s3, get, { expiresIn: LINK_SECONDS, signingDate: at });
}
