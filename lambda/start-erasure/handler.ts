import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DOOR_BOUNDS } from '../../lib/domain/enforcement/doors/door-bounds';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import { openRegistry } from '../../lib/domain/registry/registry';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { openDynamoStore } from '../shared/dynamo-store';
import { limitCalls } from '../shared/limit-calls';
import { openMac } from '../shared/make-mac';
import { openObjects } from '../shared/objects';
import { putRoomEvent } from '../shared/put-room-event';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { answerErasure } from './answer-erasure';
import { lookUpToken } from './look-up-token';

const dynamo = new DynamoDBClient();
const events = new EventBridgeClient();
const s3 = new S3Client();
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
      holds: lookUpToken(openObjects(s3, requireEnv('LAKE_BUCKET'))),
      tell: (what, detail) => putRoomEvent(events, requireEnv('ROOM_BUS'), ROOM_EVENTS[what], detail),
      now: () => new Date(),
      log: logger,
    }),
  DOOR_BOUNDS.links,
);
