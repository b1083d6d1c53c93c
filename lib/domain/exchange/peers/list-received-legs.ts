import type { Plan } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';
import type { ReleaseRecord } from '../../registry/round-records';
import { type LegUnder, listFormerLegs } from '../entitlements/list-former-legs';
import { hasLeftEscrow } from '../rounds/has-left-escrow';

/** A leg by which its receiver has had data. */
export interface ReceivedLeg extends LegUnder {
  /** What it has had, the earliest round first: also what was taken back since. */
  readonly releases: readonly ReleaseRecord[];
}

/**
 * Every leg that is given from here and by which something was received, those included that later versions have left out:
 * whatever follows the data to their receiver, destruction, erasure, letters, settlement, goes by this list.
 */
export function listReceivedLegs(
  plan: Plan,
  { earlier, releases }: Pick<Conduct, 'earlier' | 'releases'>,
): readonly ReceivedLeg[] {
  const out = releases.filter(hasLeftEscrow);
  return [...plan.legs.map((leg) => ({ leg, under: plan })), ...listFormerLegs(plan, earlier)].flatMap((each) => {
    const own = out.filter(({ leg }) => leg === each.leg.id).toSorted((a, b) => (a.round < b.round ? -1 : 1));
    return own.length === 0 ? [] : [{ ...each, releases: own }];
  });
}
