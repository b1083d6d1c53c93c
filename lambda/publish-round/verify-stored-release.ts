import { sha256 } from '../../lib/audit/node-crypto';
import { verifyRelease } from '../../lib/domain/exchange/gates/verify-release';
import type { Certificate } from '../../lib/domain/privacy/certificate/certificate';
import { CERTIFICATE, hashFiles } from '../../lib/domain/privacy/certificate/hash-files';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import { MOST_VERIFIED, type ReleaseRecord, type VerificationRecord } from '../../lib/domain/registry/round-records';
import type { Objects, StoredObject } from '../shared/objects';

/** What was found of a release where it lies. */
export interface Verification {
  /** What does not fit; empty where all does. */
  readonly problems: readonly string[];
  /** Its files, as they were when they were verified, but for the certificate. */
  readonly files: readonly VerifiedFile[];
}

export interface VerifiedFile {
  readonly key: string;
  /** Name within the release. */
  readonly file: string;
  /** S3's tag of what was verified: what replaces it has another. */
  readonly tag: string;
  /** When it was written: UTC, ISO 8601. */
  readonly modified: string;
}

/** What calls before have hashed, and where that is kept. */
export type KeptHashes = Pick<ReturnType<Registry['verifications']>, 'read' | 'create' | 'change'>;

/** Whoever hashes this many bytes keeps what it has: the next call need not do it again, however early this one ends. */
const KEEP_EVERY = 1 << 30;

/** A release that is hashed in a second or two is hashed again. */
const WORTH_KEEPING = 64 << 20;

/**
 * Holds a release, as it lies in the lake bucket now, against its certificate and the record. A large one takes several calls:
 * what was hashed before, and has the same tag and time, is not hashed again.
 */
export async function verifyStoredRelease(
  lake: Pick<Objects, 'describe' | 'read' | 'hash'>,
  kept: KeptHashes,
  { plan }: Pick<AgreementOnRecord, 'plan'>,
  release: ReleaseRecord,
): Promise<Verification> {
  const found = await lake.describe(release.place);
  const certificateKey = `${release.place}${CERTIFICATE}`;
  if (found.every(({ key }) => key !== certificateKey))
    return { problems: ['there is no certificate beside it'], files: [] };
  const certificate: Certificate = JSON.parse(new TextDecoder().decode(await lake.read(certificateKey)));
  const parts = found.filter(({ key }) => key !== certificateKey).sort((one, other) => (one.key < other.key ? -1 : 1));
  const files = await hashAll(lake, kept, release, parts);
  if (files.length === 0) return { problems: ['there is no file of it'], files };
  return { problems: verifyRelease(plan, release, certificate, hashFiles(files, sha256), sha256), files };
}

async function hashAll(
  lake: Pick<Objects, 'hash'>,
  kept: KeptHashes,
  release: ReleaseRecord,
  parts: readonly StoredObject[],
): Promise<(VerifiedFile & { readonly sha256: string })[]> {
  const isKept = sumBytes(parts) >= WORTH_KEEPING && parts.length <= MOST_VERIFIED;
  const before = isKept ? await readKept(kept, release) : new Map<string, HashedFile>();
  const files: (VerifiedFile & { readonly sha256: string })[] = [];
  let since = 0;
  for (const { key, tag, modified, bytes } of parts) {
    const file = key.slice(release.place.length);
    const known = before.get(file);
    const isSame = known?.tag === tag && known.modified === modified;
    files.push({ key, file, ...(isSame ? known : await lake.hash(key)) });
    since += isSame ? 0 : bytes;
    if (!isKept || since < KEEP_EVERY) continue;
    await keep(kept, release, files);
    since = 0;
  }
  if (isKept && since > 0) await keep(kept, release, files);
  return files;
}

type HashedFile = VerificationRecord['files'][number];

/** Nothing of a release that lay there before. */
async function readKept(kept: KeptHashes, { round, leg, place }: ReleaseRecord): Promise<Map<string, HashedFile>> {
  const record = await kept.read(round, leg);
  return new Map(record?.place === place ? record.files.map((each) => [each.file, each]) : []);
}

async function keep(
  kept: KeptHashes,
  { agreement, round, leg, place }: ReleaseRecord,
  files: readonly HashedFile[],
): Promise<void> {
  const record: VerificationRecord = {
    ...{ agreement, round, leg, place },
    files: files.map(({ file, tag, modified, sha256: hash }) => ({ file, tag, modified, sha256: hash })),
  };
  if (!(await kept.create(record))) await kept.change([round, leg], () => record);
}

function sumBytes(parts: readonly StoredObject[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
