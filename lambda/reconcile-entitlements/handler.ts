import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { openRegistry } from '../../lib/domain/registry/registry';
import { dataSetArn } from '../../lib/domain/room/room-names';
import { openDynamoStore } from '../shared/dynamo-store';
import { openDataExchange } from '../shared/open-data-exchange';
import { requireEnv } from '../shared/require-env';
import { openDataGrants } from './data-grants';
import { openInboxes } from './inboxes';
import { openLakePermissions } from './lake-permissions';
import { openNotifier } from './notify-receivers';
import { openProducts } from './products';
import { reconcileEntitlements } from './reconcile-entitlements';
import { retireKeys } from './retire-keys';
import { openRoleDoors } from './role-doors';
import { openGrantsSeen } from './see-grants';
import { openPost } from './send-letters';

const exchange = openDataExchange();
const s3 = new S3Client();
const kms = new KMSClient();
const sns = new SNSClient();
// It stands in one region, for all.
const catalog = new MarketplaceCatalogClient({ region: 'us-east-1' });
const account = requireEnv('ROOM_ACCOUNT');
const arnOf = (dataSet: string) => dataSetArn({ region: process.env.AWS_REGION ?? '', account }, dataSet);
const lake = { lakeFormation: new LakeFormationClient(), glue: new GlueClient(), account, sleep };
const roles = openRoleDoors(new IAMClient(), requireEnv('NOTHING_POLICY_ARN'));
const registry = openRegistry(openDynamoStore(new DynamoDBClient(), requireEnv('REGISTRY_TABLE')));
const log = new Logger({ serviceName: 'reconcile-entitlements' });

export const handler = (event: unknown): Promise<void> =>
  reconcileEntitlements(event, {
    registry,
    // Opened anew: each run looks at the services for itself.
    services: [
      openDataGrants(exchange),
      openProducts({ catalog, exchange, registry, arnOf }),
      openLakePermissions(lake),
      openInboxes(s3, requireEnv('LAKE_BUCKET')),
    ],
    roles,
    seeGrants: openGrantsSeen(exchange),
    retire: (on) => retireKeys(kms, on),
    send: openPost(sns),
    notify: openNotifier(exchange),
    now: () => new Date().toISOString(),
    log,
  });
