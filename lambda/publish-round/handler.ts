import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { openRegistry } from '../../lib/domain/registry/registry';
import { ANY_ACCOUNT } from '../../lib/domain/room/environment';
import { rememberPolicies } from '../../lib/policy/remember-policies';
import { openKmsSigner } from '../../lib/registry/kms-signer';
import { openDynamoStore } from '../shared/dynamo-store';
import { openObjects } from '../shared/objects';
import { openDataExchange } from '../shared/open-data-exchange';
import { requireEnv } from '../shared/require-env';
import { openExchangeChannel } from './exchange-channel';
import { openPeerLine } from './peer-line';
import { openPlaceChannel } from './place-channel';
import type { Publisher } from './publish-round';
import { publishRounds } from './publish-rounds';
import { endWorkflow, tellRound } from './tell-round';
import { verifyStoredRelease } from './verify-stored-release';

const bucket = requireEnv('LAKE_BUCKET');
const lake = openObjects(new S3Client(), bucket);
const exchange = openExchangeChannel({ client: openDataExchange(), lake, bucket });
const place = openPlaceChannel(lake);
const events = new EventBridgeClient();
const kms = new KMSClient();
const listeners = { workflows: new SFNClient(), events, bus: requireEnv('ROOM_BUS') };
const peers = openPeerLine({
  events,
  lake,
  // Only a peer's room has one.
  signer: () => openKmsSigner(kms, requireEnv('SIGNING_KEY_ARN')),
  busesOf: (account) => requireEnv('PEER_BUSES').replace(ANY_ACCOUNT, account),
});
const registry = openRegistry(openDynamoStore(new DynamoDBClient(), requireEnv('REGISTRY_TABLE')));
const publisher: Publisher = {
  registry,
  policiesOf: rememberPolicies(),
  exchange,
  place,
  verify: (on, release) => verifyStoredRelease(lake, registry.verifications(release.agreement), on, release),
  peers,
  tell: (round, releases) => tellRound(listeners, round, releases),
  dismiss: (token, reason) => endWorkflow(listeners, token, reason),
  now: () => new Date().toISOString(),
  log: new Logger({ serviceName: 'publish-round' }),
};

export const handler = (event: unknown): Promise<void> => publishRounds(event, publisher);
