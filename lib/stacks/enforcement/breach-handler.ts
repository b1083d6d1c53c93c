import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ROOM_EVENTS } from '../../domain/enforcement/room-events';
import { allowTelling } from '../shared/allow-telling';
import { RoomFunction } from '../shared/room-function';
import type { RegistryTable } from './registry-table';

interface BreachHandlerProps {
  readonly registry: RegistryTable;
  readonly bus: IEventBus;
  readonly noticeKey: IKey;
  /** Raises alerts of what it is told. */
  readonly teller: IFunction;
}

/** Puts on record what the room's events tell of breaches, and what people say of them and of the agreement. */
export class BreachHandler extends RoomFunction {
  constructor(scope: Construct, id: string, { registry, bus, noticeKey, teller }: BreachHandlerProps) {
    super(scope, id, {
      handler: 'handle-breach',
      description: 'puts breaches on record, and what people say of them and of the agreement',
      noticeKey,
      isAsync: true,
      environment: { REGISTRY_TABLE: registry.tableName, ROOM_BUS: bus.eventBusName },
      statements: [...registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'), allowTelling(bus)],
    });
    const hear = (rule: string, what: string, detailType: readonly string[], others: readonly IFunction[]) =>
      new Rule(this, rule, {
        description: `Barter room: ${what}`,
        eventBus: bus,
        eventPattern: { source: [ROOM_EVENTS.source], detailType: [...detailType] },
        targets: [this, ...others].map((fn) => new LambdaFunction(fn)),
      });
    hear('Reported', 'a breach goes on record, and to those who are told', [ROOM_EVENTS.breachReported], [teller]);
    hear(
      'Withheld',
      'that a delivery goes no further goes on record, and to whoever gave it',
      [ROOM_EVENTS.deliveryWithheld],
      [],
    );
    hear('Overruled', 'that a person overruled a breach goes on record', [ROOM_EVENTS.breachOverruled], [teller]);
    hear(
      'Paused',
      'that a person suspended or resumed an agreement goes on record',
      [ROOM_EVENTS.agreementSuspended, ROOM_EVENTS.agreementResumed],
      [teller],
    );
  }
}
