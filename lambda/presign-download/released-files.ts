import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ReleasedFile } from '../../lib/domain/enforcement/doors/decide-reading';
import { LINK_SECONDS, LINK_SESSION_SECONDS, nameLinkSession } from '../../lib/domain/enforcement/doors/link-session';

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

/** What is signed: by which decision, when, and whose the bucket is. */
export interface LinkSigning {
  /** Id of the decision. */
  readonly decision: string;
  readonly at: Date;
  /** 12 digits. */
  readonly roomAccount: string;
}

/**
 * Signs links under which S3 gives out these objects of the room's own bucket, and nothing else. Their session is named for the
 * decision: what is read by them is known by it in every log.
 */
export async function signDownloads(
  sts: STSClient,
  { role, bucket, region }: { readonly role: string; readonly bucket: string; readonly region: string },
  keys: readonly string[],
  { decision, at, roomAccount }: LinkSigning,
): Promise<readonly string[]> {
  const session = { RoleArn: role, RoleSessionName: nameLinkSession(decision), DurationSeconds: LINK_SESSION_SECONDS };
  const { Credentials } = await sts.send(new AssumeRoleCommand(session));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken } = Credentials ?? {};
  const credentials = { accessKeyId, secretAccessKey, ...(SessionToken && { sessionToken: SessionToken }) };
  const s3 = new S3Client({ region, credentials });
  return Promise.all(
    keys.map((Key) => {
      const get = new GetObjectCommand({ Bucket: bucket, Key, ExpectedBucketOwner: roomAccount });
      return getSignedUrl(s3, get, { expiresIn: LINK_SECONDS, signingDate: at });
    }),
  );
}
