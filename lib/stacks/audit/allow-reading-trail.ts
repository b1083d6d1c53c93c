import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { TrailDestination } from '../vault/room-trail';

/** What a role of the room needs to read its trail, wherever it is kept. */
export function allowReadingTrail(scope: Construct, archive: TrailDestination): readonly PolicyStatement[] {
  const { partition, region } = Stack.of(scope);
  const { bucketName, keyArn, keyAlias } = archive;
  const bucket = `arn:${partition}:s3:::${bucketName}`;
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${bucket}/*`] }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket] }),
    // IAM knows a key by its own ARN, and of one that another stack has yet to make only the alias is known.
    keyAlias === undefined
      ? new PolicyStatement({ actions: ['kms:Decrypt'], resources: [keyArn] })
      : new PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [`arn:${partition}:kms:${region}:${keyAlias.account}:key/*`],
          conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': keyAlias.name } },
        }),
  ];
}

/** How the resources end that stand for more than one thing: for `acknowledgeWildcards`. */
export const TRAIL_WILDCARDS = ['/*'] as const;
