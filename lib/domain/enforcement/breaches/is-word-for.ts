import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import { isForSide } from '../../agreement/plan/plan-for-side';
import type { ToldBreach } from '../../registry/conduct-records';

/**
 * Whether a party is told what a peer's room says of a breach: whoever says it, whom it is about, the parties of the leg that it
 * names and, where it names none, all of the version that it is said under, or of one since. The room's own party is told all.
 * A leg that no version has makes it nobody else's business.
 * @param versions of the agreement, all that were in force
 */
export function isWordFor(
  word: Pick<ToldBreach, 'from' | 'party' | 'leg' | 'version'>,
  party: string,
  versions: readonly Plan[],
): boolean {
  const { leg, version } = word;
  if (word.from === party || word.party === party) return true;
  if (versions.some((plan) => isForSide(plan) && plan.side.kind === 'peer' && plan.side.party === party)) return true;
  if (leg === undefined)
    return versions.some(
      ({ agreement, parties }) => agreement.version >= version && parties.some(({ id }) => id === party),
    );
  return versions.flatMap(allLegs).some(({ id, from, to }) => id === leg && (from === party || to === party));
}
