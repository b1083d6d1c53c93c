import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { gzipSync, inflateRawSync } from 'node:zlib';
import { type GzipReading, type InflateRaw, readGzip } from '../../../../lib/domain/audit/integrity/gzip';
import type { DigestFile, LogFile, TrailCopy, TrailCrypto } from '../../../../lib/domain/audit/integrity/trail-copy';
import { sha256 } from '../sha256';

/** A trail as it lies in S3: files with their bytes and metadata. */
export interface StoredTrail {
  readonly digests: readonly StoredFile[];
  readonly logs: readonly StoredFile[];
  readonly keys: TrailCopy['publicKeys'];
}

export interface StoredFile {
  readonly bucket: string;
  readonly key: string;
  readonly stored: Uint8Array;
  readonly metadata: DigestFile['metadata'];
}

export interface SigningKey {
  readonly fingerprint: string;
  readonly secret: KeyObject;
}

export const ACCOUNT = '111122223333';
export const BUCKET = 'audit-trail';
export const REGION = 'eu-central-1';
export const PERIOD = { from: '2026-03-01T00:00:00Z', to: '2026-03-01T06:00:00Z' };
const HOURS = 6;

export const CRYPTO: TrailCrypto = {
  sha256,
  verifyRsa: (publicKey, message, signature) => {
    const asked = [publicKey, message, signature].map((part) => Buffer.from(part).toString('base64')).join(' ');
    const known = VERIFIED.get(asked) ?? verifyAnew(publicKey, message, signature);
    VERIFIED.set(asked, known);
    return known;
  },
};

/** Of a trail with one change in it, most was verified and read before: by the same bytes, and the same file, once is enough. */
const VERIFIED = new Map<string, boolean>();
const READ = new WeakMap<StoredFile, GzipReading>();

function verifyAnew(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'pkcs1' });
    return verify('sha256', message, key, signature);
  } catch {
    return false;
  }
}

function readStored(file: StoredFile): GzipReading {
  const known = READ.get(file) ?? readGzip(file.stored, inflateRaw);
  READ.set(file, known);
  return known;
}

export const KEY = makeSigningKey();
const PAIRS = new WeakMap<SigningKey, KeyObject>();

export function makeSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ format: 'der', type: 'pkcs1' });
  return { fingerprint: createHash('md5').update(der).digest('hex'), secret: privateKey };
}

export function listKey(key: SigningKey): TrailCopy['publicKeys'][number] {
  const known = PAIRS.get(key) ?? createPublicKey(key.secret);
  PAIRS.set(key, known);
  return {
    fingerprint: key.fingerprint,
    value: known.export({ format: 'der', type: 'pkcs1' }).toString('base64'),
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2027-01-01T00:00:00Z',
  };
}

/** Six hours of a trail, two log files in each, as CloudTrail would have left them. */
export function makeTrail(): StoredTrail {
  const logs = Array.from({ length: HOURS * 2 }, (_, at) => makeLog(Math.floor(at / 2), (at % 2) * 30, at));
  const digests: StoredFile[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    digests.push(makeDigest({ hour, logs: logs.slice(hour * 2, hour * 2 + 2), previous: digests.at(-1) }));
  }
  return { digests, logs, keys: [listKey(KEY)] };
}

export function makeLog(hour: number, minute: number, number: number): StoredFile {
  const stamp = `20260301T${pad(hour)}${pad(minute)}Z`;
  const records = [{ eventID: `event-${number}`, eventName: 'GetObject', recipientAccountId: ACCOUNT }];
  const key = `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2026/03/01/${ACCOUNT}_CloudTrail_${REGION}_${stamp}_Ab${number}.json.gz`;
  return { bucket: BUCKET, key, stored: zip(JSON.stringify({ Records: records })), metadata: {} };
}

export function makeDigest(options: {
  readonly hour: number;
  readonly logs: readonly StoredFile[];
  readonly previous?: StoredFile | undefined;
  readonly signedBy?: SigningKey;
  readonly backfill?: boolean;
  /** Replaces fields before signing. */
  readonly change?: Readonly<Record<string, unknown>>;
}): StoredFile {
  const { hour, logs, previous, signedBy = KEY, backfill = false, change = {} } = options;
  const end = `20260301T${pad(hour + 1)}0000Z${backfill ? '_backfill' : ''}`;
  const key = `AWSLogs/${ACCOUNT}/CloudTrail-Digest/${REGION}/2026/03/01/${ACCOUNT}_CloudTrail-Digest_${REGION}_room_trail_${REGION}_${end}.json.gz`;
  const digest = {
    awsAccountId: ACCOUNT,
    digestStartTime: `2026-03-01T${pad(hour)}:00:00Z`,
    digestEndTime: `2026-03-01T${pad(hour + 1)}:00:00Z`,
    digestS3Bucket: BUCKET,
    digestS3Object: key,
    digestPublicKeyFingerprint: signedBy.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: `2026-03-01T${pad(hour)}:52:27Z`,
    oldestEventTime: `2026-03-01T${pad(hour)}:02:27Z`,
    previousDigestS3Bucket: previous?.bucket ?? null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous === undefined ? null : hex(unzip(previous.stored)),
    previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
    previousDigestSignature: previous?.metadata.signature ?? null,
    logFiles: logs.map((log) => ({
      s3Bucket: log.bucket,
      s3Object: log.key,
      hashValue: hex(unzip(log.stored)),
      hashAlgorithm: 'SHA-256',
    })),
    ...change,
  };
  return signDigest({ bucket: BUCKET, key, content: digest, signedBy, backfill });
}

/** Zips a digest and signs it as CloudTrail does. */
export function signDigest(options: {
  readonly bucket: string;
  readonly key: string;
  readonly content: {
    readonly digestEndTime: string;
    readonly digestS3Bucket: string;
    readonly digestS3Object: string;
    readonly previousDigestSignature: unknown;
  };
  readonly signedBy: SigningKey;
  readonly backfill: boolean;
}): StoredFile {
  const { bucket, key, content, signedBy, backfill } = options;
  const text = JSON.stringify(content);
  const place = `${content.digestS3Bucket}/${content.digestS3Object}`;
  const message = [content.digestEndTime, place, hex(Buffer.from(text)), content.previousDigestSignature ?? 'null'];
  const signature = sign('sha256', Buffer.from(message.join('\n')), signedBy.secret).toString('hex');
  const metadata = { signature, algorithm: 'SHA256withRSA' };
  const backfilled = backfill ? { backfilledAt: '2026-03-02T09:00:00Z' } : {};
  return { bucket, key, stored: zip(text), metadata: { ...metadata, ...backfilled } };
}

/** Reads the stored files, as whoever brings them to the domain must. */
export function readTrail(trail: StoredTrail): TrailCopy {
  const digests = trail.digests.map((stored) => ({
    bucket: stored.bucket,
    key: stored.key,
    file: readStored(stored),
    metadata: stored.metadata,
  }));
  return { digests, logs: trail.logs.map(readLog), publicKeys: trail.keys, period: PERIOD };
}

function readLog(stored: StoredFile): LogFile {
  const { bucket, key } = stored;
  const file = readStored(stored);
  if (file.kind === 'broken') return { bucket, key, file };
  return { bucket, key, file: { kind: 'whole', sha256: hex(file.content), trailing: file.trailing } };
}

export const inflateRaw: InflateRaw = (deflated) => {
  // Node gives the engine, and with it what was consumed, when asked for `info`; its types do not know that.
  const options: object = { info: true };
  const result: unknown = inflateRawSync(deflated, options);
  const { buffer, engine } = result as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
  return { content: new Uint8Array(buffer), consumed: engine.bytesWritten };
};

export function zip(text: string): Uint8Array {
  return new Uint8Array(gzipSync(text));
}

export function unzip(stored: Uint8Array): Uint8Array {
  const file = readGzip(stored, inflateRaw);
  return file.kind === 'whole' ? file.content : new Uint8Array();
}

export function hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
