import type { Plan } from '../../agreement/plan/plan';
import { isForSide } from '../../agreement/plan/plan-for-side';
import type { ToldBreach } from '../../registry/conduct-records';
import { isConcerned } from './list-concerned';

/**
 * Whether a party is told what a peer's room says of a breach: whoever says it, whomever it concerns of the version that it is said
 * under, or of one since, and the room's own party.
 * @param versions of the agreement, all that were in force
 */
export function isWordFor(
  word: Pick<ToldBreach, 'from' | 'party' | 'leg' | 'version'>,
  party: string,
  versions: readonly Plan[],
): boolean {
  if (word.from === party) return true;
  if (versions.some((plan) => isForSide(plan) && plan.side.kind === 'peer' && plan.side.party === party)) return true;
  const standing = versions.filter(({ agreement }) => agreement.version >= word.version);
  return isConcerned(party, word, versions, standing);
}
