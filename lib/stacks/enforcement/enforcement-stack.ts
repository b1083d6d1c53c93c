import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ROOM_EVENTS } from '../../domain/enforcement/room-events';
import type { Room } from '../../domain/room/room';
import { watchFunctions } from '../shared/watch-functions';
import { AccessRecorder } from './access-recorder';
import { BreachHandler } from './breach-handler';
import { PartyDoor } from './party-door';
import { RegistryTable } from './registry-table';
import { RoomApi } from './room-api';
import { RoomBus } from './room-bus';

interface EnforcementStackProps extends StackProps {
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
  readonly record: AccessRecorder;
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
    const common = { registry: this.registry, bus: this.bus.eventBus, noticeKey };
    this.record = new AccessRecorder(this, 'Record', { ...common, key, ledger, ledgerKey });
    new BreachHandler(this, 'Breach', { ...common, teller });
    const decide = new PartyDoor(this, 'Decide', { ...common, ledger, landing, lake });
    this.api = new RoomApi(this, 'Api', { decide, noticeKey, alerts });
    new Rule(this, 'PartySpoke', {
      description: 'Barter room: what a party says at the API goes to those who are told',
      eventBus: this.bus.eventBus,
      eventPattern: {
        source: [ROOM_EVENTS.source],
        detailType: [ROOM_EVENTS.agreementPaused, ROOM_EVENTS.breachLifted, ROOM_EVENTS.problemReported],
      },
      targets: [new LambdaFunction(teller)],
    });
    this.alarms = [this.api.alarm, ...this.record.queue.alarmOn(this, alerts), ...watchFunctions(this, alerts)];
  }
}

/** A name that no agreement's bus can have: theirs are in small letters. */
const ROOM_BUS = 'BarterRoom';
