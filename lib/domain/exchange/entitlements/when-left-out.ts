import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { hasHeld } from './retention-ends-at';

/**
 * When what was owed by a leg was owed by nobody any more: when a version without the leg came into force after a time, whatever
 * the one of now says. Undefined while there was none.
 * @param since from when on it was owed, as `now`: UTC, ISO 8601
 */
export function whenLeftOut(
  plan: Plan,
  { versions }: Pick<Conduct, 'versions'>,
  { leg, since }: { readonly leg: string; readonly since: string },
  now: string,
): string | undefined {
  const begin = Date.parse(since);
  const { version } = plan.agreement;
  // What a version has no leg for nobody owes while it is in force, whenever that began.
  const counts = (each: Conduct['versions'][number]) =>
    each.plan.agreement.version === version || (hasHeld(each, now) && Date.parse(each.from) > begin);
  return versions.find((each) => counts(each) && allLegs(each.plan).every(({ id }) => id !== leg))?.from;
}
