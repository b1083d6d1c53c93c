import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import { listAllParties } from '../../exchange/list-all-parties';

/**
 * Whom it concerns what one party did or says: the parties of its leg, and that party; where no leg is named, all.
 * @param earlier versions that all have signed before: a leg that was left out since concerns its parties still
 */
export function listConcerned(
  plan: Plan,
  about: { readonly party?: string | undefined; readonly leg?: string | undefined },
  earlier: readonly Plan[] = [],
): readonly string[] {
  const leg = [...earlier, plan].flatMap((version) => allLegs(version)).find(({ id }) => id === about.leg);
  return (leg === undefined ? plan.parties : listAllParties(plan, earlier))
    .map(({ id }) => id)
    .filter((id) => leg === undefined || id === leg.from || id === leg.to || id === about.party);
}
