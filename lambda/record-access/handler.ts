import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { publishCheckpointAndKey } from '../../lib/audit/ledger/publish-checkpoint';
import { sha256 } from '../../lib/audit/node-crypto';
import { recordAccesses } from '../../lib/domain/audit/ledger/record-accesses';
import { openRegistry } from '../../lib/domain/registry/registry';
import { LEDGER_BUCKET } from '../../lib/domain/room/ledger-bucket';
import { openDynamoStore } from '../shared/dynamo-store';
import { openKmsNoteSigner } from '../shared/kms-note-signer';
import { rememberAccounts } from '../shared/list-accounts';
import { openDoorRecorder } from '../shared/record-at-door';
import { remember } from '../shared/remember';
import { requireEnv } from '../shared/require-env';
import { openS3LedgerStore } from '../shared/s3-ledger-store';
import { openRefusedCounter } from './count-refused';
import { type BatchAnswer, type EnterAccesses, enterBatch, type QueuedBatch } from './enter-batch';
import { openForwardedMeter } from './measure-forwarded';

const logger = new Logger({ serviceName: 'record-access' });
const [s3, kms, dynamo] = [new S3Client(), new KMSClient(), new DynamoDBClient()];

const registry = openRegistry(openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE')));

/** Once for each instance: what it has asked of KMS, and put beside the ledger, holds for as long. */
const openLedger = remember(async () => {
  const [bucket, origin] = [requireEnv('LEDGER_BUCKET'), requireEnv('LEDGER_ORIGIN')];
  const store = openS3LedgerStore(s3, bucket, LEDGER_BUCKET.ledger);
  const signer = await openKmsNoteSigner(kms, requireEnv('LEDGER_KEY_ARN'), origin);
  return { origin, store, publish: publishCheckpointAndKey(store, signer) };
});

const enter: EnterAccesses = async (accesses) => {
  const { origin, store, publish } = await openLedger();
  return recordAccesses(sha256, origin, store, accesses, publish);
};

const accounts = rememberAccounts(registry, Date.now);
const count = openRefusedCounter(registry, openDoorRecorder(), accounts);

const measure = openForwardedMeter({
  roomAccount: requireEnv('ROOM_ACCOUNT'),
  listAccounts: accounts,
  now: Date.now,
  // By itself: the fields that a logger adds are none of the metric's.
  put: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
});

export const handler = (batch: QueuedBatch): Promise<BatchAnswer> => enterBatch(batch, enter, count, logger, measure);
