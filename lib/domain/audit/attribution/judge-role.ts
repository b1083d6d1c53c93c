import type { Access } from '../access';
import { reachOfAct } from '../reach-of-act';
import type { Attributed } from './attribution';

/** What a decision never lets a party do, whatever it says: a decision is of a party and a leg, and knows no act and no place. */
export type RoleBreach =
  /** It neither gives nor receives the leg. */
  | 'other-partys-leg'
  /** It does what its part in the leg does not let it. */
  | 'outside-role';

/**
 * Judges what a party did by its part in the leg. A receiver takes releases: what the giver handed in is untreated, and nobody
 * but the room writes or deletes what is released. A giver hands in, and may look at what came of it. Whoever lists from above
 * sees what lies there of others too.
 */
export function judgeRole(
  { role, holds, showsOthers }: Pick<Attributed, 'role' | 'holds' | 'showsOthers'>,
  act: Access['act'],
): RoleBreach | undefined {
  if (reachOfAct(act) === undefined) return undefined;
  if (role === 'other-party') return 'other-partys-leg';
  const isRoomsAlone = holds === 'release' ? act === 'write' || act === 'delete' : role === 'receiver';
  return isRoomsAlone || showsOthers === true ? 'outside-role' : undefined;
}
