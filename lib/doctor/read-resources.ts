import {
  type CloudTrailClient,
  GetEventSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { DescribeKeyCommand, GetKeyRotationStatusCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DescribeServerCommand, type TransferClient } from '@aws-sdk/client-transfer';
import {
  bucketFacts,
  type Facts,
  keyFacts,
  type StatementShape,
  serverFacts,
  trailFacts,
} from '../domain/room/resource-facts';
import { unlessNamed } from './unless-named';

export async function readBucket(s3: S3Client, Bucket: string): Promise<Facts> {
  const [versioning, block, encryption, policy, locked] = await Promise.all([
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    unlessNamed(/^NoSuchPublicAccessBlock/, () => s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
    unlessNamed(/^ServerSideEncryptionConfigurationNotFound/, () =>
      s3.send(new GetBucketEncryptionCommand({ Bucket })),
    ),
    unlessNamed(/^NoSuchBucketPolicy/, () => s3.send(new GetBucketPolicyCommand({ Bucket }))),
    unlessNamed(/^ObjectLockConfigurationNotFound/, () => s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
  ]);
  const retention = locked?.ObjectLockConfiguration?.Rule?.DefaultRetention;
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  return bucketFacts({
    blocks: { ...block?.PublicAccessBlockConfiguration },
    versioning: versioning.Status,
    encryption: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ...(retention === undefined ? {} : { lock: { mode: retention.Mode, days: retention.Days } }),
    statements: readStatements(policy?.Policy),
  });
}

function readStatements(policy: string | undefined): readonly StatementShape[] {
  if (policy === undefined) return [];
  const { Statement }: { readonly Statement: StatementShape | readonly StatementShape[] } = JSON.parse(policy);
  return [Statement].flat();
}

export async function readKey(kms: KMSClient, KeyId: string): Promise<Facts> {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  // Of a key that is to be deleted KMS does not say.
  const rotation = await unlessNamed(/^(KMSInvalidState|UnsupportedOperation)/, () =>
    kms.send(new GetKeyRotationStatusCommand({ KeyId })),
  );
  return keyFacts({ state: KeyMetadata?.KeyState, rotates: rotation?.KeyRotationEnabled });
}

export async function readTrail(cloudTrail: CloudTrailClient, name: string): Promise<Facts> {
  const [{ Trail }, { IsLogging }, { AdvancedEventSelectors }] = await Promise.all([
    cloudTrail.send(new GetTrailCommand({ Name: name })),
    cloudTrail.send(new GetTrailStatusCommand({ Name: name })),
    cloudTrail.send(new GetEventSelectorsCommand({ TrailName: name })),
  ]);
  return trailFacts({
    IsLogging,
    IsMultiRegionTrail: Trail?.IsMultiRegionTrail,
    validation: Trail?.LogFileValidationEnabled,
    selectors: AdvancedEventSelectors,
  });
}

/** CloudFormation knows a server by its ARN, the service by the id in it. */
export async function readServer(transfer: TransferClient, arn: string): Promise<Facts> {
  const ServerId = arn.slice(arn.lastIndexOf('/') + 1);
  const { Server } = await transfer.send(new DescribeServerCommand({ ServerId }));
  return serverFacts({ ...Server, logs: Server?.StructuredLogDestinations?.length ?? 0 });
}
