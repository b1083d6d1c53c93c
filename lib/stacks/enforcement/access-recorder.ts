import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LINK_MARK } from '../../domain/enforcement/doors/link-session';
import { LEDGER_BUCKET } from '../../domain/room/ledger-bucket';
import { PARTY_ROLE, WAREHOUSE_ROLE } from '../../domain/room/room-names';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allow } from '../shared/allow';
import { allowEncrypting } from '../shared/allow-encrypting';
import { allowListing } from '../shared/allow-listing';
import { RoomFunction } from '../shared/room-function';
import { AccessQueue, EXECUTION } from './access-queue';
import type { RegistryTable } from './registry-table';

interface AccessRecorderProps {
  readonly registry: RegistryTable;
  readonly key: IKey;
  readonly noticeKey: IKey;
  /** The access ledger, and the key that signs its checkpoints. */
  readonly ledger: IBucket;
  readonly ledgerKey: IKey;
}

/** Puts into the access ledger what events tell of, many at once, and signs what it comes to. */
export class AccessRecorder extends RoomFunction {
  /** Where the events wait. */
  readonly queue: AccessQueue;

  constructor(scope: Construct, id: string, { registry, key, noticeKey, ledger, ledgerKey }: AccessRecorderProps) {
    const { account } = Stack.of(scope);
    const queue = new AccessQueue(scope, `${id}Queue`, noticeKey);
    super(scope, id, {
      handler: 'record-access',
      description: 'records the accesses that events tell of',
      noticeKey,
      isAsync: false,
      environment: {
        LEDGER_BUCKET: ledger.bucketName,
        LEDGER_ORIGIN: `barter-room/${account}`,
        LEDGER_KEY_ARN: ledgerKey.keyArn,
        REGISTRY_TABLE: registry.tableName,
        ROOM_ACCOUNT: account,
      },
      timeout: EXECUTION,
      // Anybody can cause a request that is refused, and an event of it: what others need to run is not theirs to take.
      atOnce: WRITERS,
      statements: [
        allow(['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], queue.queueArn),
        allow(['kms:Decrypt'], noticeKey.keyArn),
        new PolicyStatement({
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [ledger.arnForObjects(LEDGER_OBJECTS)],
        }),
        allowListing(ledger, LEDGER_OBJECTS),
        allowEncrypting(key),
        new PolicyStatement({ actions: ['kms:GetPublicKey', 'kms:Sign'], resources: [ledgerKey.keyArn] }),
        // Whose accounts are no stranger's, and how often strangers came.
        ...registry.allowRecording('knocks'),
      ],
    });
    acknowledgeWildcards(this.permissions, [`/${LEDGER_OBJECTS}`], 'It stands for the parts of the ledger.');
    this.queue = queue;
    this.addEventSourceMapping('Accesses', {
      eventSourceArn: queue.queueArn,
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(20),
      maxConcurrency: WRITERS,
      reportBatchItemFailures: true,
    });
    // What Data Exchange tells the owner of a data set goes to this account's own default bus.
    new Rule(this, 'ExchangeNews', {
      description: 'Barter room: what Data Exchange tells of grants and revisions goes to the record',
      eventPattern: { source: ['aws.dataexchange'] },
      targets: [queue.target],
    });
    this.hearOfAccesses();
  }

  /**
   * Accesses that this account itself is told of, as they happen. What Lake Formation's credentials read object by object is told
   * for legs with a quota alone, by their agreement's stack: there is too much of it, and it begins with credentials that were
   * handed out.
   */
  private hearOfAccesses(): void {
    const viaTrail = ['AWS API Call via CloudTrail'];
    const targets = [this.queue.target];
    new Rule(this, 'Downloads', {
      description: 'Barter room: what is fetched by SFTP goes to the record',
      eventPattern: {
        source: ['aws.transfer'],
        detailType: ['SFTP Server File Download Completed', 'SFTP Server File Download Failed'],
      },
      targets,
    });
    new Rule(this, 'ForeignReads', {
      description: 'Barter room: what other accounts do in its buckets goes to the record',
      eventPattern: {
        source: ['aws.s3'],
        detailType: viaTrail,
        detail: { userIdentity: { accountId: [{ 'anything-but': [Stack.of(this).account] }] } },
      },
      targets,
    });
    new Rule(this, 'LinkUses', {
      description: 'Barter room: what is read and put by the links that it gives goes to the record',
      eventPattern: {
        source: ['aws.s3'],
        detailType: viaTrail,
        detail: { userIdentity: { arn: [{ suffix: LINK_MARK }] } },
      },
      targets,
    });
    const { account } = Stack.of(this);
    const sessions = (role: string) =>
      Stack.of(this).formatArn({ service: 'sts', region: '', resource: 'assumed-role', resourceName: role });
    new Rule(this, 'DoorUses', {
      description: 'Barter room: what parties and their warehouses do by their roles goes to the record',
      eventPattern: {
        source: ['aws.s3'],
        detailType: viaTrail,
        detail: {
          userIdentity: {
            accountId: [account],
            arn: [PARTY_ROLE, WAREHOUSE_ROLE].map((role) => ({ prefix: sessions(role) })),
          },
        },
      },
      targets,
    });
    const vends = new Rule(this, 'HandedOut', {
      description: 'Barter room: to whom Lake Formation hands out credentials goes to the record',
      eventPattern: {
        source: ['aws.lakeformation'],
        detailType: viaTrail,
        detail: { eventName: ['GetDataAccess'] },
      },
      targets,
    });
    // By default EventBridge tells of no management event that only reads, as CloudTrail counts this one.
    const { defaultChild } = vends.node;
    if (!(defaultChild instanceof CfnRule)) throw new Error(`${vends.node.path} is no rule.`);
    defaultChild.addPropertyOverride('State', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  }
}

/** Lambda takes no fewer from a queue; where both enter at the same time, who loses reads again and tries once more. */
const WRITERS = 2;

const LEDGER_OBJECTS = `${LEDGER_BUCKET.ledger}*`;
