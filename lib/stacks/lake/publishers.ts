import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { INBOX } from '../../domain/room/inbox-prefix';
import { ROOM_STACKS } from '../../domain/room/room-names';
import { type KnownRoles, markRole, refuseOtherRoles } from './known-roles';

/**
 * What lies in an inbox its receiver can read: so it is put there by who publishes complete rounds, and by nobody else, whatever
 * IAM gives them.
 */
const PUBLISHERS: KnownRoles = { stack: ROOM_STACKS.exchange, tag: 'barter-publishes', value: 'releases' };

/** Into the inboxes of all agreements and legs. */
const WRITING = { actions: ['s3:PutObject', 's3:ReplicateObject'], objects: `*/*/${INBOX}*` };

export function markPublisher(role: IRole): void {
  markRole(role, PUBLISHERS);
}

export function refuseOtherPublishers(bucket: Bucket): void {
  refuseOtherRoles(bucket, { sid: 'RefuseOtherPublishers', ...WRITING }, PUBLISHERS);
}
