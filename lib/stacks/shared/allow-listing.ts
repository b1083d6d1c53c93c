import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { allow } from './allow';

/** To list what lies under these prefixes. S3 says of what is not there that it is forbidden, but to who may list it. */
export function allowListing(bucket: IBucket, prefixes: string | readonly string[]): PolicyStatement {
  return allow(['s3:ListBucket'], bucket.bucketArn, { StringLike: { 's3:prefix': prefixes } });
}
