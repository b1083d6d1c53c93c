import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import { openRegistry } from '../../lib/domain/registry/registry';
import { openDynamoStore } from '../shared/dynamo-store';
import { putRoomEvent } from '../shared/put-room-event';
import { requireEnv } from '../shared/require-env';
import { type BreachDesk, handleBreach } from './handle-breach';

const events = new EventBridgeClient();
const desk: BreachDesk = {
  registry: openRegistry(openDynamoStore(new DynamoDBClient(), requireEnv('REGISTRY_TABLE'))),
  tell: (agreement) => putRoomEvent(events, requireEnv('ROOM_BUS'), ROOM_EVENTS.breachRecorded, { agreement }),
  log: new Logger({ serviceName: 'handle-breach' }),
};

export const handler = (event: unknown): Promise<void> => handleBreach(event, desk);
