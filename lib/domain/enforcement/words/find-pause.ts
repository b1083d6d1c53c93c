import { pausePlace } from '../../agreement/lifecycle';
import { citeClause } from '../../agreement/plan/cite-clause';
import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import type { Conduct } from '../../registry/conduct';

/** What in the agreement says so that something stands still. */
export interface Pause {
  readonly clause: string;
}

type Paused = Pick<Conduct, 'state' | 'holders'>;

/** Whoever has the agreement stand still: while anybody does, nothing is published or taken in. */
export function findPause(plan: Plan, conduct: Paused): Pause | undefined {
  if (conduct.state !== 'suspended') return undefined;
  return findPauseOfAll(plan, conduct) ?? cite(plan, conduct.holders?.[0]);
}

/**
 * A pause that takes back all that is granted; undefined where nothing stands still, or parties alone have it so: their word takes
 * nothing of what was published from others. Whoever is not named, or is no party, stops all.
 */
export function findPauseOfAll(plan: Plan, { state, holders = [] }: Paused): Pause | undefined {
  if (state !== 'suspended') return undefined;
  const isParty = (holder: string) => plan.parties.some(({ id }) => id === holder);
  return holders.length > 0 && holders.every(isParty) ? undefined : cite(plan, undefined);
}

/** A pause by a leg's giver, its veto on what is its own, or by its receiver: nobody takes who does not give. */
export function findPauseOfLeg(
  plan: Plan,
  { from, to }: Pick<PlannedLeg, 'from' | 'to'>,
  conduct: Paused,
): Pause | undefined {
  if (conduct.state !== 'suspended') return undefined;
  const holder = conduct.holders?.find((each) => each === from || each === to);
  return findPauseOfAll(plan, conduct) ?? (holder === undefined ? undefined : cite(plan, holder));
}

function cite(plan: Plan, party: string | undefined): Pause {
  return { clause: citeClause(plan, 'access.veto', pausePlace(party)) };
}
