import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ReleasedFile } from '../../lib/domain/enforcement/doors/decide-reading';
import { LINK_SECONDS } from '../../lib/domain/enforcement/doors/link-session';
import { type LinkPlaces, type LinkSigning, openLinkSigner } from '../shared/link-signer';

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

/** Signs links under which S3 gives out these objects of the room's own bucket, and nothing else. */
export async function signDownloads(
  sts: STSClient,
  places: LinkPlaces,
  keys: readonly string[],
  { decision, at, roomAccount }: LinkSigning,
): Promise<readonly string[]> {
  const s3 = await openLinkSigner(sts, places, decision);
  return Promise.all(
    keys.map((Key) => {
      const get = new GetObjectCommand({ Bucket: places.bucket, Key, ExpectedBucketOwner: roomAccount });
      return getSignedUrl(s3, get, { expiresIn: LINK_SECONDS, signingDate: at });
    }),
  );
}
