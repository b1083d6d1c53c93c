import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import { openRegistry } from '../../lib/domain/registry/registry';
import { verifySignature } from '../../lib/registry/verify-signature';
import { openDynamoStore } from '../shared/dynamo-store';
import { putRoomEvent } from '../shared/put-room-event';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { hearPeer } from './hear-peer';

const registry = openRegistry(openDynamoStore(new DynamoDBClient(), requireEnv('REGISTRY_TABLE')));
const events = new EventBridgeClient();
const record = openDoorRecorder();
const log = new Logger({ serviceName: 'hear-peer' });

export const handler = (event: unknown): Promise<void> =>
  hearPeer(event, {
    registry,
    record,
    verify: verifySignature,
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    tell: (heard) => putRoomEvent(events, requireEnv('ROOM_BUS'), ROOM_EVENTS.peerHeard, heard),
    tellOfBreach: (agreement) =>
      putRoomEvent(events, requireEnv('ROOM_BUS'), ROOM_EVENTS.breachRecorded, { agreement }),
    now: () => new Date().toISOString(),
    log,
  });
