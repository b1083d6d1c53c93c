import type { SidePlan } from '../agreement/plan/plan-for-side';
import type { VersionRecord } from './agreement-records';

/** What a version on record says; undefined where what lies there is not the plan of that version. */
export function planOfVersion({ agreement, version, content, plan: stored }: VersionRecord): SidePlan | undefined {
  const plan = stored as SidePlan | undefined;
  const isOwn =
    plan?.planVersion === 1 &&
    plan.agreement.id === agreement &&
    plan.agreement.version === version &&
    plan.agreement.content === content;
  return isOwn ? plan : undefined;
}
