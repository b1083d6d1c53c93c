import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { sha256 } from '../../lib/audit/node-crypto';
import { listPartyAccesses } from '../../lib/domain/audit/report/list-party-accesses';
import { DOOR_BOUNDS } from '../../lib/domain/enforcement/doors/door-bounds';
import { ROOM_EVENTS } from '../../lib/domain/enforcement/room-events';
import { openRegistry } from '../../lib/domain/registry/registry';
import { LEDGER_BUCKET } from '../../lib/domain/room/ledger-bucket';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { verifySignature } from '../../lib/registry/verify-signature';
import { openDynamoStore } from '../shared/dynamo-store';
import { limitCalls } from '../shared/limit-calls';
import { openObjects } from '../shared/objects';
import { putRoomEvent } from '../shared/put-room-event';
import { openDoorRecorder } from '../shared/record-at-door';
import { requireEnv } from '../shared/require-env';
import { openS3LedgerStore } from '../shared/s3-ledger-store';
import { answerRequest } from './answer-request';
import { openCertificates } from './stored-certificates';

const [client, s3, events] = [new DynamoDBClient(), new S3Client(), new EventBridgeClient()];
const policiesOf = rememberPolicies();
const record = openDoorRecorder();
const logger = new Logger({ serviceName: 'decide' });

export const handler = limitCalls(async (event) => {
  const registry = openRegistry(openDynamoStore(client, requireEnv('REGISTRY_TABLE')));
  const [landingBucket, lakeBucket] = [requireEnv('LANDING_BUCKET'), requireEnv('LAKE_BUCKET')];
  const [account, ledgerBucket] = [requireEnv('ROOM_ACCOUNT'), requireEnv('LEDGER_BUCKET')];
  const places = { account, region: await s3.config.region(), landingBucket, lakeBucket, ledgerBucket };
  const store = openS3LedgerStore(s3, ledgerBucket, LEDGER_BUCKET.ledger);
  const records = { registry, ledger: { origin: requireEnv('LEDGER_ORIGIN'), store }, places, sha256 };
  return answerRequest(event, {
    registry,
    record,
    policiesOf,
    verify: verifySignature,
    readCertificate: openCertificates(openObjects(s3, lakeBucket)),
    sha256,
    listAccesses: (agreement, party, before) => listPartyAccesses(records, agreement, party, before),
    tell: (what, detail) => putRoomEvent(events, requireEnv('ROOM_BUS'), ROOM_EVENTS[what], detail),
    now: () => new Date(),
    log: logger,
  });
}, DOOR_BOUNDS.calls);
