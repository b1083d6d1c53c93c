import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { LINK_MARK } from '../domain/enforcement/link-session';
import { DOOR_PARTITIONS, partitionOf } from '../domain/enforcement/registry/registry-keys';
import { ROOM_EVENTS } from '../domain/enforcement/room-events';
import { LEDGER_BUCKET } from '../domain/room/ledger-bucket';
import { OUTBOX } from '../domain/room/outbox-prefix';
import type { Room } from '../domain/room/room';
import { acknowledgeWildcards } from './acknowledge-wildcards';
import { FunctionAlarms } from './function-alarms';
import { hearPartners } from './hear-partners';
import { RegistryTable } from './registry-table';
import { RoomApi } from './room-api';
import { RoomBus } from './room-bus';
import { RoomFunction } from './room-function';

export interface EnforcementStackProps extends StackProps {
  readonly retention: Room['retention'];
  readonly key: IKey;
  readonly noticeKey: IKey;
  /** The access ledger, and the key that signs its checkpoints. */
  readonly ledger: IBucket;
  readonly ledgerKey: IKey;
  /** By their names accesses are told from each other. */
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly alerts: ITopic;
  /** By which its rules raise alerts. */
  readonly teller: IFunction;
}

/** What makes the terms hold: the registry, the room's own events, and the door that parties ask at. */
export class EnforcementStack extends Stack {
  readonly registry: RegistryTable;
  /** The room's own events. Partners have a bus for each agreement: see `PartnerBus`. */
  readonly bus: RoomBus;
  readonly record: RoomFunction;
  readonly api: RoomApi;
  readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, props: EnforcementStackProps) {
    super(scope, id, props);
    const { retention, key, noticeKey, alerts, teller, ledger, ledgerKey, landing, lake } = props;
    this.registry = new RegistryTable(this, 'Registry', key);
    this.bus = new RoomBus(this, 'Bus', {
      name: ROOM_BUS,
      description: 'Barter room: what the room tells itself',
      keepEvents: retention.logs,
      noticeKey,
    });
    const common = { noticeKey, isAsync: true };
    this.record = new RoomFunction(this, 'Record', {
      ...common,
      handler: 'record-access',
      description: 'records the accesses that events tell of',
      environment: {
        LEDGER_BUCKET: ledger.bucketName,
        LEDGER_ORIGIN: `barter-room/${this.account}`,
        LEDGER_KEY_ARN: ledgerKey.keyArn,
        REGISTRY_TABLE: this.registry.tableName,
      },
      // Others may enter at the same time: each loser reads again and tries once more.
      timeout: Duration.minutes(2),
      // Anybody can cause a request that is refused, and an event of it: what others need to run is not theirs to take.
      atOnce: 10,
      statements: [
        new PolicyStatement({
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [ledger.arnForObjects(LEDGER_OBJECTS)],
        }),
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [ledger.bucketArn],
          conditions: { StringLike: { 's3:prefix': LEDGER_OBJECTS } },
        }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
        new PolicyStatement({ actions: ['kms:GetPublicKey', 'kms:Sign'], resources: [ledgerKey.keyArn] }),
        // Whose outboxes there are, and what is put into them; whose accounts are no stranger's, and how often strangers came.
        ...this.registry.allowRecording('knocks'),
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [ledger.arnForObjects(`${OUTBOX}*`)] }),
      ],
    });
    acknowledgeWildcards(
      this.record.permissions,
      [`/${LEDGER_OBJECTS}`, `/${OUTBOX}*`],
      'It stands for the parts of the ledger, and for the parties that are told of it.',
    );
    const breach = new RoomFunction(this, 'Breach', {
      ...common,
      handler: 'handle-breach',
      description: 'puts breaches on record, and what people say of them and of the agreement',
      environment: { REGISTRY_TABLE: this.registry.tableName, ROOM_BUS: this.bus.eventBus.eventBusName },
      statements: [
        ...this.registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'),
        new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBus.eventBusArn] }),
      ],
    });
    const decide = new RoomFunction(this, 'Decide', {
      ...common,
      isAsync: false,
      handler: 'decide',
      description: 'decides on requests of parties',
      environment: {
        REGISTRY_TABLE: this.registry.tableName,
        LEDGER_BUCKET: ledger.bucketName,
        LEDGER_ORIGIN: `barter-room/${this.account}`,
        ROOM_ACCOUNT: this.account,
        LANDING_BUCKET: landing.bucketName,
        LAKE_BUCKET: lake.bucketName,
        ROOM_BUS: this.bus.eventBus.eventBusName,
      },
      statements: [
        // Signatures, attestations and problems lie with their agreement; it lists none, and counts no quota.
        ...this.registry.allowWriting(partitionOf(''), ...DECIDES.map((kind) => DOOR_PARTITIONS[kind])),
        new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBus.eventBusArn] }),
        // What a party is shown of its accesses.
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: LEDGER_ENTRIES.map((objects) => ledger.arnForObjects(objects)),
        }),
        // Without it a ledger that has no entry yet is one that is denied.
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [ledger.bucketArn],
          conditions: { StringLike: { 's3:prefix': LEDGER_OBJECTS } },
        }),
      ],
      // Policies are evaluated in WebAssembly, which is compiled when the function starts.
      memory: 1024,
    });
    acknowledgeWildcards(
      decide.permissions,
      LEDGER_ENTRIES.slice(1).map((objects) => `/${objects}`),
      'It stands for the entries of the ledger.',
    );
    this.api = new RoomApi(this, 'Api', { decide, noticeKey, alerts });
    const told = (...detailType: string[]): EventPattern => ({ source: [ROOM_EVENTS.source], detailType });
    new Rule(this, 'BreachReported', {
      description: 'Barter room: a breach goes on record, and to those who are told',
      eventBus: this.bus.eventBus,
      eventPattern: told(ROOM_EVENTS.breachReported),
      targets: [new LambdaFunction(breach), new LambdaFunction(teller)],
    });
    new Rule(this, 'DeliveryWithheld', {
      description: 'Barter room: that a delivery goes no further goes on record, and to whoever gave it',
      eventBus: this.bus.eventBus,
      eventPattern: told(ROOM_EVENTS.deliveryWithheld),
      targets: [new LambdaFunction(breach)],
    });
    new Rule(this, 'BreachOverruled', {
      description: 'Barter room: that a person overruled a breach goes on record',
      eventBus: this.bus.eventBus,
      eventPattern: told(ROOM_EVENTS.breachOverruled),
      targets: [new LambdaFunction(breach), new LambdaFunction(teller)],
    });
    new Rule(this, 'AgreementPaused', {
      description: 'Barter room: that a person suspended or resumed an agreement goes on record',
      eventBus: this.bus.eventBus,
      eventPattern: told(ROOM_EVENTS.agreementSuspended, ROOM_EVENTS.agreementResumed),
      targets: [new LambdaFunction(breach), new LambdaFunction(teller)],
    });
    // What Data Exchange tells the owner of a data set goes to this account's own default bus.
    new Rule(this, 'ExchangeNews', {
      description: 'Barter room: what Data Exchange tells of grants and revisions goes to the record',
      eventPattern: { source: ['aws.dataexchange'] },
      targets: [new LambdaFunction(this.record)],
    });
    this.recordReads();
    hearPartners(this.record);
    // By the rules of agreements' stacks, for legs that have a quota.
    this.record.addPermission('LakeReads', {
      principal: new ServicePrincipal('events.amazonaws.com'),
      sourceAccount: this.account,
      sourceArn: this.formatArn({ service: 'events', resource: 'rule', resourceName: 'BarterAgreement-*' }),
    });
    this.alarms = [
      this.api.alarm,
      ...[this.record, breach, decide].flatMap(
        (fn) => new FunctionAlarms(this, `${fn.node.id}Alarms`, fn, alerts).alarms,
      ),
    ];
  }

  /**
   * Reads that this account itself is told of, as they happen. What Lake Formation's credentials read object by object is told
   * for legs with a quota alone, by their agreement's stack: there is too much of it, and it begins with credentials that were
   * handed out.
   */
  private recordReads(): void {
    const viaTrail = ['AWS API Call via CloudTrail'];
    const targets = [new LambdaFunction(this.record)];
    new Rule(this, 'Downloads', {
      description: 'Barter room: what is fetched by SFTP goes to the record',
      eventPattern: { source: ['aws.transfer'], detailType: ['SFTP Server File Download Completed'] },
      targets,
    });
    new Rule(this, 'ForeignReads', {
      description: 'Barter room: what other accounts do in its buckets goes to the record',
      eventPattern: {
        source: ['aws.s3'],
        detailType: viaTrail,
        detail: { userIdentity: { accountId: [{ 'anything-but': [this.account] }] } },
      },
      targets,
    });
    new Rule(this, 'LinkReads', {
      description: 'Barter room: what is read by the links that it gives goes to the record',
      eventPattern: {
        source: ['aws.s3'],
        detailType: viaTrail,
        detail: { userIdentity: { arn: [{ suffix: LINK_MARK }] } },
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

/** What `decide` puts on record beside an agreement's own. */
const DECIDES = ['decision', 'knocks', 'erasure'] as const;

const LEDGER_OBJECTS = `${LEDGER_BUCKET.ledger}*`;
const LEDGER_ENTRIES = ['head', 'tile/entries/*'].map((objects) => `${LEDGER_BUCKET.ledger}${objects}`);

/** A name that no agreement's bus can have: theirs are in small letters. */
const ROOM_BUS = 'BarterRoom';
