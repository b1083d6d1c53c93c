import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** The objects of one bucket, by key. */
export interface Objects {
  list(prefix: string): Promise<readonly string[]>;
  read(key: string): Promise<Uint8Array>;
  write(key: string, body: string | Uint8Array): Promise<void>;
}

export function openObjects(s3: S3Client, bucket: string): Objects {
  return {
    async list(prefix) {
      const keys: string[] = [];
      let from: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(from && { ContinuationToken: from }) }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
        from = page.NextContinuationToken;
      } while (from !== undefined);
      return keys;
    },
    async read(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new Error(`S3 answered without the content of ${key}.`);
      return Body.transformToByteArray();
    },
    async write(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
  };
}
