import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { hasHeld } from './retention-ends-at';

/** Since when the agreement has a leg no more: what was owed by it is owed by nobody then. Undefined while it has it. */
export function whenLeftOut(plan: Plan, { versions }: Pick<Conduct, 'versions'>, leg: string): string | undefined {
  if (allLegs(plan).some(({ id }) => id === leg)) return undefined;
  return versions.find((each) => each.plan.agreement.version === plan.agreement.version)?.from;
}

/** Whether a version without the leg has been in force since a time, whatever the one of now says: what was owed then is owed no more. */
export function wasLeftOutSince(
  { versions }: Pick<Conduct, 'versions'>,
  leg: string,
  { since, now }: { readonly since: string; readonly now: string },
): boolean {
  return versions.some(
    (each) =>
      hasHeld(each, now) &&
      Date.parse(each.from) > Date.parse(since) &&
      allLegs(each.plan).every(({ id }) => id !== leg),
  );
}
