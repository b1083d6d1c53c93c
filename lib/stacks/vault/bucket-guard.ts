import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CallAlert } from './call-alert';

/** Tells of every change to how these buckets are protected: policy, public access, encryption, versions, locks, logs. */
export class BucketGuard extends CallAlert {
  constructor(scope: Construct, id: string, teller: IFunction, buckets: readonly Pick<IBucket, 'bucketName'>[]) {
    super(scope, id, {
      teller,
      message: 'the protection of a bucket of the room was changed',
      service: 's3',
      calls: [
        { prefix: 'PutBucket' },
        { prefix: 'DeleteBucket' },
        { prefix: 'PutObjectLock' },
        { prefix: 'PutPublic' },
      ],
      parameters: { bucketName: buckets.map(({ bucketName }) => bucketName) },
    });
  }
}
