import { readDoorRole } from '../enforcement/doors/door-session';
import {
  isRawBucket,
  isResultsBucket,
  isRoomBucket,
  isRoomRole,
  isRoomRoleArn,
  isRoomStack,
  isRoomTable,
  opensToOthers,
} from '../room/room-names';
import type { Access } from './access';
import { ITEM_WRITES, isTaking } from './records/operations';

/** What the room's own people did, as far as somebody has to look at it. */
export type RoomChange =
  /** What is on record was written by somebody else than the room's functions. */
  | 'record-changed'
  /** Deliveries, or what is as raw, were read by the room's own people. */
  | 'deliveries-read'
  /** Somebody was let in whose account no agreement names, or everybody, by hand or by a deployment. */
  | 'granted-to-stranger'
  /** The room's code, roles, jobs, ways, grants or data were changed by no deployment of it, or one of its roles was taken up. */
  | 'room-changed'
  /** A stack of the room was deployed or removed: all else that CloudFormation did follows from it. */
  | 'room-deployed';

/** What it is judged by. */
type ChangingAccess = Pick<Access, 'act' | 'actor' | 'grantees' | 'operation' | 'recordedBy' | 'resource' | 'service'>;

/**
 * Judges a change, a grant, a write, the reading of a delivery or the taking up of a role by who did it. Not looked at is what the
 * room's own roles do, for who gave them that, or took one of them up, changed the room; what CloudFormation does but for letting
 * strangers in, for it was told to by somebody; and what AWS does for itself.
 * @param partyAccounts those that agreements name
 * @returns undefined where nobody has to look
 */
export function judgeChange(
  access: ChangingAccess,
  roomAccounts: ReadonlySet<string>,
  partyAccounts: ReadonlySet<string>,
): RoomChange | undefined {
  const { act, actor, recordedBy } = access;
  if (actor.kind === 'aws-service' || isByRoomRole(actor, roomAccounts)) return undefined;
  // S3's own log tells of a copy's source what no other tells, and names no account that recorded it.
  if (act === 'read') return takesDelivery(access, roomAccounts) ? 'deliveries-read' : undefined;
  if (recordedBy === undefined || !roomAccounts.has(recordedBy)) return undefined;
  switch (act) {
    case 'change':
    case 'permit':
      if (letsStrangerIn(access, roomAccounts, partyAccounts)) return 'granted-to-stranger';
      if (isByCloudFormation(actor)) return undefined;
      return act === 'change' ? judgeWhatChanged(access) : isByHand(access) ? 'room-changed' : undefined;
    case 'vend':
      return takesRoomRole(access) ? 'room-changed' : undefined;
    case 'write':
    case 'delete':
    case 'publish':
      if (!isByOwners(actor, roomAccounts) || followsFromCall(access)) return undefined;
      return touchesRoom(access) ? 'room-changed' : undefined;
    default:
      return undefined;
  }
}

function letsStrangerIn(
  access: ChangingAccess,
  roomAccounts: ReadonlySet<string>,
  partyAccounts: ReadonlySet<string>,
): boolean {
  const { grantees = [], operation, service } = access;
  if (isTaking(service, operation) || isDeployedDoor(access)) return false;
  return grantees.some((each) => !roomAccounts.has(each) && !partyAccounts.has(each));
}

/** Whoever comes in by such a role is looked at then: to another's warehouse, or a strange account, nothing is explained. */
function isDeployedDoor({ actor, resource, service }: ChangingAccess): boolean {
  return service === 'iam' && isByCloudFormation(actor) && resource.kind === 'other' && opensToOthers(resource.id);
}

function judgeWhatChanged({ operation, resource, service }: ChangingAccess): RoomChange | undefined {
  const name = resource.kind === 'other' ? resource.id : '';
  if (service === 'dynamodb' && ITEM_WRITES.has(operation)) {
    // A statement that names its table where we do not see it may be about the record.
    return name === '' || isRoomTable(name) ? 'record-changed' : undefined;
  }
  return service === 'cloudformation' && isRoomStack(name) ? 'room-deployed' : 'room-changed';
}

/** By what is taken nobody is let in. */
function isByHand(access: ChangingAccess): boolean {
  return !isTaking(access.service, access.operation) && !followsFromCall(access);
}

/**
 * What these do in the name of whoever called them follows from that call, which is judged itself: permissions that Lake Formation
 * passes on, the use of a key for a table or a function, results of queries, all that CloudFormation was told to. What any other
 * service does in somebody's name, in a workflow or by a schedule of theirs, is theirs.
 */
function followsFromCall({ actor, resource, service }: ChangingAccess): boolean {
  if (actor.kind !== 'account') return false;
  switch (actor.invokedBy) {
    case CLOUDFORMATION:
      return true;
    case 'lakeformation.amazonaws.com':
      return service === 'glue' || service === 'ram';
    case 'dynamodb.amazonaws.com':
    case 'lambda.amazonaws.com':
      return service === 'kms';
    case 'athena.amazonaws.com':
      return service === 's3' && resource.kind === 'object' && isResultsBucket(resource.bucket);
    default:
      return false;
  }
}

const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** A service that runs with a role of the room takes it up as itself. */
function takesRoomRole({ resource, service }: ChangingAccess): boolean {
  return service === 'sts' && resource.kind === 'other' && isRoomRoleArn(resource.id);
}

/** No service reads deliveries for those who call it: that a call explains, too, is no excuse. */
function takesDelivery({ actor, resource }: ChangingAccess, roomAccounts: ReadonlySet<string>): boolean {
  return resource.kind === 'object' && isRawBucket(resource.bucket) && isByOwners(actor, roomAccounts);
}

/** By somebody of the room's accounts, and not as a party. */
function isByOwners(actor: Access['actor'], roomAccounts: ReadonlySet<string>): boolean {
  return actor.kind === 'account' && roomAccounts.has(actor.account) && readDoorRole(actor.arn) === undefined;
}

/** Objects of other buckets are nothing of the room's; of tables and data sets its account is all that tells. */
function touchesRoom({ resource, service }: ChangingAccess): boolean {
  return service === 's3' ? resource.kind === 'object' && isRoomBucket(resource.bucket) : TOUCHED.has(service);
}

const TOUCHED: ReadonlySet<string> = new Set(['glue', 'dataexchange']);

function isByCloudFormation(actor: Access['actor']): boolean {
  return actor.kind === 'account' && actor.invokedBy === CLOUDFORMATION;
}

function isByRoomRole(actor: Access['actor'], roomAccounts: ReadonlySet<string>): boolean {
  return actor.kind === 'account' && roomAccounts.has(actor.account) && isRoomRole(actor.arn);
}
