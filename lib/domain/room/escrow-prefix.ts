import type { PlannedLeg } from '../agreement/plan/plan';

/**
 * Where a release waits in the lake bucket until its round is complete: no receiver's role reaches it. No agreement's id
 * begins with an underscore.
 */
export function escrowPrefix(agreement: string, leg: PlannedLeg, run: string): string {
  return `${ESCROW}${agreement}/${leg.id}/${run}/`;
}

export const ESCROW = '_escrow/';

/**
 * The longest that a release waits for its round, and that its copy is kept here: no execution of a workflow may live for
 * longer than a year.
 */
export const ESCROW_DAYS = 300;
