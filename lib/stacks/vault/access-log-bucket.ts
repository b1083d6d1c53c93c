import { Duration } from 'aws-cdk-lib';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PrivateBucket } from '../shared/private-bucket';

/**
 * Where S3 writes who asked for which object. S3 delivers these logs only to a bucket under its own encryption, not under
 * a key of ours; they hold object names and callers, never content.
 */
export class AccessLogBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, keep: Duration) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      keepReplaced: Duration.days(1),
      lifecycleRules: [{ id: 'expire', expiration: keep }],
    });
  }
}
