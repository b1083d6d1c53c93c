import { decodeText, formatHex, type Sha256 } from '../../../bytes';
import { parseJson } from '../../../parse-json';
import type { Conduct } from '../../../registry/conduct';
import type { ReleaseRecord } from '../../../registry/round-records';
import type { ApiAnswer } from './api-answer';
import { showRelease } from './show-release';

interface CertificateQuestion {
  /** Who asks: it gives the leg, or receives it. */
  readonly party: string;
  readonly leg: { readonly id: string; readonly from: string };
  readonly round: string;
}

export interface CertificateParts {
  /** The certificate that lies beside a release; undefined where none does any more. */
  readonly readCertificate: (release: ReleaseRecord) => Promise<Uint8Array | undefined>;
  readonly sha256: Sha256;
}

/** What lies beside a release is not the certificate that was put on record with it. */
export class AlteredCertificate extends Error {
  override readonly name = 'AlteredCertificate';
}

/**
 * The certificate of a release, held against the record. Its giver reads it as soon as there is one; its receiver once the
 * round is out, so that nobody is told of what others gave before all have given.
 * @throws AlteredCertificate
 */
export async function answerCertificate(
  { party, leg, round }: CertificateQuestion,
  { releases, rounds }: Pick<Conduct, 'releases' | 'rounds'>,
  { readCertificate, sha256 }: CertificateParts,
): Promise<ApiAnswer> {
  const release = releases.find((each) => each.leg === leg.id && each.round === round);
  if (release === undefined) return { status: 404, body: { reason: 'no-such-release' } };
  const isOut = rounds.some(({ day, state }) => day === round && state === 'published');
  if (party !== leg.from && !isOut) return { status: 409, body: { reason: 'not-published' } };
  const bytes = await readCertificate(release);
  if (bytes === undefined) return { status: 404, body: { reason: 'no-longer-here' } };
  const measured = parseJson(decodeText(bytes) ?? '');
  if (measured === undefined || formatHex(sha256(bytes)) !== release.certificate)
    throw new AlteredCertificate(
      `The certificate beside release ${round}.${leg.id} of ${release.agreement} is not the one on record.`,
    );
  return { status: 200, body: { ...showRelease(release), measured } };
}
