import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, type BucketProps, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface PrivateBucketProps extends Pick<BucketProps, FreeChoice> {
  /** How long a version that was replaced or deleted can still be brought back. */
  readonly keepReplaced: Duration;
}

type FreeChoice =
  | 'bucketKeyEnabled'
  | 'bucketName'
  | 'encryption'
  | 'encryptionKey'
  | 'lifecycleRules'
  | 'objectLockDefaultRetention'
  | 'objectLockEnabled'
  | 'serverAccessLogsBucket'
  | 'serverAccessLogsPrefix';

/** What holds for every bucket of the room: not public, no plain HTTP, no ACLs, nothing overwritten or removed for good by a slip. */
export abstract class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, { keepReplaced, lifecycleRules = [], ...free }: PrivateBucketProps) {
    super(scope, id, {
      ...free,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      // A first deployment that fails leaves the bucket behind, and a name that is given would then be taken for the next one.
      removalPolicy: free.bucketName === undefined ? RemovalPolicy.RETAIN : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [
        {
          id: 'tidy',
          noncurrentVersionExpiration: keepReplaced,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
        ...lifecycleRules,
      ],
    });
  }

  /** Also narrows the library's `boolean | undefined`, which does not fit its own `IBucket` under exact optional types. */
  override get isWebsite(): boolean {
    return false;
  }
}
