import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';

/** Since when the agreement has a leg no more: what was owed by it is owed by nobody then. Undefined while it has it. */
export function whenLeftOut(plan: Plan, { versions }: Pick<Conduct, 'versions'>, leg: string): string | undefined {
  if (allLegs(plan).some(({ id }) => id === leg)) return undefined;
  return versions.find((each) => each.plan.agreement.version === plan.agreement.version)?.from;
}
