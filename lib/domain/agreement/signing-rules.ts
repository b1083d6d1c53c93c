import type { Plan } from './plan/plan';
import { listUnsigned, type VersionSignature } from './signature';

type Signable = Pick<Plan, 'agreement' | 'parties' | 'term'>;

/** What signing a version depends on. */
interface SigningRules {
  /**
   * Who signs it: its parties, and those of the version before it, who are asked too when they are left out. Where it begins
   * before that does, it may replace what came earlier still, whose parties are asked as well.
   */
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
    if (listUnsigned(version, signatures, listSigners(version, signed)).length === 0) signed.push(version);
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
  const earlier = listSigned(versions, signatures).filter(({ agreement }) => agreement.version < number);
  const before = earlier.at(-1);
  return {
    signers: listSigners(version, earlier),
    keyOf: (party) => {
      const held = before === undefined ? undefined : findHeldKey(before, signatures, party);
      const signed = signatures
        .filter((each) => each.party === party && each.version < number)
        .toSorted((left, right) => right.version - left.version)[0];
      return held ?? signed?.publicKey ?? findHeldKey(version, signatures, party);
    },
  };
}

/** The key that a party signs with while a version is in force: the one that it names, else the one that it was signed with. */
export function findHeldKey(
  { agreement, parties }: Pick<Plan, 'agreement' | 'parties'>,
  signatures: readonly VersionSignature[],
  party: string,
): string | undefined {
  const named = parties.find(({ id }) => id === party)?.signingKey;
  return named ?? signatures.find((each) => each.party === party && each.version === agreement.version)?.publicKey;
}

function listSigners({ parties, term }: Signable, earlier: readonly Signable[]): readonly string[] {
  const begun = earlier.findLastIndex((each) => each.term.starts <= term.starts);
  const replaced = earlier.slice(Math.max(0, begun));
  return [...new Set([...parties, ...replaced.flatMap((each) => each.parties)].map(({ id }) => id))];
}
