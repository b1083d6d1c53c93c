import { createHash } from 'node:crypto';
import type { PlannedDataset } from '../../lib/domain/agreement/plan/plan';
import type { SidePlan } from '../../lib/domain/agreement/plan/plan-for-side';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';

export class UnfitPlan extends Error {
  override readonly name = 'UnfitPlan';
}

/**
 * The plan of a run, and the dataset that it is about.
 * @throws UnfitPlan where it is not the plan that the delivery was taken in under.
 */
export function findDataset(
  { agreement, dataset: id, plan: { sha256 } }: WorkflowRun,
  bytes: Uint8Array,
): { readonly plan: SidePlan; readonly dataset: PlannedDataset } {
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new UnfitPlan(`The plan of ${agreement} is not the one that the delivery was taken in under.`);
  const plan: SidePlan = JSON.parse(new TextDecoder().decode(bytes));
  if (plan.planVersion !== 1)
    throw new UnfitPlan(
      `The plan of ${agreement} was written by another version of the room than reads it. Deliver again: the plan is then written anew.`,
    );
  const dataset = plan.datasets.find((candidate) => candidate.id === id);
  if (plan.agreement.id !== agreement || dataset === undefined)
    throw new UnfitPlan(`The plan does not have dataset ${id} of ${agreement}.`);
  return { plan, dataset };
}
