import type { PlannedRoom } from '../agreement/plan/plan';
import { errorAt, type Remark } from '../agreement/yaml/remark';
import type { Room } from './room';

/**
 * The room that the parties sign is this one: where their raw data go, and who processes them.
 * @param parties ids
 * @returns places of the agreement that say otherwise than the room's file
 */
export function compareSignedRoom(
  signed: { readonly [K in keyof PlannedRoom]?: PlannedRoom[K] | undefined } | undefined,
  { topology, account, region, operatorParty: own }: Pick<Room, 'topology' | 'account' | 'region' | 'operatorParty'>,
  parties: readonly string[],
): readonly Remark[] {
  if (signed === undefined) return [];
  // Of a company the room's file knows no name.
  const isComparable = own !== undefined || parties.includes(signed.operator ?? '');
  const said = [
    ['topology', signed.topology, topology.kind],
    ['account', signed.account, account],
    ['region', signed.region, region],
    ['operator', isComparable ? signed.operator : undefined, own],
  ] as const;
  return said.flatMap(([key, wanted, actual]) => {
    if (wanted === undefined || wanted === actual) return [];
    const is = actual === undefined ? 'leaves it open' : `has \`${actual}\``;
    const problem = `the parties sign \`${wanted}\` here, and the room's file ${is}`;
    const remedy =
      "Correct the room's file, or have all parties sign an amendment: raw data go where they have signed.";
    return [errorAt(['room', key], problem, remedy)];
  });
}
