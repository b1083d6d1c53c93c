import type { PlannedParty } from '../agreement/plan/plan';

interface WithParties {
  readonly parties: readonly PlannedParty[];
}

/** The parties of the version in force, and those that were left out since, as the last version says it that has them. */
export function listAllParties(plan: WithParties, earlier: readonly WithParties[]): readonly PlannedParty[] {
  const all = new Map(plan.parties.map((party) => [party.id, party]));
  for (const { parties } of earlier.toReversed())
    for (const party of parties) if (!all.has(party.id)) all.set(party.id, party);
  return [...all.values()];
}
