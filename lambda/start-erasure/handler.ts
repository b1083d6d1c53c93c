import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { DOOR_BOUNDS } from '../../lib/domain/enforcement/door-bounds';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import { openRegistry } from '../../lib/domain/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { openDynamoStore } from '../shared/dynamo-store';
import { limitCalls } from '../shared/limit-calls';
import { openMac } from '../shared/make-mac';
import { putRoomEvent } from '../shared/put-room-event';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { answerErasure } from './answer-erasure';

const dynamo = new DynamoDBClient();
const events = new EventBridgeClient();
const makeMac = openMac(new KMSClient());
const policiesOf = rememberPolicies();
const record = openDoorRecorder(Number.POSITIVE_INFINITY);
const logger = new Logger({ serviceName: 'start-erasure' });

export const handler = limitCalls(
  (event) =>
    answerErasure(event, {
      registry: openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'))),
      record,
      policiesOf,
      makeMac,
      tell: (what, detail) => putRoomEvent(events, requireEnv('ROOM_BUS'), ROOM_EVENTS[what], detail),
      now: () => new Date(),
      log: logger,
    }),
  DOOR_BOUNDS.links,
);
