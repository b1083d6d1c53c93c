import { gunzipSync, gzipSync } from 'node:zlib';
import {
  hex,
  listKey,
  makeSigningKey,
  type SigningKey,
  type StoredFile,
  signDigest,
} from '../../../unit/audit/integrity/trail-maker';
import type { Draw } from './draw';
import { alter, type Happening, HOUR, instant, REGION, type Stage } from './happenings';

/* The files that tell of what happened, and when each is there. */

const MINUTE = 60_000;
const SLOT = 15 * MINUTE;
const TRAIL_BUCKET = 'trail-x';

export interface LogFile {
  readonly kind: 'logs' | 'server-access-logs' | 'transfer-logs' | 'digests';
  readonly path: string;
  /** Milliseconds. */
  readonly delivered: number;
  readonly bytes: Uint8Array;
}

export interface Delivered {
  readonly files: readonly LogFile[];
  /** Whether log files are named as CloudTrail does. */
  readonly isNamed: boolean;
  /** Lines for `metadata.jsonl`. */
  readonly signatures: readonly object[];
  /** As `aws cloudtrail list-public-keys` gives them. */
  readonly publicKeys: object;
}

interface Group {
  readonly kind: LogFile['kind'];
  readonly delivered: number;
  readonly items: unknown[];
}

export function deliver(stage: Stage): Delivered {
  const isNamed = stage.draw.chance(0.85);
  const groups = [...groupByDelivery(stage).values()];
  const files = groups.map((group, at) => writeFile(stage, group, at, isNamed));
  const key = makeSigningKey();
  const digests = writeDigests(
    stage,
    files.filter(({ kind }) => kind === 'logs'),
    key,
  );
  const { value, fingerprint, validFrom, validTo } = listKey(key);
  const publicKey = { Value: value, Fingerprint: fingerprint, ValidityStartTime: validFrom, ValidityEndTime: validTo };
  return {
    files: [...files, ...digests.map(({ file }) => file)],
    isNamed,
    signatures: digests.map(({ signature }) => signature),
    publicKeys: { PublicKeyList: [publicKey] },
  };
}

/** Some minutes after it happened, or hours: each quarter of an hour in a file of its own, and what is late in others. */
function groupByDelivery({ draw, happenings }: Stage): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const late = draw.chance(0.6) ? 0.15 : 0;
  const twice = draw.chance(0.5) ? 0.1 : 0;
  const altered = draw.chance(0.4) ? 0.05 : 0;
  const put = (kind: LogFile['kind'], at: number, item: unknown) => {
    const slot = Math.floor(at / SLOT);
    const times = draw.chance(late) ? 1 + draw.below(3) : 0;
    const lag = times === 0 ? -5 * MINUTE + draw.below(5 * MINUTE) : times * (2 + draw.below(8)) * HOUR;
    const name = `${kind}/${slot}/${times}`;
    const group = groups.get(name) ?? { kind, delivered: (slot + 1) * SLOT + lag, items: [] };
    groups.set(name, group);
    group.items.push(item);
  };
  for (const happening of happenings)
    for (const [kind, item] of itemsOf(happening, draw, twice, altered)) put(kind, happening.at, item);
  return groups;
}

function itemsOf(
  happening: Happening,
  draw: Draw,
  twice: number,
  altered: number,
): (readonly [LogFile['kind'], unknown])[] {
  if (happening.log === 'server-access') return [['server-access-logs', happening.line]];
  if (happening.log === 'transfer') return [['transfer-logs', happening.event]];
  if (happening.log === 'bus' || !happening.isFiled) return [];
  const { record } = happening;
  const again = draw.chance(twice) ? [record] : [];
  const other = draw.chance(altered) ? [alter(record, draw)] : [];
  return [record, ...again, ...other].map((each) => ['logs', each]);
}

function writeFile(stage: Stage, { kind, delivered, items }: Group, number: number, isNamed: boolean): LogFile {
  const lines = items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  const text = `${lines.join('\n')}\n`;
  if (kind === 'server-access-logs') return { kind, delivered, path: `s3-${number}.log`, bytes: Buffer.from(text) };
  if (kind === 'logs') {
    const path = isNamed ? nameLog(stage, delivered, number) : `part-${number}.json.gz`;
    return { kind, delivered, path, bytes: gzipSync(JSON.stringify({ Records: items })) };
  }
  const about = { messageType: 'DATA_MESSAGE', owner: stage.room, logGroup: 'g', logStream: 's' };
  const delivery = JSON.stringify({ ...about, subscriptionFilters: ['x'], logEvents: items });
  const bytes = Buffer.from(stage.draw.chance(0.5) ? text : delivery);
  return { kind, delivered, path: `sftp-${number}.json`, bytes };
}

const folderOf = (room: string, kind: string, day: string) =>
  `AWSLogs/${room}/${kind}/${REGION}/${day.slice(0, 10).replaceAll('-', '/')}`;

function nameLog({ room }: Stage, delivered: number, number: number): string {
  const time = instant(Math.floor(delivered / MINUTE) * MINUTE);
  const stamp = `${time.replaceAll(/[-:]/g, '').slice(0, 13)}Z`;
  const unique = `f${String(number).padStart(6, '0')}aaaaaaaaaa`;
  return `${folderOf(room, 'CloudTrail', time)}/${room}_CloudTrail_${REGION}_${stamp}_${unique}.json.gz`;
}

interface SignedDigest {
  readonly file: LogFile;
  readonly signature: object;
}

/** One for each hour, from half a day before to two days after; hours begin at any minute. */
function writeDigests(stage: Stage, logs: readonly LogFile[], key: SigningKey): readonly SignedDigest[] {
  const begin = stage.start - 13 * HOUR + stage.draw.pick([0, 0, 41, 7]) * MINUTE;
  const written: SignedDigest[] = [];
  let previous: StoredFile | undefined;
  for (let from = begin; from < stage.start + stage.span + 27 * HOUR; from += HOUR) {
    const own = logs.filter(({ delivered }) => delivered >= from && delivered < from + HOUR);
    previous = writeDigest(stage.room, from, own, previous, key);
    const { key: path, stored, metadata } = previous;
    written.push({
      file: { kind: 'digests', path, delivered: from + HOUR + 10 * MINUTE, bytes: stored },
      signature: {
        key: path,
        Metadata: { signature: metadata.signature, 'signature-algorithm': metadata.algorithm },
      },
    });
  }
  return written;
}

function writeDigest(
  room: string,
  from: number,
  logs: readonly LogFile[],
  previous: StoredFile | undefined,
  signedBy: SigningKey,
) {
  const end = instant(from + HOUR);
  const name = `${room}_CloudTrail-Digest_${REGION}_barter-room_${REGION}_${end.replaceAll(/[-:]/g, '')}.json.gz`;
  const key = `${folderOf(room, 'CloudTrail-Digest', end)}/${name}`;
  const told = logs.length > 0 ? instant(from) : null;
  const content = {
    awsAccountId: room,
    digestStartTime: instant(from),
    digestEndTime: end,
    digestS3Bucket: TRAIL_BUCKET,
    digestS3Object: key,
    digestPublicKeyFingerprint: signedBy.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: told,
    oldestEventTime: told,
    previousDigestS3Bucket: previous === undefined ? null : TRAIL_BUCKET,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous === undefined ? null : hex(gunzipSync(previous.stored)),
    previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
    previousDigestSignature: previous?.metadata.signature ?? null,
    logFiles: logs.map(({ path, bytes }) => ({
      s3Bucket: TRAIL_BUCKET,
      s3Object: path,
      hashValue: hex(gunzipSync(bytes)),
      hashAlgorithm: 'SHA-256',
    })),
  };
  return signDigest({ bucket: TRAIL_BUCKET, key, content, signedBy, backfill: false });
}
