import type { SidePlan } from '../agreement/plan/plan-for-side';
import { planOfVersion } from './plan-of-version';
import type { Registry } from './registry';

/** The plans of all versions of an agreement that are on record and hang together, signed or not. */
export async function readPlans(registry: Registry, agreement: string): Promise<readonly SidePlan[]> {
  return (await registry.versions(agreement).list()).flatMap((record) => planOfVersion(record) ?? []);
}
