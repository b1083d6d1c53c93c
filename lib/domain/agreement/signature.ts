import canonicalize from 'canonicalize';
import { encodeText } from '../bytes';
import type { Plan } from './plan/plan';

export const SIGNATURE_ALGORITHMS = ['ed25519', 'ecdsa-p256-sha256', 'rsa-pss-sha256'] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** A party's signature under one version of an agreement. */
export interface VersionSignature {
  readonly agreement: string;
  readonly version: number;
  /** The content hash that was signed. */
  readonly content: string;
  readonly party: string;
  readonly algorithm: SignatureAlgorithm;
  /** DER of SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  /** Base64. */
  readonly signature: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

/** Makes signatures with a key that never leaves its place: a file that only its party reads, or AWS KMS. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: string;
  readonly sign: (message: Uint8Array) => Promise<string>;
}

/** Whether a signature is the key's own over exactly this message. False for keys and signatures that cannot be read. */
export type VerifySignature = (
  message: Uint8Array,
  signed: Pick<VersionSignature, 'algorithm' | 'publicKey' | 'signature'>,
) => boolean;

export type SignatureFault =
  | 'other-agreement'
  | 'other-version'
  | 'other-content'
  | 'unknown-party'
  | 'other-key'
  | 'not-genuine';

/** The bytes that a party signs. The purpose stands in them, so that a signature can serve for nothing else. */
export function writeStatement({
  agreement,
  version,
  content,
  party,
}: Pick<VersionSignature, 'agreement' | 'version' | 'content' | 'party'>): Uint8Array {
  return encodeText(canonicalize({ purpose: 'barter-room/sign-version/1', agreement, version, content, party }) ?? '');
}

/**
 * What is wrong with a signature; undefined for one that holds.
 * @param signers who signs this version
 * @param key the key that the party signs it with; absent: any that it has
 */
export function checkSignature(
  { agreement, parties }: Pick<Plan, 'agreement' | 'parties'>,
  signature: VersionSignature,
  verify: VerifySignature,
  { signers = parties.map(({ id }) => id), key }: { signers?: readonly string[]; key?: string | undefined } = {},
): SignatureFault | undefined {
  if (signature.agreement !== agreement.id) return 'other-agreement';
  if (signature.version !== agreement.version) return 'other-version';
  if (signature.content !== agreement.content) return 'other-content';
  if (!signers.includes(signature.party)) return 'unknown-party';
  if (key !== undefined && key !== signature.publicKey) return 'other-key';
  return verify(writeStatement(signature), signature) ? undefined : 'not-genuine';
}

/** Parties that have not signed what the version says. */
export function listUnsigned(
  { agreement, parties }: Pick<Plan, 'agreement' | 'parties'>,
  signatures: readonly VersionSignature[],
  signers: readonly string[] = parties.map(({ id }) => id),
): readonly string[] {
  const signed = new Set(
    signatures
      .filter(
        (each) =>
          each.agreement === agreement.id && each.version === agreement.version && each.content === agreement.content,
      )
      .map(({ party }) => party),
  );
  return signers.filter((party) => !signed.has(party));
}
