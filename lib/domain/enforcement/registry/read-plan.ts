import type { SidePlan } from '../../agreement/plan-for-side';
import type { Registry } from './registry';

/** The plan of a registered version; undefined where there is none, or it is not the plan of that version. */
export async function readPlan(registry: Registry, agreement: string, version: number): Promise<SidePlan | undefined> {
  const record = await registry.versions(agreement).read(version);
  const plan = record?.plan as SidePlan | undefined;
  const isOwn =
    plan?.planVersion === 1 &&
    plan.agreement.id === agreement &&
    plan.agreement.version === version &&
    plan.agreement.content === record?.content;
  return isOwn ? plan : undefined;
}
