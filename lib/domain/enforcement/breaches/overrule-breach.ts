import type { BreachRecord } from '../../registry/conduct-records';
import type { Registry } from '../../registry/registry';
import { OPERATOR, requireSpeaker, WordRefused } from '../words/require-speaker';
import { listConcerned } from './list-concerned';

/**
 * A party that a breach concerns, or who runs the room, takes back what follows from it; nobody does for itself. The record keeps
 * who, when and why, and what had been done until then.
 * @param account that says so, 12 digits: a party speaks from its own. Absent where no account does, on one machine.
 * @returns undefined where there is no such breach
 * @throws WordRefused
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
  const { by } = overruled;
  const plan = await requireSpeaker(registry, agreement, by, account);
  const { side } = plan;
  const operator = side.kind === 'peer' ? side.party : side.operator;
  const decides = by === OPERATOR ? operator : by;
  if (decides !== undefined && decides === before.party)
    throw new WordRefused(
      `${decides} is said to be in breach itself: another party${operator === decides ? '' : ', or the operator,'} overrules it.`,
    );
  const concerned = listConcerned(plan, before);
  if (by !== OPERATOR && !concerned.includes(by))
    throw new WordRefused(`${by} has no part in it: ${concerned.join(', ')}, or the operator, can overrule it.`);
  return registry
    .breaches(agreement)
    .change([report], (breach) =>
      breach.overruled === undefined ? { ...breach, overruled: { ...overruled } } : undefined,
    );
}
