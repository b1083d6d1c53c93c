import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { QUARANTINE_TAG } from '../../domain/room/quarantine-tag';
import { ROOM_STACKS } from '../../domain/room/room-names';
import { type KnownRoles, markRole, refuse, refuseOtherRoles } from './known-roles';

/** Raw data are read by these and by nobody else of the account, whatever IAM gives them. */
const RAW_READERS: KnownRoles = { stack: ROOM_STACKS.anonymisation, tag: 'barter-reads', value: 'raw' };

const READING = { actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionForReplication'], objects: '*' };

export function markRawReader(role: IRole): void {
  markRole(role, RAW_READERS);
}

export function refuseOtherReaders(bucket: Bucket): void {
  refuseOtherRoles(bucket, { sid: 'RefuseOtherReaders', ...READING }, RAW_READERS);
}

/** What is in quarantine is read by nobody at all. */
export function refuseReadingQuarantined(bucket: Bucket): void {
  const { key, value } = QUARANTINE_TAG;
  const tagged = { StringEquals: { [`s3:ExistingObjectTag/${key}`]: value } };
  refuse(bucket, { sid: 'RefuseReadingQuarantined', ...READING }, tagged);
}
