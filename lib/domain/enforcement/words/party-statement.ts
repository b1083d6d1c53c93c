import canonicalize from 'canonicalize';
import type { Plan } from '../../agreement/plan/plan';
import type { VerifySignature, VersionSignature } from '../../agreement/signature';
import { findHeldKey } from '../../agreement/signing-rules';
import { encodeText, formatHex, type Sha256 } from '../../bytes';

/** What a receiver says of what it has had by a leg, and answers for with its key. */
export type PartyStatement =
  | {
      readonly purpose: 'attest-destruction';
      readonly leg: string;
      /** Who answers for it, and how it was destroyed. */
      readonly by: string;
      readonly statement: string;
      /** Days of the rounds whose releases are destroyed; absent: all that came by the leg. */
      readonly releases?: readonly string[];
    }
  | {
      readonly purpose: 'confirm-erasure';
      readonly leg: string;
      readonly erasure: string;
      /** Days of the rounds that the subject is erased from. */
      readonly releases: readonly string[];
    }
  | {
      readonly purpose: 'confirm-receipt';
      readonly leg: string;
      /** Day of the round. */
      readonly round: string;
      /** Of the files that arrived, as a certificate hashes them. */
      readonly sha256: string;
    };

/** With what it was signed, and under which version of the agreement. */
export type StatementSignature = Pick<
  VersionSignature,
  'version' | 'content' | 'algorithm' | 'publicKey' | 'signature'
>;

export const STATEMENT_FAULTS = ['other-version', 'other-key', 'not-genuine'] as const;
export type StatementFault = (typeof STATEMENT_FAULTS)[number];

/** Whose word it is, and under what. */
type Spoken = Pick<VersionSignature, 'agreement' | 'version' | 'content' | 'party'>;

/**
 * The bytes that are signed. The purpose stands in them, so that a signature can serve for nothing else; prose stands in them as
 * its hash, so that whoever has that alone can verify them.
 */
export function writePartyStatement(
  { agreement, version, content, party }: Spoken,
  { purpose, ...said }: PartyStatement | HashedAttestation,
  sha256: Sha256,
): Uint8Array {
  const told = 'statement' in said ? hashStatement(said, sha256) : said;
  const spoken = { agreement, version, content, party };
  return encodeText(canonicalize({ purpose: `barter-room/${purpose}/1`, ...spoken, ...told }) ?? '');
}

/** An attestation of which the hash is known alone. */
interface HashedAttestation {
  readonly purpose: 'attest-destruction';
  readonly leg: string;
  readonly by: string;
  readonly sha256: string;
  readonly releases?: readonly string[];
}

function hashStatement<T extends { readonly statement: string }>({ statement, ...rest }: T, sha256: Sha256) {
  return { ...rest, sha256: formatHex(sha256(encodeText(statement))) };
}

/**
 * What is wrong with a statement; undefined for one that its party made: with the key that it holds under the version that the
 * statement is made under.
 * @param plan that version
 */
export function checkPartyStatement(
  plan: Pick<Plan, 'agreement' | 'parties'>,
  signatures: readonly VersionSignature[],
  party: string,
  said: PartyStatement | HashedAttestation,
  signed: StatementSignature,
  { verify, sha256 }: { readonly verify: VerifySignature; readonly sha256: Sha256 },
): StatementFault | undefined {
  const { id: agreement, version, content } = plan.agreement;
  const message = writePartyStatement({ agreement, version, content, party }, said, sha256);
  return checkSigned(plan, signatures, party, message, signed, { verify });
}

/**
 * The same of whatever else a party signs under a version.
 * @param message the bytes that are signed
 */
export function checkSigned(
  plan: Pick<Plan, 'agreement' | 'parties'>,
  signatures: readonly VersionSignature[],
  party: string,
  message: Uint8Array,
  signed: StatementSignature,
  { verify }: { readonly verify: VerifySignature },
): StatementFault | undefined {
  const { version, content } = plan.agreement;
  if (signed.version !== version || signed.content !== content) return 'other-version';
  if (findHeldKey(plan, signatures, party) !== signed.publicKey) return 'other-key';
  return verify(message, signed) ? undefined : 'not-genuine';
}
