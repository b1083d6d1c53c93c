import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DAY, REGION, ROOM, type SampleRecord } from './make-records';

export interface SampleFile {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface SampleTrail {
  readonly logs: readonly SampleFile[];
  readonly digests: readonly SampleFile[];
  /** What S3 keeps beside the digests: a line for each, as `aws s3api head-object` writes it, with its key. */
  readonly metadata: readonly object[];
  /** As `aws cloudtrail list-public-keys` gives it. */
  readonly publicKeys: object;
}

/** Whose trail it is, and where it lies. */
export interface TrailPlace {
  /** 12 digits. */
  readonly account: string;
  readonly bucket: string;
}

const TRAIL = 'barter-room';
const FOLDER = `${REGION}/${DAY.replaceAll('-', '/')}`;

/**
 * A day of a trail: a log file and a digest for every hour, chained and signed as CloudTrail does it. The key is made here and
 * forgotten, so that signatures differ from run to run and nobody can sign anything else with it.
 */
export function makeTrail(
  records: readonly SampleRecord[],
  { account, bucket }: TrailPlace = { account: ROOM, bucket: 'barter-room-trail-sample' },
): SampleTrail {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ format: 'der', type: 'pkcs1' });
  const fingerprint = createHash('md5').update(der).digest('hex');
  const logs: SampleFile[] = [];
  const digests: SampleFile[] = [];
  const metadata: object[] = [];
  let previous = { key: null as string | null, hash: null as string | null, signature: null as string | null };
  for (let hour = 0; hour < 24; hour += 1) {
    const text = JSON.stringify({
      Records: records.filter(({ eventTime }) => Number(eventTime.slice(11, 13)) === hour),
    });
    const log = `AWSLogs/${account}/CloudTrail/${FOLDER}/${account}_CloudTrail_${REGION}_${stamp(hour, 55)}_sample${pad(hour)}.json.gz`;
    logs.push({ key: log, bytes: gzipSync(text) });
    const key = `AWSLogs/${account}/CloudTrail-Digest/${FOLDER}/${account}_CloudTrail-Digest_${REGION}_${TRAIL}_${REGION}_${instant(hour + 1).replaceAll(/[-:]/g, '')}.json.gz`;
    const digest = JSON.stringify({
      awsAccountId: account,
      digestStartTime: instant(hour),
      digestEndTime: instant(hour + 1),
      digestS3Bucket: bucket,
      digestS3Object: key,
      digestPublicKeyFingerprint: fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: instant(hour),
      oldestEventTime: instant(hour),
      previousDigestS3Bucket: previous.key === null ? null : bucket,
      previousDigestS3Object: previous.key,
      previousDigestHashValue: previous.hash,
      previousDigestHashAlgorithm: previous.hash === null ? null : 'SHA-256',
      previousDigestSignature: previous.signature,
      logFiles: [{ s3Bucket: bucket, s3Object: log, hashValue: sha256(text), hashAlgorithm: 'SHA-256' }],
    });
    const message = [instant(hour + 1), `${bucket}/${key}`, sha256(digest), previous.signature ?? 'null'].join('\n');
    const signature = sign('sha256', Buffer.from(message), privateKey).toString('hex');
    digests.push({ key, bytes: gzipSync(digest) });
    metadata.push({ key, Metadata: { signature, 'signature-algorithm': 'SHA256withRSA' } });
    previous = { key, hash: sha256(digest), signature };
  }
  const [ValidityStartTime, ValidityEndTime] = ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'];
  const publicKeys = {
    PublicKeyList: [{ Value: der.toString('base64'), Fingerprint: fingerprint, ValidityStartTime, ValidityEndTime }],
  };
  return { logs, digests, metadata, publicKeys };
}

function instant(hour: number): string {
  return new Date(Date.parse(`${DAY}T00:00:00Z`) + hour * 3_600_000).toISOString().replace('.000Z', 'Z');
}

function stamp(hour: number, minute: number): string {
  return `${DAY.replaceAll('-', '')}T${pad(hour)}${pad(minute)}Z`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
