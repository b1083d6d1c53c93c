import type { SidePlan } from '../agreement/plan/plan-for-side';
import { planOfVersion } from './plan-of-version';
import type { Registry } from './registry';

/** The plan of a registered version; undefined where there is none, or it is not the plan of that version. */
export async function readPlan(registry: Registry, agreement: string, version: number): Promise<SidePlan | undefined> {
  const record = await registry.versions(agreement).read(version);
  return record && planOfVersion(record);
}
