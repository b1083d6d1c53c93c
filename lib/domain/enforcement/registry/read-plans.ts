import type { SidePlan } from '../../agreement/plan-for-side';
import { readPlan } from './read-plan';
import type { Registry } from './registry';

/** The plans of all versions of an agreement that are on record and hang together, signed or not. */
export async function readPlans(registry: Registry, agreement: string): Promise<readonly SidePlan[]> {
  const records = await registry.versions(agreement).list();
  const plans = await Promise.all(records.map(({ version }) => readPlan(registry, agreement, version)));
  return plans.flatMap((plan) => plan ?? []);
}
