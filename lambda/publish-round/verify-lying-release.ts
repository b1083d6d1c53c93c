import { createHash } from 'node:crypto';
import type { AgreementOnRecord } from '../../lib/domain/enforcement/registry/read-conduct';
import type { ReleaseRecord } from '../../lib/domain/enforcement/registry/registry-records';
import { verifyRelease } from '../../lib/domain/exchange/verify-release';
import type { Certificate } from '../../lib/domain/privacy/certificate';
import { CERTIFICATE, hashFiles } from '../../lib/domain/privacy/hash-files';
import type { Objects } from '../objects';

/** Holds a release, as it lies in the lake bucket now, against its certificate and the record; the problems found. */
export async function verifyLyingRelease(
  lake: Pick<Objects, 'list' | 'read' | 'hash'>,
  { plan }: AgreementOnRecord,
  release: ReleaseRecord,
): Promise<readonly string[]> {
  const keys = await lake.list(release.place);
  const certificateKey = `${release.place}${CERTIFICATE}`;
  if (!keys.includes(certificateKey)) return ['there is no certificate beside it'];
  const certificate: Certificate = JSON.parse(new TextDecoder().decode(await lake.read(certificateKey)));
  const files = [];
  for (const key of keys.filter((each) => each !== certificateKey).sort())
    files.push({ file: key.slice(release.place.length), sha256: await lake.hash(key) });
  if (files.length === 0) return ['there is no file of it'];
  return verifyRelease(plan, release, certificate, hashFiles(files, sha256), sha256);
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
