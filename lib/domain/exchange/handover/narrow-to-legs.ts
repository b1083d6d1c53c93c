import type { Plan } from '../../agreement/plan/plan';

/** What of the plan a round is about that has these legs: they, and the datasets that they deliver. */
export function narrowToLegs(plan: Plan, ids: readonly string[]): Plan {
  const legs = plan.legs.filter(({ id }) => ids.includes(id));
  return { ...plan, legs, datasets: plan.datasets.filter(({ id }) => legs.some(({ dataset }) => dataset === id)) };
}
