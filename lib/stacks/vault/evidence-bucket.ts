import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { accessLogPrefix } from '../../domain/room/access-log-prefix';
import { PrivateBucket } from '../shared/private-bucket';
import type { AccessLogBucket } from './access-log-bucket';

interface EvidenceBucketProps {
  readonly key: IKey;
  readonly accessLogs: AccessLogBucket;
  /** Every object is locked so long from its writing, against the account's root user too. Only new objects follow a change. */
  readonly locked: Duration;
  /** Whether objects go when their lock ends; where each one rests on the earlier ones they stay. */
  readonly expires: boolean;
  readonly bucketName?: string;
}

/**
 * A bucket whose objects nobody can change or remove before their lock ends: S3 refuses in compliance mode, and its
 * policy refuses even the delete markers that would hide them.
 */
export class EvidenceBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key, accessLogs, locked, expires, ...named }: EvidenceBucketProps) {
    super(scope, id, {
      ...named,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      // S3 would use bucket keys without the caller's encryption context, by which CloudTrail's use of a key is known.
      bucketKeyEnabled: false,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(locked),
      keepReplaced: Duration.days(1),
      lifecycleRules: expires ? [{ id: 'expire', expiration: locked.plus(Duration.days(1)) }] : [],
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: accessLogPrefix(id),
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RefuseRemoval',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectRetention'],
        resources: [this.arnForObjects('*')],
      }),
    );
  }
}
