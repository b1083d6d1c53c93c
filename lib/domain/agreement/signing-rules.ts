import type { Plan } from './plan';
import { listUnsigned, type VersionSignature } from './signature';

type Signable = Pick<Plan, 'agreement' | 'parties'>;

/** What signing a version depends on. */
export interface SigningRules {
  /** Who signs it: its parties, and those of the version before it, who are asked too when they are left out. */
  readonly signers: readonly string[];
  /** The key that a party signs it with; undefined: any that it has. */
  readonly keyOf: (party: string) => string | undefined;
}

/** The versions that came into force, in their order: what all who are asked have signed. */
export function listSigned<T extends Signable>(
  versions: readonly T[],
  signatures: readonly VersionSignature[],
): readonly T[] {
  const signed: T[] = [];
  for (const version of versions.toSorted((left, right) => left.agreement.version - right.agreement.version)) {
    if (listUnsigned(version, signatures, listSigners(version, signed.at(-1))).length === 0) signed.push(version);
  }
  return signed;
}

/**
 * Who signs a version, and with which keys. A party signs with the key that it holds under the version before, or that it has
 * signed with: a key that a version names counts once that version is in force. Else whoever writes an amendment could put a
 * key of his own into it and sign for everybody.
 * @param versions all that are on record, this one or not
 */
export function findSigningRules(
  version: Signable,
  versions: readonly Signable[],
  signatures: readonly VersionSignature[],
): SigningRules {
  const { version: number } = version.agreement;
  const before = listSigned(versions, signatures).findLast(({ agreement }) => agreement.version < number);
  return {
    signers: listSigners(version, before),
    keyOf: (party) => {
      const held = before === undefined ? undefined : findHeldKey(before, signatures, party);
      const earlier = signatures
        .filter((each) => each.party === party && each.version < number)
        .toSorted((left, right) => right.version - left.version)[0];
      return held ?? earlier?.publicKey ?? findHeldKey(version, signatures, party);
    },
  };
}

/** The key that a party signs with while a version is in force: the one that it names, else the one that it was signed with. */
export function findHeldKey(
  { agreement, parties }: Signable,
  signatures: readonly VersionSignature[],
  party: string,
): string | undefined {
  const named = parties.find(({ id }) => id === party)?.signingKey;
  return named ?? signatures.find((each) => each.party === party && each.version === agreement.version)?.publicKey;
}

function listSigners({ parties }: Signable, before: Signable | undefined): readonly string[] {
  return [...new Set([...parties, ...(before?.parties ?? [])].map(({ id }) => id))];
}
