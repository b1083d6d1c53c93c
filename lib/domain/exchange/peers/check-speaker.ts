import type { Plan } from '../../agreement/plan/plan';
import type { VerifySignature, VersionSignature } from '../../agreement/signature';
import { findHeldKey } from '../../agreement/signing-rules';
import type { Commitment } from '../../registry/round-records';

export type SpeakerFault =
  | 'other-account'
  | 'other-key'
  | 'not-genuine'
  /** It says that it is of a time that is still to come, or of none. */
  | 'ahead-of-time';

/** What a peer's room has said, as it was heard. */
interface Spoken {
  readonly word: Pick<Commitment, 'from' | 'at' | 'algorithm' | 'publicKey' | 'signature'>;
  /** The bytes that are signed. */
  readonly message: Uint8Array;
  /** The account that put it on the bus, as EventBridge says: 12 digits. */
  readonly account: string;
}

/**
 * What is wrong with whose word it is, or with its time; undefined where it comes from the party's own account, signed with the key
 * that it holds under the version that the word is of.
 * @param under that version
 * @param now UTC, ISO 8601
 */
export function checkSpeaker(
  { under, signatures }: { readonly under: Plan; readonly signatures: readonly VersionSignature[] },
  { word, message, account }: Spoken,
  verify: VerifySignature,
  now: string,
): SpeakerFault | undefined {
  if (under.parties.find(({ id }) => id === word.from)?.account !== account) return 'other-account';
  // Which algorithm belongs to a key is told by the key.
  if (findHeldKey(under, signatures, word.from) !== word.publicKey) return 'other-key';
  if (!verify(message, word)) return 'not-genuine';
  return Date.parse(word.at) <= Date.parse(now) + CLOCKS_DIFFER ? undefined : 'ahead-of-time';
}

/** Milliseconds that another room's clock may be ahead. */
export const CLOCKS_DIFFER = 15 * 60 * 1000;
