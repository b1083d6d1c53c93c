import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import { isForSide, planForSide, type SidePlan } from '../../agreement/plan/plan-for-side';

/** What is agreed, and what was before. */
export interface AgreedSoFar {
  readonly plan: SidePlan;
  /** `earlier`: versions that all have signed, in their order. */
  readonly conduct: { readonly earlier: readonly Plan[] };
}

/**
 * A peer's plan, and beside it the legs and parties that it has left out, each as the last version said it that had it: what was
 * promised of them counts in its round still.
 */
export function withFormerLegs({ plan, conduct }: AgreedSoFar): SidePlan {
  let merged = plan;
  for (const before of conduct.earlier.toReversed())
    merged = addFormer(merged, isForSide(before) ? before : planForSide(before, plan.side));
  return merged;
}

function addFormer(plan: SidePlan, before: SidePlan): SidePlan {
  const legs = new Set(allLegs(plan).map(({ id }) => id));
  const parties = new Set(plan.parties.map(({ id }) => id));
  const isNew = ({ id }: { readonly id: string }) => !legs.has(id);
  return {
    ...plan,
    parties: [...plan.parties, ...before.parties.filter(({ id }) => !parties.has(id))],
    legs: [...plan.legs, ...before.legs.filter(isNew)],
    incoming: [...plan.incoming, ...before.incoming.filter(isNew)],
    elsewhere: [...plan.elsewhere, ...before.elsewhere.filter(isNew)],
  };
}
