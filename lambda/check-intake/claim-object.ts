import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** Puts an object where there is none; answers what stands there then, whoever put it. */
export async function claimObject(s3: S3Client, Bucket: string, Key: string, Body: string): Promise<string> {
  try {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: '*' }));
    return Body;
  } catch (error) {
    if (!(error instanceof S3ServiceException) || !TAKEN.includes(error.name)) throw error;
  }
  const found = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await found.Body?.transformToString()) ?? '';
}

/** The second: two conditional writes at the same moment, of which S3 takes one. */
const TAKEN: readonly string[] = ['PreconditionFailed', 'ConditionalRequestConflict'];
