import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { REGISTRY_KEY } from '../domain/enforcement/registry/registry-keys';

/** What the room has on record: agreements, conduct, rounds, breaches. docs/registry.md says what lies where. */
export class RegistryTable extends Table {
  constructor(
    scope: Construct,
    id: string,
    private readonly key: IKey,
  ) {
    super(scope, id, {
      partitionKey: { name: REGISTRY_KEY.partition, type: AttributeType.STRING },
      sortKey: { name: REGISTRY_KEY.sort, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** What a role needs for these calls, and no other. DynamoDB decrypts with the caller's own right to the key. */
  allow(...actions: readonly RegistryAction[]): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: [...actions], resources: [this.tableArn] }),
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [this.key.keyArn] }),
    ];
  }
}

/** A record is never deleted. */
export type RegistryAction = 'dynamodb:GetItem' | 'dynamodb:PutItem' | 'dynamodb:Query';
