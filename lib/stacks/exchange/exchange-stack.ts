import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { CHECK_TIMES } from '../../domain/enforcement/registration/check-times';
import { ROOM_EVENTS } from '../../domain/enforcement/room-events';
import { TERM_EVENTS } from '../../domain/exchange/entitlements/plan-term';
import { ANY_ACCOUNT } from '../../domain/room/environment';
import { hearPartners } from '../enforcement/hear-partners';
import type { RegistryTable } from '../enforcement/registry-table';
import { markPublisher } from '../lake/publishers';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allowTelling } from '../shared/allow-telling';
import { RoomFunction } from '../shared/room-function';
import { watchFunctions } from '../shared/watch-functions';
import { AccessWatch } from './access-watch';
import {
  allowEntitlements,
  allowPublication,
  busesOf,
  EXCHANGE_WILDCARDS,
  type PeerRooms,
} from './exchange-statements';
import { RoomSchedules } from './room-schedules';

interface ExchangeStackProps extends StackProps {
  readonly registry: RegistryTable;
  readonly bus: IEventBus;
  readonly lake: IBucket;
  readonly landing: IBucket;
  /** Of the accesses. */
  readonly ledger: IBucket;
  readonly workflow: IStateMachine;
  readonly key: IKey;
  readonly noticeKey: IKey;
  readonly alerts: ITopic;
  /** Of a peer's room. */
  readonly peers?: PeerRooms;
  /** Ids of the products that agreements name. */
  readonly products: readonly string[];
}

/** What brings releases out of the escrow and opens them: rounds are published whole, entitlements are as agreed by now. */
export class ExchangeStack extends Stack {
  readonly publish: RoomFunction;
  readonly reconcile: RoomFunction;
  /** Of a peer's room: hears what the others commit to. */
  readonly hear: RoomFunction | undefined;
  readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, props: ExchangeStackProps) {
    super(scope, id, props);
    const { registry, bus, lake, noticeKey, alerts, peers } = props;
    const make = (
      name: string,
      handler: string,
      description: string,
      statements: readonly PolicyStatement[],
      environment = {},
    ) => {
      const made = new RoomFunction(this, name, {
        handler,
        description,
        noticeKey,
        isAsync: true,
        // Two at once would grant twice: none of the services' calls can be repeated harmlessly at the same time.
        atOnce: 1,
        timeout: Duration.minutes(15),
        memory: 512,
        environment: {
          REGISTRY_TABLE: registry.tableName,
          LAKE_BUCKET: lake.bucketName,
          ROOM_BUS: bus.eventBusName,
          ROOM_ACCOUNT: this.account,
          ...environment,
        },
        statements: [...registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'), ...statements],
      });
      acknowledgeWildcards(made.permissions, EXCHANGE_WILDCARDS, 'What services name by themselves when it is made.');
      return made;
    };
    this.publish = make(
      'Publish',
      'publish-round',
      'takes rounds out of the escrow, whole',
      allowPublication(this, props),
      peers === undefined ? {} : { SIGNING_KEY_ARN: peers.signingKey.keyArn, PEER_BUSES: busesOf(this, ANY_ACCOUNT) },
    );
    const nothing = new ManagedPolicy(this, 'Nothing', {
      description: 'Barter room: boundary of roles that an amendment made outdated. It allows nothing',
      statements: [new PolicyStatement({ effect: Effect.DENY, actions: ['*'], resources: ['*'] })],
    });
    this.reconcile = make(
      'Reconcile',
      'reconcile-entitlements',
      'makes what is granted equal to what the agreements say now',
      allowEntitlements(this, { ...props, nothing }),
      { NOTHING_POLICY_ARN: nothing.managedPolicyArn },
    );
    markPublisher(this.reconcile.role!);
    const times = (...causes: readonly string[]) => CHECK_TIMES.filter(({ cause }) => causes.includes(cause));
    new RoomSchedules(this, 'Publishing', { times: times('schedule'), target: this.publish, noticeKey });
    new RoomSchedules(this, 'Schedules', { times: CHECK_TIMES, target: this.reconcile, noticeKey });
    this.listen(bus);
    this.hear = peers === undefined ? undefined : this.hearPeers(props);
    new AccessWatch(this, 'Watch', props);
    this.alarms = watchFunctions(this, alerts);
  }

  /** What other rooms say is not believed by a function that can do more than write it down. */
  private hearPeers({ registry, bus, noticeKey }: ExchangeStackProps): RoomFunction {
    const hear = new RoomFunction(this, 'Hear', {
      handler: 'hear-peer',
      description: "verifies what other parties' rooms commit to",
      noticeKey,
      isAsync: true,
      environment: { REGISTRY_TABLE: registry.tableName, ROOM_BUS: bus.eventBusName },
      statements: [...registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'), allowTelling(bus)],
    });
    hearPartners(hear);
    return hear;
  }

  private listen(bus: IEventBus): void {
    const told = (...detailType: string[]): EventPattern => ({ source: [ROOM_EVENTS.source], detailType });
    new Rule(this, 'ReleaseCertified', {
      description: 'Barter room: a certified release, or what a peer says, may complete its round',
      eventBus: bus,
      eventPattern: told(ROOM_EVENTS.releaseCertified, ROOM_EVENTS.peerHeard),
      targets: [new LambdaFunction(this.publish)],
    });
    new Rule(this, 'StateChanged', {
      description:
        'Barter room: a round that ended, a breach, what a party said, or a day of a term may change what is granted; every agreement is named once a day',
      eventBus: bus,
      eventPattern: told(
        ROOM_EVENTS.roundEnded,
        ROOM_EVENTS.breachRecorded,
        ROOM_EVENTS.noticeGiven,
        ROOM_EVENTS.agreementPaused,
        ROOM_EVENTS.breachLifted,
        ROOM_EVENTS.problemReported,
        ROOM_EVENTS.wordRecorded,
        ROOM_EVENTS.agreementDeployed,
        ...TERM_EVENTS,
      ),
      targets: [new LambdaFunction(this.reconcile)],
    });
  }
}
