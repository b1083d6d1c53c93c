import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { copyCheckpoint } from '../../lib/audit/ledger/publish-checkpoint';
import { sha256 } from '../../lib/audit/node-crypto';
import { readNewest } from '../../lib/domain/audit/ledger/read-entered';
import { readCheckpoint, readEntries } from '../../lib/domain/audit/ledger/read-entries';
import { openRegistry } from '../../lib/domain/registry/registry';
import { LEDGER_BUCKET } from '../../lib/domain/room/ledger-bucket';
import { outboxPrefix } from '../../lib/domain/room/outbox-prefix';
import { openDynamoStore } from '../shared/dynamo-store';
import { listOutboxes } from '../shared/list-outboxes';
import { requireEnv } from '../shared/require-env';
import { openS3LedgerStore } from '../shared/s3-ledger-store';
import { announceBreach } from './announce-breach';
import { type Watcher, watchRoom } from './watch-room';

const s3 = new S3Client();
const ledger = openS3LedgerStore(s3, requireEnv('LEDGER_BUCKET'), LEDGER_BUCKET.ledger);
const { putNew } = openS3LedgerStore(s3, requireEnv('LEDGER_BUCKET'), '');
const events = new EventBridgeClient();
const registry = openRegistry(openDynamoStore(new DynamoDBClient(), requireEnv('REGISTRY_TABLE')));
const watcher: Watcher = {
  registry,
  room: {
    account: requireEnv('ROOM_ACCOUNT'),
    region: requireEnv('AWS_REGION'),
    landingBucket: requireEnv('LANDING_BUCKET'),
    lakeBucket: requireEnv('LAKE_BUCKET'),
    ledgerBucket: requireEnv('LEDGER_BUCKET'),
  },
  head: () => readCheckpoint(sha256, requireEnv('LEDGER_ORIGIN'), ledger),
  read: (from, size) => readEntries(ledger, from, size),
  readNewest: (size, hours, most) => readNewest(sha256, ledger, size, hours, most),
  announce: (report) => announceBreach(events, requireEnv('ROOM_BUS'), report),
  show: ({ agreement, parties }, size) => {
    const list = async () => parties.map(({ id }) => outboxPrefix(agreement.id, id));
    return copyCheckpoint(ledger, size, { list, putNew });
  },
  showAll: (size) => copyCheckpoint(ledger, size, { list: () => listOutboxes(registry), putNew }),
  now: () => new Date().toISOString(),
  log: new Logger({ serviceName: 'watch-accesses' }),
};

export const handler = (): Promise<void> => watchRoom(watcher);
