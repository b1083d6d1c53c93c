import { Tags } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { QUARANTINE_TAG } from '../../domain/room/quarantine-tag';

/*
 * Raw data are read by the room's own roles and by nobody else of the account, whatever IAM gives them. The bucket is there
 * before the roles and cannot name them: it knows them by a tag. No role of the room trusts anybody to bring tags along.
 */

const TAG = 'barter-reads';
const RAW = 'raw';

/** Lets a role read raw data, as far as IAM lets it too. */
export function markRawReader(role: IRole): void {
  Tags.of(role).add(TAG, RAW);
}

export function refuseOtherReaders(bucket: Bucket): void {
  // Holds for who has no such tag as well.
  refuseReading(bucket, 'RefuseOtherReaders', { StringNotEquals: { [`aws:PrincipalTag/${TAG}`]: RAW } });
}

/** What is in quarantine is read by nobody at all. */
export function refuseReadingQuarantined(bucket: Bucket): void {
  const { key, value } = QUARANTINE_TAG;
  refuseReading(bucket, 'RefuseReadingQuarantined', { StringEquals: { [`s3:ExistingObjectTag/${key}`]: value } });
}

function refuseReading(bucket: Bucket, sid: string, conditions: Record<string, Record<string, string>>): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionForReplication'],
      resources: [bucket.arnForObjects('*')],
      conditions,
    }),
  );
}
