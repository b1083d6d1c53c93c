import { join } from 'node:path';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { openRegistry } from '../../lib/domain/registry/registry';
import { LEDGER_BUCKET } from '../../lib/domain/room/ledger-bucket';
import { version } from '../../package.json';
import { openDynamoStore } from '../shared/dynamo-store';
import { openKmsNoteSigner } from '../shared/kms-note-signer';
import { listOutboxes } from '../shared/list-outboxes';
import { type Objects, openObjects } from '../shared/objects';
import { requireEnv } from '../shared/require-env';
import { openS3LedgerStore } from '../shared/s3-ledger-store';
import { openLambda } from './ask-lambda';
import { listFunctions } from './list-functions';
import { openRoomLogs } from './open-room-logs';
import { openScanStore } from './open-scan-store';
import type { RoomToAudit } from './prepare-run';
import { readEarlier } from './read-earlier';
import { readSelectors } from './read-selectors';

const [s3, kms, dynamo, cloudTrail] = [new S3Client(), new KMSClient(), new DynamoDBClient(), new CloudTrailClient()];

/** The room that this function was deployed in. @param folder of this call alone */
export async function openRoom(folder: string): Promise<RoomToAudit> {
  const [account, origin] = [requireEnv('ROOM_ACCOUNT'), requireEnv('LEDGER_ORIGIN')];
  const [landingBucket, lakeBucket] = [requireEnv('LANDING_BUCKET'), requireEnv('LAKE_BUCKET')];
  const lake = openObjects(s3, lakeBucket);
  const operatorParty = process.env.OPERATOR_PARTY;
  const store = openDynamoStore(dynamo, requireEnv('REGISTRY_TABLE'));
  const bucket = requireEnv('LEDGER_BUCKET');
  const signer = await openKmsNoteSigner(kms, requireEnv('LEDGER_KEY_ARN'), origin);
  return {
    places: { account, region: await s3.config.region(), landingBucket, lakeBucket, ledgerBucket: bucket },
    topology: {
      topology: requireEnv('ROOM_TOPOLOGY') === 'peer' ? 'peer' : 'hosted',
      ...(operatorParty === undefined ? {} : { operatorParty }),
    },
    store,
    readCertificate: (key) => readCertificate(lake, key),
    ledger: {
      origin,
      store: openS3LedgerStore(s3, bucket, LEDGER_BUCKET.ledger),
      outboxes: { list: () => listOutboxes(openRegistry(store)), putNew: openS3LedgerStore(s3, bucket, '').putNew },
    },
    signer,
    listFunctions: () => listFunctions(openLambda(s3)),
    readSelectors: () => readSelectors(cloudTrail, requireEnv('TRAIL_ARN')),
    openSource: async ({ from, to }) => ({
      ...(await openRoomLogs({ account, from, to, folder: join(folder, 'fetched') })),
      store: openScanStore(s3, bucket, LEDGER_BUCKET.scanned),
      signer,
      toolVersion: version,
    }),
    readEarlier: (from) => readEarlier(s3, bucket, from, join(folder, 'earlier')),
    toolVersion: version,
  };
}

/** What is gone is told so in the report; what cannot be asked for fails it. */
async function readCertificate(lake: Objects, key: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await lake.read(key));
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}
