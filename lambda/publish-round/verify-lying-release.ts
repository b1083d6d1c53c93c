import { sha256 } from '../../lib/audit/node-crypto';
import { verifyRelease } from '../../lib/domain/exchange/verify-release';
import type { Certificate } from '../../lib/domain/privacy/certificate';
import { CERTIFICATE, hashFiles } from '../../lib/domain/privacy/hash-files';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { ReleaseRecord } from '../../lib/domain/registry/round-records';
import type { Objects } from '../shared/objects';

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

/** Holds a release, as it lies in the lake bucket now, against its certificate and the record. */
export async function verifyLyingRelease(
  lake: Pick<Objects, 'list' | 'read' | 'hash'>,
  { plan }: AgreementOnRecord,
  release: ReleaseRecord,
): Promise<Verification> {
  const keys = await lake.list(release.place);
  const certificateKey = `${release.place}${CERTIFICATE}`;
  if (!keys.includes(certificateKey)) return { problems: ['there is no certificate beside it'], files: [] };
  const certificate: Certificate = JSON.parse(new TextDecoder().decode(await lake.read(certificateKey)));
  const files = [];
  for (const key of keys.filter((each) => each !== certificateKey).sort())
    files.push({ key, file: key.slice(release.place.length), ...(await lake.hash(key)) });
  if (files.length === 0) return { problems: ['there is no file of it'], files };
  return { problems: verifyRelease(plan, release, certificate, hashFiles(files, sha256), sha256), files };
}
