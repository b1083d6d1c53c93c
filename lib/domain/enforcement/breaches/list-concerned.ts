import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import { listAllParties } from '../../exchange/list-all-parties';

/** What one party did or says, as far as it tells whom it concerns. */
export interface Concerning {
  /** Absent: by whom is not known. */
  readonly party?: string | undefined;
  /** Absent: of no leg. */
  readonly leg?: string | undefined;
}

/**
 * Whether a party is told of it: that party itself, the parties of its leg and, where it names none, all. A leg that no version
 * has makes it nobody else's business.
 * @param versions all of the agreement: a leg that was left out concerns its parties still
 * @param standing those in force when it was, or since
 */
export function isConcerned(
  party: string,
  about: Concerning,
  versions: readonly Plan[],
  standing: readonly Plan[],
): boolean {
  if (about.party === party) return true;
  if (about.leg === undefined) return standing.some(({ parties }) => parties.some(({ id }) => id === party));
  return versions.flatMap(allLegs).some(({ id, from, to }) => id === about.leg && (from === party || to === party));
}

/** Who is told of it now. @param earlier versions that all have signed before */
export function listConcerned(plan: Plan, about: Concerning, earlier: readonly Plan[] = []): readonly string[] {
  return listAllParties(plan, earlier)
    .map(({ id }) => id)
    .filter((id) => isConcerned(id, about, [...earlier, plan], [plan]));
}
