import type { Plan } from '../../agreement/plan/plan';
import { formatShare } from '../../format';
import { balanceRound } from '../fairness/balance-round';
import { describeUnfair } from '../fairness/describe-unfair';
import type { GateResult, LegOutcome, PartyBalance, RoundOutcome } from './round';

/**
 * The escrow's one decision: a round is delivered when every leg of the plan is certified and, where the agreement
 * withholds an unfair swap, every party's balance is within tolerance. A leg without outcome withholds the round.
 */
export function judgeRound(plan: Plan, outcomes: readonly LegOutcome[]): RoundOutcome {
  const certified = plan.legs.every((leg) =>
    outcomes.some(({ leg: { id }, certificate }) => id === leg.id && certificate),
  );
  const balance = balanceRound(plan, outcomes);
  const fair = balance.every((party) => party.withinTolerance);
  const judged = certified && plan.fairness.tolerance !== undefined;
  const legs = judged ? outcomes.map((outcome) => withFairness(plan, outcome, balance)) : outcomes;
  const withheld = !certified || (plan.fairness.outside === 'withhold' && !fair);
  return { kind: withheld ? 'withheld' : 'delivered', legs, balance };
}

/** Fairness is the round's, but each leg shows it: a party looks at its own legs. */
function withFairness(plan: Plan, outcome: LegOutcome, balance: readonly PartyBalance[]): LegOutcome {
  const outside = balance.filter((party) => !party.withinTolerance);
  const mustPass = plan.fairness.outside === 'withhold';
  const tolerance = formatShare(plan.fairness.tolerance ?? 0);
  const gate: GateResult =
    outside.length === 0
      ? { gate: 'fairness', passed: true, finding: `No party gets less than it gives by more than ${tolerance}.` }
      : {
          gate: 'fairness',
          passed: !mustPass,
          finding: `${describeUnfair(outside, plan.fairness.tolerance ?? 0)}${mustPass ? '' : ', and only warns'}.`,
          remedy: 'Deliver more complete data, or agree on other fairness.weights or a wider fairness.tolerance.',
        };
  return { ...outcome, gates: [...outcome.gates, gate] };
}
