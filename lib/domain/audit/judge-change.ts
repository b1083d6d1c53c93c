import { isRoomRole, isRoomStack, isRoomTable } from '../room/room-names';
import type { Access } from './access';
import { ITEM_WRITES, isTaking } from './records/operations';

/** What a change amounts to, as far as somebody has to look at it. */
export type RoomChange =
  /** What is on record was written by somebody else than the room's functions. */
  | 'record-changed'
  /** Somebody was let in by hand whose account no agreement names, or everybody. */
  | 'granted-to-stranger'
  /** The room's code, roles, jobs, ways or grants were changed, by no deployment of it. */
  | 'room-changed'
  /** A stack of the room was deployed or removed: all else that CloudFormation did follows from it. */
  | 'room-deployed';

/** What it is judged by. */
type ChangingAccess = Pick<Access, 'act' | 'actor' | 'grantees' | 'operation' | 'recordedBy' | 'resource' | 'service'>;

/**
 * Judges a change, or a grant, by who made it. Not looked at is what the room's own roles do, for who gave them that, or took one
 * of them up, changed the room; what CloudFormation does, for it was told to by somebody; and what AWS does for itself.
 * @param partyAccounts those that agreements name
 * @returns undefined where nobody has to look
 */
export function judgeChange(
  access: ChangingAccess,
  roomAccounts: ReadonlySet<string>,
  partyAccounts: ReadonlySet<string>,
): RoomChange | undefined {
  const { act, actor, grantees = [], operation, recordedBy, resource, service } = access;
  if ((act !== 'change' && act !== 'permit') || recordedBy === undefined || !roomAccounts.has(recordedBy))
    return undefined;
  if (actor.kind === 'aws-service' || isRoomsDoing(actor, roomAccounts)) return undefined;
  const isStrange = grantees.some((each) => !roomAccounts.has(each) && !partyAccounts.has(each));
  if (isStrange && !isTaking(service, operation)) return 'granted-to-stranger';
  if (act === 'permit') return isByHand(access) ? 'room-changed' : undefined;
  const name = resource.kind === 'other' ? resource.id : '';
  if (service === 'dynamodb' && ITEM_WRITES.has(operation)) {
    // A statement that names its table where we do not see it may be about the record.
    return name === '' || isRoomTable(name) ? 'record-changed' : undefined;
  }
  return service === 'cloudformation' && isRoomStack(name) ? 'room-deployed' : 'room-changed';
}

/** What a service of AWS grants on behalf of whoever called it follows from that call; and by what is taken nobody is let in. */
function isByHand({ actor, operation, service }: ChangingAccess): boolean {
  return !isTaking(service, operation) && !(actor.kind === 'account' && actor.invokedBy !== undefined);
}

function isRoomsDoing(actor: Access['actor'], roomAccounts: ReadonlySet<string>): boolean {
  if (actor.kind !== 'account') return false;
  return (
    actor.invokedBy === 'cloudformation.amazonaws.com' || (roomAccounts.has(actor.account) && isRoomRole(actor.arn))
  );
}
