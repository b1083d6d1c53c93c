import { Tags } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { INBOX } from '../../domain/room/inbox-prefix';

/*
 * What lies in an inbox its receiver can read: so it is put there by who publishes complete rounds, and by nobody else,
 * whatever IAM gives them. As with raw data (raw-readers.ts), the bucket knows such roles by a tag.
 */

const TAG = 'barter-publishes';
const RELEASES = 'releases';
/** Of all agreements and legs. */
const INBOXES = `*/*/${INBOX}*`;

/** Lets a role put releases into inboxes, as far as IAM lets it too. */
export function markPublisher(role: IRole): void {
  Tags.of(role).add(TAG, RELEASES);
}

export function refuseOtherPublishers(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RefuseOtherPublishers',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject', 's3:ReplicateObject'],
      resources: [bucket.arnForObjects(INBOXES)],
      // Holds for who has no such tag as well.
      conditions: { StringNotEquals: { [`aws:PrincipalTag/${TAG}`]: RELEASES } },
    }),
  );
}
