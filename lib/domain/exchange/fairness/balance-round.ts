import type { Plan } from '../../agreement/plan/plan';
import type { LegOutcome, PartyBalance } from '../rounds/round';

type ValuedLeg = Pick<LegOutcome, 'leg' | 'value'>;

/** What each party gives and gets in worth, and whether it gets too little for what it gives. */
export function balanceRound(
  plan: Pick<Plan, 'parties' | 'legs' | 'fairness'>,
  legs: readonly ValuedLeg[],
): readonly PartyBalance[] {
  const complete = legs.every((outcome) => outcome.value !== undefined);
  return plan.parties.map(({ id }) => {
    const gives = sumValues(legs.filter((outcome) => outcome.leg.from === id));
    const gets = sumValues(legs.filter((outcome) => outcome.leg.to === id));
    // A party that a clause lets give nothing, or get nothing, has no balance to keep.
    const bothWays =
      plan.legs.some((leg) => leg.from === id) && plan.legs.some((leg) => leg.to === id) && complete && gives > 0;
    if (!bothWays) return { party: id, gives, gets, withinTolerance: true };
    const difference = (gets - gives) / gives;
    const { tolerance } = plan.fairness;
    // Getting more than one gives is no harm to the one who gets; somebody else's balance shows whose loss it is.
    const withinTolerance = tolerance === undefined || difference >= -tolerance;
    return { party: id, gives, gets, difference, withinTolerance };
  });
}

function sumValues(legs: readonly ValuedLeg[]): number {
  return legs.reduce((sum, outcome) => sum + (outcome.value ?? 0), 0);
}
