import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DOOR_PARTITIONS, REGISTRY_KEY } from '../../domain/registry/registry-keys';

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

  /** What a door needs to put its decisions on record, and what was used: it can write nothing that a decision rests on. */
  allowRecording(...kinds: readonly DoorRecord[]): PolicyStatement[] {
    return this.allowWriting(...kinds.map((kind) => DOOR_PARTITIONS[kind]));
  }

  /**
   * What it takes to read all, and to write into partitions whose names begin so. IAM sees a partition and no more: of what lies
   * together one record cannot be kept from whoever may write another.
   */
  allowWriting(...partitions: readonly string[]): PolicyStatement[] {
    return [
      ...this.allow('dynamodb:GetItem', 'dynamodb:Query'),
      new PolicyStatement({
        actions: ['dynamodb:PutItem'],
        resources: [this.tableArn],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions.map((partition) => `${partition}*`) },
        },
      }),
    ];
  }

  /** What a role needs for these calls, and no other. DynamoDB decrypts with the caller's own right to the key. */
  allow(...actions: readonly RegistryAction[]): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: [...actions], resources: [this.tableArn] }),
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [this.key.keyArn] }),
    ];
  }
}

export type DoorRecord = keyof typeof DOOR_PARTITIONS;

/** A record is never deleted. */
type RegistryAction = 'dynamodb:GetItem' | 'dynamodb:PutItem' | 'dynamodb:Query';
