import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** The objects of one bucket, by key. */
export interface Objects {
  list(prefix: string): Promise<readonly string[]>;
  /** As `list`, with what S3 says of each. */
  describe(prefix: string): Promise<readonly StoredObject[]>;
  read(key: string): Promise<Uint8Array>;
  /** Bytes from the first offset up to the second, excluded, or to the object's end. */
  readRange(key: string, start: number, end: number): Promise<Uint8Array>;
  write(key: string, body: string | Uint8Array): Promise<void>;
  /** SHA-256 of an object, which is not held in memory, and by what S3 tells what was hashed from what replaces it. */
  hash(key: string): Promise<HashedObject>;
  /**
   * Within the bucket; an object of 5 GiB is the largest.
   * @param tag of what is to be copied: refused where another object stands there by now
   */
  copy(from: string, to: string, tag?: string): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  /** What replaces it has another. */
  readonly tag: string;
  /** When it was written, in whole seconds: UTC, ISO 8601. */
  readonly modified: string;
  readonly bytes: number;
}

interface HashedObject {
  /** Hexadecimal. */
  readonly sha256: string;
  readonly tag: string;
  /** When it was written, in whole seconds: UTC, ISO 8601. */
  readonly modified: string;
}

export function openObjects(s3: S3Client, bucket: string): Objects {
  const listAll = async (prefix: string): Promise<readonly StoredObject[]> => {
    const found: StoredObject[] = [];
    let from: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(from && { ContinuationToken: from }) }),
      );
      for (const { Key, ETag: tag = '', LastModified, Size: bytes = 0 } of page.Contents ?? [])
        if (Key !== undefined) found.push({ key: Key, tag, modified: toWholeSeconds(LastModified), bytes });
      from = page.NextContinuationToken;
    } while (from !== undefined);
    return found;
  };
  return {
    list: async (prefix) => (await listAll(prefix)).map(({ key }) => key),
    describe: listAll,
    async read(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new Error(`S3 answered without the content of ${key}.`);
      return Body.transformToByteArray();
    },
    async readRange(key, start, end) {
      const Range = `bytes=${start}-${end - 1}`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
      if (Body === undefined) throw new Error(`S3 answered without the content of ${key}.`);
      return Body.transformToByteArray();
    },
    async write(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    async hash(key) {
      const { Body, ETag: tag, LastModified } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (tag === undefined || LastModified === undefined)
        throw new Error(`S3 answered without the tag and time of ${key}.`);
      const hash = createHash('sha256');
      for await (const part of Body as AsyncIterable<Uint8Array>) hash.update(part);
      return { sha256: hash.digest('hex'), tag, modified: toWholeSeconds(LastModified) };
    },
    async copy(from, to, tag) {
      const CopySource = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
      await s3.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: to,
          CopySource,
          ...(tag !== undefined && { CopySourceIfMatch: tag }),
        }),
      );
    },
  };
}

/** A list may tell the thousandths, which an object's own header does not. */
function toWholeSeconds(at: Date | undefined): string {
  return at === undefined ? '' : new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString();
}
