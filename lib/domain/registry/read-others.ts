import type { SidePlan } from '../agreement/plan/plan-for-side';
import { planOfVersion } from './plan-of-version';
import { unlessUnreadable } from './record-unreadable';
import type { Registry } from './registry';
import { whenBegan } from './when-began';

/**
 * The plans of all other agreements on record that began and are not settled, by id: what they gave may still be there. One that
 * cannot be read is left out: nothing is decided by it here.
 */
export async function readOthers(registry: Registry, agreement: string): Promise<readonly SidePlan[]> {
  const ids = (await registry.listAgreements()).filter((id) => id !== agreement).toSorted();
  const plans: SidePlan[] = [];
  for (const id of ids) {
    const plan = await unlessUnreadable(readInForce(registry, id));
    if (plan !== undefined) plans.push(plan);
  }
  return plans;
}

async function readInForce(registry: Registry, agreement: string): Promise<SidePlan | undefined> {
  const current = await registry.current(agreement).read();
  if (current === undefined || whenBegan(current) === undefined || current.state === 'settled') return undefined;
  const version = await registry.versions(agreement).read(current.version);
  return version && planOfVersion(version);
}
