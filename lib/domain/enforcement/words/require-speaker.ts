import type { SidePlan } from '../../agreement/plan/plan-for-side';
import { readPlan } from '../../registry/read-plan';
import type { Registry } from '../../registry/registry';

/** Whoever is named may not say what it says, or it cannot be so. */
export class WordRefused extends Error {
  override readonly name = 'WordRefused';
}

/** Who runs the room, where no party is named. */
export const OPERATOR = 'operator';

/**
 * Whoever says something of an agreement is a party of it, or runs the room.
 * @param account that says so, 12 digits: a party speaks from its own. Absent where no account does, on one machine.
 * @returns the plan in force
 * @throws WordRefused
 */
export async function requireSpeaker(
  registry: Registry,
  agreement: string,
  by: string,
  account?: string,
): Promise<SidePlan> {
  const current = await registry.current(agreement).read();
  const plan = current && (await readPlan(registry, agreement, current.version));
  if (plan === undefined)
    throw new WordRefused(`What is on record of ${agreement} does not hang together: nobody's word is taken by it.`);
  const party = plan.parties.find(({ id }) => id === by);
  if (by !== OPERATOR && party === undefined)
    throw new WordRefused(
      `${agreement} has no party ${JSON.stringify(by)}. There is: ${[...plan.parties.map(({ id }) => id), OPERATOR].join(', ')}.`,
    );
  if (party !== undefined && account !== undefined && party.account !== account)
    throw new WordRefused(
      `Account ${account} is not ${by}'s. Who runs the room speaks as ${OPERATOR}, and says in the reason who asked for it.`,
    );
  return plan;
}
