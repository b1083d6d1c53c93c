import { Tags } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

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
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RefuseOtherReaders',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionForReplication'],
      resources: [bucket.arnForObjects('*')],
      // Holds for who has no such tag as well.
      conditions: { StringNotEquals: { [`aws:PrincipalTag/${TAG}`]: RAW } },
    }),
  );
}
