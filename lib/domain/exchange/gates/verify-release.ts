import canonicalize from 'canonicalize';
import type { Plan } from '../../agreement/plan/plan';
import { encodeText, formatHex, type Sha256 } from '../../bytes';
import type { Certificate } from '../../privacy/certificate/certificate';
import type { ReleaseRecord } from '../../registry/round-records';

/**
 * What does not fit between a release, its certificate and the agreement; empty where all does.
 * @param sha256OfFile of the released file as it lies there now, hexadecimal
 */
export function verifyRelease(
  { agreement, legs }: Pick<Plan, 'agreement' | 'legs'>,
  release: ReleaseRecord,
  certificate: Certificate,
  sha256OfFile: string,
  sha256: Sha256,
): readonly string[] {
  const leg = legs.find(({ id }) => id === release.leg);
  const checks: readonly (readonly [boolean, string])[] = [
    [leg !== undefined, 'the agreement has no such leg'],
    [certificate.agreement.id === agreement.id, 'the certificate is of another agreement'],
    [certificate.agreement.version === release.version, 'the certificate is of another version'],
    [certificate.leg.id === release.leg, 'the certificate is of another leg'],
    [certificate.hashes.output === sha256OfFile, 'the file is not the one that was certified'],
    [release.sha256 === sha256OfFile, 'the file is not the one on record'],
    [release.certificate === hashCertificate(certificate, sha256), 'the certificate is not the one on record'],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}

/** SHA-256, hexadecimal, of the certificate's canonical JSON. */
export function hashCertificate(certificate: Certificate, sha256: Sha256): string {
  return formatHex(sha256(encodeText(canonicalize(certificate) ?? '')));
}
