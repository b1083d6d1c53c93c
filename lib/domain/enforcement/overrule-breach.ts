import { readPlan } from './registry/read-plan';
import type { Registry } from './registry/registry';
import type { BreachRecord } from './registry/registry-records';

/** Whoever is named may not overrule the breach. */
export class OverrulingRefused extends Error {
  override readonly name = 'OverrulingRefused';
}

/** Who runs the room, where no party is named. */
export const OPERATOR = 'operator';

/**
 * A party, or who runs the room, takes back what follows from a breach; nobody does for itself. The record keeps who, when and
 * why, and what had been done until then.
 * @param account that says so, 12 digits: a party speaks from its own. Absent where no account does, on one machine.
 * @returns undefined where there is no such breach
 * @throws OverrulingRefused
 */
export async function overruleBreach(
  registry: Registry,
  agreement: string,
  report: string,
  overruled: NonNullable<BreachRecord['overruled']>,
  account?: string,
): Promise<BreachRecord | undefined> {
  const before = await registry.breaches(agreement).read(report);
  if (before === undefined) return undefined;
  const current = await registry.current(agreement).read();
  const plan = current && (await readPlan(registry, agreement, current.version));
  if (plan === undefined)
    throw new OverrulingRefused(`What is on record of ${agreement} does not hang together: nobody can overrule by it.`);
  const { side, parties } = plan;
  const { by } = overruled;
  const party = parties.find(({ id }) => id === by);
  if (by !== OPERATOR && party === undefined)
    throw new OverrulingRefused(
      `${agreement} has no party ${JSON.stringify(by)}. There is: ${[...parties.map(({ id }) => id), OPERATOR].join(', ')}.`,
    );
  if (party !== undefined && account !== undefined && party.account !== account)
    throw new OverrulingRefused(
      `Account ${account} is not ${by}'s. Who runs the room overrules as ${OPERATOR}, and says in the reason who asked for it.`,
    );
  const operator = side.kind === 'peer' ? side.party : side.operator;
  const decides = by === OPERATOR ? operator : by;
  if (decides !== undefined && decides === before.party)
    throw new OverrulingRefused(
      `${decides} is said to be in breach itself: another party${operator === decides ? '' : ', or the operator,'} overrules it.`,
    );
  return registry
    .breaches(agreement)
    .change([report], (breach) =>
      breach.overruled === undefined ? { ...breach, overruled: { ...overruled } } : undefined,
    );
}
