import { findHeldKey, listSigned } from '../../domain/agreement/signing-rules';
import {
  checkSigned,
  type StatementFault,
  type StatementSignature,
} from '../../domain/enforcement/words/party-statement';
import { verifySignature } from '../../registry/verify-signature';
import type { SignedVersions } from '../grounds/signed-versions';

/** It is signed, and nothing here tells whether its party held that key. */
export const UNKNOWN = 'unknown';

/**
 * What is wrong with what a party is said to have signed, by what a party's own pack has of signed versions. That ends with the
 * last one that names the pack's own party: a word under a later one is believed with the key that was held by then.
 * @param message the bytes that are signed
 */
export function judgeBySigned(
  { versions, signatures }: SignedVersions,
  party: string,
  message: Uint8Array,
  signed: StatementSignature,
): StatementFault | typeof UNKNOWN | undefined {
  const inForce = listSigned(versions, signatures);
  const under = inForce.find(({ agreement }) => agreement.version === signed.version);
  if (under !== undefined) return checkSigned(under, signatures, party, message, signed, { verify: verifySignature });
  const last = inForce.at(-1);
  if (last === undefined || versions.some(({ agreement }) => agreement.version >= signed.version))
    return 'other-version';
  if (!verifySignature(message, signed)) return 'not-genuine';
  return findHeldKey(last, signatures, party) === signed.publicKey ? undefined : UNKNOWN;
}
