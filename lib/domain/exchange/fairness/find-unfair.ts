import { allLegs } from '../../agreement/plan/all-legs';
import { citeClause } from '../../agreement/plan/cite-clause';
import type { Plan } from '../../agreement/plan/plan';
import type { ReleaseRecord, RoundRecord } from '../../registry/round-records';
import { balanceRound } from './balance-round';
import { describeUnfair } from './describe-unfair';

/**
 * Why the escrow does not let a round out though every leg of it is certified: a party would get less than it gives, by more
 * than the agreement allows. Undefined where the swap is fair, or the agreement only warns. A party that only gives, or only
 * gets, in this round has no balance in it.
 * @param releases those of the round, with what they are worth
 */
export function findUnfair(plan: Plan, round: RoundRecord, releases: readonly ReleaseRecord[]): string | undefined {
  const { tolerance, outside } = plan.fairness;
  if (outside !== 'withhold' || tolerance === undefined) return undefined;
  const legs = allLegs(plan).filter(({ id }) => round.legs.includes(id));
  const valued = legs.map((leg) => {
    const value = releases.find((release) => release.round === round.day && release.leg === leg.id)?.value;
    return value === undefined ? { leg } : { leg, value };
  });
  const unknown = valued.flatMap(({ leg, ...worth }) => ('value' in worth ? [] : leg.id));
  const clause = citeClause(plan, 'fairness.balance', 'fairness');
  // Nobody could say that it is fair.
  if (unknown.length > 0) return `nobody knows what ${unknown.join(', ')} is worth (${clause})`;
  const unfair = balanceRound({ ...plan, legs }, valued).filter(({ withinTolerance }) => !withinTolerance);
  if (unfair.length === 0) return undefined;
  return `${describeUnfair(unfair, tolerance)} (${clause})`;
}
