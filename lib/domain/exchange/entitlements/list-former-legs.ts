import type { Plan, PlannedLeg } from '../../agreement/plan/plan';

/** A leg, and the last version by which its receiver is known: by its key, account and contacts. */
export interface LegUnder {
  readonly leg: PlannedLeg;
  readonly under: Plan;
}

/**
 * Legs of earlier versions that the one in force has left out, each as the last version said it that had it.
 * @param earlier versions that all have signed, in their order
 */
export function listFormerLegs(plan: Plan, earlier: readonly Plan[]): readonly LegUnder[] {
  const inForce = new Set(plan.legs.map(({ id }) => id));
  const last = new Map<string, PlannedLeg>();
  for (const { legs } of earlier) for (const leg of legs) if (!inForce.has(leg.id)) last.set(leg.id, leg);
  return [...last.values()].map((leg) => ({ leg, under: findVersionOf(leg.to, plan, earlier) }));
}

/** The version that a party is bound by: the one in force, or the last of those before it where it was left out since. */
export function findVersionOf<T extends Pick<Plan, 'parties'>>(party: string, plan: T, earlier: readonly T[]): T {
  return [...earlier, plan].findLast(({ parties }) => parties.some(({ id }) => id === party)) ?? plan;
}
