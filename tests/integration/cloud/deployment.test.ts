import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type DataLakeSettings,
  GetDataLakeSettingsCommand,
  LakeFormationClient,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openDynamoStore } from '../../../lambda/shared/dynamo-store';
import { ROOM_EVENTS } from '../../../lib/domain/enforcement/room-events';
import { openRegistry } from '../../../lib/domain/registry/registry';
import { readExamplePlan } from '../../fixtures/example-plan';
import { makeRoom } from '../../fixtures/room';
import { carryEvents, type EventCarrier } from '../../local-cloud/carry-events';
import { type LocalRoom, REGION, startLocalRoom } from '../../local-cloud/start-local-room';

/* What the stacks of a room do by themselves when they are deployed, and whom the room tells. */

const AGREEMENT = 'telco-retail-2026';

let local: LocalRoom;
let events: EventCarrier;

beforeAll(async () => {
  events = carryEvents(() => '2026-01-01T12:00:00Z');
  local = await startLocalRoom({
    room: makeRoom(),
    plans: [readExamplePlan('telco-retail')],
    standIns: { events },
  });
  events.connect(local);
}, 300_000);

afterAll(() => local.stop());

test('the data lake gets its administrators and loses what IAM alone would open; what else is set stays', async () => {
  const client = new LakeFormationClient(local.clientConfig);
  const everybody = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }];
  const another = `arn:aws:iam::${local.account}:role/another`;
  const before = {
    DataLakeAdmins: [{ DataLakePrincipalIdentifier: another }],
    CreateDatabaseDefaultPermissions: everybody,
    CreateTableDefaultPermissions: everybody,
    TrustedResourceOwners: ['999999999999'],
  } as DataLakeSettings;
  await client.send(new PutDataLakeSettingsCommand({ DataLakeSettings: before }));
  for (const request of ['Create', 'Update'] as const)
    await local.deployCustomResources('BarterRoomCatalogue', request);
  const { DataLakeSettings: settings } = await client.send(new GetDataLakeSettingsCommand());
  expect(settings?.DataLakeAdmins?.map((admin) => admin.DataLakePrincipalIdentifier)).toEqual([
    another,
    expect.stringMatching(/^arn:aws:iam::\d{12}:role\/cdk-hnb659fds-cfn-exec-role-/),
    expect.stringMatching(/:role\/BarterRoomExchange-Reconcile/),
  ]);
  expect(settings).toMatchObject({
    CreateDatabaseDefaultPermissions: [],
    CreateTableDefaultPermissions: [],
    TrustedResourceOwners: ['999999999999'],
    Parameters: { CROSS_ACCOUNT_VERSION: '4' },
  });
});

test('what its rules say to whoever is told comes to the topic of alerts', async () => {
  const { ALERT_TOPIC_ARN: TopicArn } = local.environmentOf('tell-alert');
  await local.deployCustomResources(`BarterAgreement-${AGREEMENT}`);
  const registry = openRegistry(openDynamoStore(dynamo(), local.environmentOf('handle-breach').REGISTRY_TABLE ?? ''));
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  const sqs = new SQSClient(local.clientConfig);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'told' }));
  const Endpoint = `arn:aws:sqs:${REGION}:${local.account}:told`;
  await new SNSClient(local.clientConfig).send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  events.put(local.account, {
    Source: ROOM_EVENTS.source,
    DetailType: ROOM_EVENTS.agreementSuspended,
    Detail: JSON.stringify({ agreement: AGREEMENT, by: 'operator', reason: 'a leak is looked into' }),
    EventBusName: 'BarterRoom',
  });
  await events.deliver();
  expect(events.dead).toEqual([]);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const told = Messages.map(({ Body = '' }) => JSON.parse(JSON.parse(Body).Message));
  expect(told).toMatchObject([
    { 'detail-type': ROOM_EVENTS.agreementSuspended, detail: { reason: 'a leak is looked into' } },
  ]);
});

test('no function asks for more than its role has', () => {
  expect(local.gateway.calls.length).toBeGreaterThan(0);
  expect(local.gateway.calls.filter(({ refused }) => refused.length > 0)).toEqual([]);
});

function dynamo(): DynamoDBClient {
  return new DynamoDBClient(local.clientConfig);
}
