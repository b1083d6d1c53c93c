import { allLegs } from '../agreement/all-legs';
import type { Plan } from '../agreement/plan';

/** Whom it concerns what one party did or says: the parties of its leg, and that party; where no leg is named, all. */
export function listConcerned(
  plan: Plan,
  about: { readonly party?: string | undefined; readonly leg?: string | undefined },
): readonly string[] {
  const leg = allLegs(plan).find(({ id }) => id === about.leg);
  return plan.parties
    .map(({ id }) => id)
    .filter((id) => leg === undefined || id === leg.from || id === leg.to || id === about.party);
}
