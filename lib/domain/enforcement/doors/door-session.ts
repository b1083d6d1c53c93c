import { PARTY_ROLE, WAREHOUSE_ROLE } from '../../room/room-names';

/** In the ARN of a session: of a role of the room by which a party, or a receiver's warehouse, comes in. */
export const DOOR_MARKS = [PARTY_ROLE, WAREHOUSE_ROLE].map((name) => `/${name}`);

/** The role of a session at a party's door; undefined for any other. */
export function readDoorRole(arn: string | undefined): string | undefined {
  const role = /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn ?? '')?.[1];
  return role !== undefined && isDoorRole(role) ? role : undefined;
}

/** Whether a role of the room, by its name, is one that parties or their warehouses come in by. */
export function isDoorRole(role: string): boolean {
  return role.startsWith(PARTY_ROLE) || role.startsWith(WAREHOUSE_ROLE);
}
