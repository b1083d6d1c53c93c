import type { Side } from '../agreement/plan/side';
import type { Room } from './room';

/** Which side the account of this room is. */
export function sideOf({ topology, operatorParty }: Pick<Room, 'topology' | 'operatorParty'>): Side {
  if (topology.kind === 'peer') return topology;
  return { kind: 'hosted', ...(operatorParty === undefined ? {} : { operator: operatorParty }) };
}
