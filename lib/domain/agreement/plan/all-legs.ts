import type { Plan, PlannedLeg } from './plan';

/** Every leg of the agreement, whichever side's plan this is. */
export function allLegs(
  plan: Plan & { readonly incoming?: Plan['legs']; readonly elsewhere?: Plan['legs'] },
): readonly PlannedLeg[] {
  return [...plan.legs, ...(plan.incoming ?? []), ...(plan.elsewhere ?? [])];
}
