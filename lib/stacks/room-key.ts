import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * The key that everything in the room is encrypted with. Who administers it cannot use it, and it is used only by way
 * of S3, by principals of this account to whom an IAM policy gives it: nobody decrypts anything with the key alone.
 */
export class RoomKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Barter room: encrypts deliveries, releases and results',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'AdministerWithoutUse',
            principals: [new AccountRootPrincipal()],
            actions: ADMINISTRATION,
            resources: THIS_KEY,
          }),
          new PolicyStatement({
            sid: 'UseThroughStorageOnly',
            principals: [new AccountRootPrincipal()],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: THIS_KEY,
            conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` } },
          }),
        ],
      }),
    });
  }
}

/** In a key's own policy the wildcard means that key and no other. */
const THIS_KEY = ['*'];

/** Neither CreateGrant, which would hand out use, nor anything that encrypts or decrypts. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
