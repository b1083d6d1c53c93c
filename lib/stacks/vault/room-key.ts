import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { THIS_KEY } from '../shared/administer-without-use';
import { PrivateKey } from '../shared/private-key';

/**
 * The key of everything that the room stores: deliveries, releases, results, its registry and its ledger. It is used only
 * by way of S3 and DynamoDB, by principals of this account to whom an IAM policy gives it: nobody decrypts anything with
 * the key alone.
 */
export class RoomKey extends PrivateKey {
  constructor(scope: Construct, id: string) {
    const { region } = Stack.of(scope);
    const tables = { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` };
    const stores = { 'kms:ViaService': [`s3.${region}.amazonaws.com`, tables['kms:ViaService']] };
    super(scope, id, 'Barter room: encrypts deliveries, releases, results, registry and ledger', [
      allow('UseThroughStorageOnly', ['kms:Decrypt', 'kms:GenerateDataKey'], { StringEquals: stores }),
      // DynamoDB keeps a table under a key by a grant to itself, which whoever makes the table has to be allowed.
      allow('EncryptTables', ['kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'], {
        StringEquals: tables,
      }),
      allow('LetTablesKeepTheKey', ['kms:CreateGrant'], {
        StringEquals: tables,
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      }),
    ]);
  }
}

function allow(sid: string, actions: string[], conditions: Record<string, Record<string, string | string[]>>) {
  const principals = [new AccountRootPrincipal()];
  return new PolicyStatement({ sid, principals, actions, resources: THIS_KEY, conditions });
}
