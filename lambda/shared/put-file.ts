import { createReadStream, statSync } from 'node:fs';
import { PutObjectCommand, type PutObjectCommandInput, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/**
 * Puts a file as it lies on the disk, however large. What is sent as a stream the SDK does not send again; where S3 was busy it
 * is opened anew.
 */
export async function putFile(s3: S3Client, path: string, to: Omit<PutObjectCommandInput, 'Body'>): Promise<void> {
  const ContentLength = statSync(path).size;
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      await s3.send(new PutObjectCommand({ ...to, Body: createReadStream(path), ContentLength }));
      return;
    } catch (error) {
      if (left === 0 || !isBusy(error)) throw error;
    }
  }
}

const ATTEMPTS = 4;

/** Throttled, or broken on its side. */
function isBusy(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.$metadata.httpStatusCode ?? 0) >= 500;
}
