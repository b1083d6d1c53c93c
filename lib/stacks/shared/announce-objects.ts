import { type Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';

/** Makes S3 tell EventBridge of every new object. The library's own switch would add a function that runs as long as the bucket. */
export function announceObjects(bucket: Bucket): void {
  const { defaultChild } = bucket.node;
  if (!CfnBucket.isCfnBucket(defaultChild)) throw new Error(`${bucket.node.path} is no bucket of this app.`);
  defaultChild.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}
