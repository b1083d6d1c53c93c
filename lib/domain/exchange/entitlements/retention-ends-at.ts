import { addDuration } from '../../agreement/periods/duration';
import { allLegs } from '../../agreement/plan/all-legs';
import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import { toInstant } from '../../to-instant';

type HeldVersion = Pick<Conduct['versions'][number], 'plan' | 'from' | 'to'>;

/** What has been agreed so far, and from when on each version holds: the first of them first. */
export type HeldVersions = readonly HeldVersion[];

/**
 * @param plan the version in force
 * @param now UTC, ISO 8601
 */
export function listHeldVersions(plan: Plan, { versions }: Pick<Conduct, 'versions'>, now: string): HeldVersions {
  const { version } = plan.agreement;
  const [first = { plan, from: now }, ...later] = versions
    .filter((each) => hasHeld(each, now))
    .map((each) => (each.plan.agreement.version === version ? { ...each, plan } : each));
  // Nobody has agreed to anything else before the first.
  return [{ ...first, from: first.plan.term.starts }, ...later];
}

/** Whether a version was ever in force: one may be replaced before its term begins. */
export function hasHeld({ from, to }: Pick<HeldVersion, 'from' | 'to'>, now: string): boolean {
  return Date.parse(from) <= Date.parse(now) && (to === undefined || Date.parse(from) < Date.parse(to));
}

/**
 * When the time of a release is over: from then on its receiver reaches it no more, and destroys what it took of it. What was over
 * by the version that held then stays over.
 * @param at when it came out: UTC, ISO 8601
 */
export function retentionEndsAt(at: string, leg: Pick<PlannedLeg, 'id' | 'retain'>, versions: HeldVersions): string {
  return whenFirstSaid(versions, at, (plan) => {
    const { retain } = allLegs(plan).find(({ id }) => id === leg.id) ?? leg;
    return addDuration(at, retain);
  });
}

/**
 * The first moment, from one on, at which the version that holds then says that something has come: a version that has it come
 * sooner counts from its own first moment, not for a time before anybody agreed to it.
 * @returns UTC, ISO 8601, as texts compare
 */
export function whenFirstSaid(versions: HeldVersions, since: string, comesAt: (plan: Plan) => string): string {
  const said = versions.flatMap(({ plan, from, to }, index) => {
    const at = [from, since, comesAt(plan)].map(toInstant).toSorted().at(-1) ?? since;
    const isLast = index === versions.length - 1;
    return isLast || to === undefined || at < toInstant(to) ? [at] : [];
  });
  return said[0] ?? toInstant(since);
}
