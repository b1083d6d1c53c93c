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
import type { TERM_EVENTS } from '../../../lib/domain/exchange/entitlements/plan-term';
import { openRegistry } from '../../../lib/domain/registry/registry';
import { readExamplePlan } from '../../fixtures/example-plan';
import { signatureOf } from '../../fixtures/registered';
import { makeRoom } from '../../fixtures/room';
import { makeStoredRelease } from '../../fixtures/stored-release';
import { carryEvents, type EventCarrier } from '../../local-cloud/carry-events';
import { putOnSchedule } from '../../local-cloud/put-on-schedule';
import { admits, findPolicy } from '../../local-cloud/resource-policy';
import { type LocalRoom, REGION, startLocalRoom } from '../../local-cloud/start-local-room';
import { tellCaller } from '../../local-cloud/tell-facts';
import { tryFaults } from '../../local-cloud/try-faults';

/* What the stacks of a room do by themselves when they are deployed, and whom the room tells. */

const PLAN = readExamplePlan('telco-retail');
const AGREEMENT = PLAN.agreement.id;
const STACK = `BarterAgreement-${AGREEMENT}`;

const TAG = 's3:existingobjecttag/barter-quarantine';
const QUARANTINED = { [TAG]: ['yes'] };
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER = 's3:x-amz-server-side-encryption-customer-algorithm';
const VIA_S3 = `s3.${REGION}.amazonaws.com`;
const VIA_SNS = `sns.${REGION}.amazonaws.com`;

let local: LocalRoom;
let events: EventCarrier;

beforeAll(async () => {
  events = carryEvents(() => '2026-01-01T12:00:00Z');
  local = await startLocalRoom({
    room: makeRoom(),
    plans: [PLAN],
    standIns: { events },
  });
  events.connect(local);
}, 300_000);

afterAll(() => local.stop());

const EVERYBODY = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }];

/** As somebody else left it, who uses the lake of the account too. */
async function setDataLake(): Promise<string> {
  const another = `arn:aws:iam::${local.account}:role/another`;
  const before = {
    DataLakeAdmins: [{ DataLakePrincipalIdentifier: another }],
    CreateDatabaseDefaultPermissions: EVERYBODY,
    CreateTableDefaultPermissions: EVERYBODY,
    TrustedResourceOwners: ['999999999999'],
  } as DataLakeSettings;
  await lake().send(new PutDataLakeSettingsCommand({ DataLakeSettings: before }));
  return another;
}

const seeDataLake = async () => (await lake().send(new GetDataLakeSettingsCommand())).DataLakeSettings;
const deployLake = (request: 'Create' | 'Update') => () => local.deployCustomResources('BarterRoomCatalogue', request);

test('the data lake gets its administrators and loses what IAM alone would open; what else is set stays', async () => {
  const another = await setDataLake();
  for (const request of ['Create', 'Update'] as const) await deployLake(request)();
  const settings = await seeDataLake();
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

test('it does, broken off at any call, throttled or unanswered', async () => {
  await setDataLake();
  const { end } = await tryFaults({
    name: 'settings of the data lake',
    rooms: [local],
    steps: [deployLake('Create'), deployLake('Update')],
    look: seeDataLake,
  });
  expect(end?.DataLakeAdmins).toHaveLength(3);
}, 300_000);

test('an agreement begins, ends, and asks for what was received to be destroyed on the days that its own schedules name', async () => {
  await local.deployCustomResources(STACK);
  const registry = openRegistry(openDynamoStore(dynamo(), local.environmentOf('handle-breach').REGISTRY_TABLE ?? ''));
  for (const { id } of PLAN.parties) await registry.signatures(AGREEMENT).create(signatureOf(PLAN, id));
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'signed' }));
  const keepDay = async (kind: (typeof TERM_EVENTS)[number]) => {
    await events.deliver(putOnSchedule(local, events, STACK, kind));
    const breaches = await registry.breaches(AGREEMENT).list();
    const overdue = breaches.filter((breach) => breach.kind === 'overdue-destruction').map(({ party }) => party);
    return { state: (await registry.current(AGREEMENT).read())?.state, overdue };
  };
  expect(await keepDay('term-starts')).toEqual({ state: 'active', overdue: [] });
  const [leg] = PLAN.legs;
  const { record } = makeStoredRelease(PLAN, leg!, PLAN.term.starts);
  await registry.releases(AGREEMENT).create({ ...record, state: 'final' });
  expect(await keepDay('term-ends')).toEqual({ state: 'ended', overdue: [] });
  expect(await keepDay('destruction-due')).toEqual({ state: 'ended', overdue: [leg!.to] });
  expect(events.dead).toEqual([]);
}, 300_000);

describe('what its rules say to whoever is told', () => {
  let QueueUrl: string | undefined;
  const suspend = async () => {
    events.put(local.account, {
      Source: ROOM_EVENTS.source,
      DetailType: ROOM_EVENTS.agreementSuspended,
      Detail: JSON.stringify({ agreement: AGREEMENT, by: 'operator', reason: 'a leak is looked into' }),
      EventBusName: 'BarterRoom',
    });
    await events.deliver();
  };
  const readTold = async () => {
    const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = '' }) => JSON.parse(JSON.parse(Body).Message));
  };

  beforeAll(async () => {
    const { ALERT_TOPIC_ARN: TopicArn } = local.environmentOf('tell-alert');
    const registry = openRegistry(openDynamoStore(dynamo(), local.environmentOf('handle-breach').REGISTRY_TABLE ?? ''));
    await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
    ({ QueueUrl } = await sqs().send(new CreateQueueCommand({ QueueName: 'told' })));
    const Endpoint = `arn:aws:sqs:${REGION}:${local.account}:told`;
    await new SNSClient(local.clientConfig).send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  });

  test('comes to the topic of alerts, broken off at any call, throttled or unanswered', async () => {
    const { end } = await tryFaults({
      name: 'what people are told of',
      rooms: [local],
      callers: new Set(['tell-alert']),
      others: [events],
      steps: [suspend],
      look: async () => ({
        // It may come twice.
        told: [...new Set((await readTold()).map((each) => `${each['detail-type']}: ${each.detail.reason}`))],
        dead: events.dead.length,
      }),
    });
    expect(end).toEqual({ told: [`${ROOM_EVENTS.agreementSuspended}: a leak is looked into`], dead: 0 });
  }, 300_000);
});

/* Whatever IAM gives them. */
test.each<[string, string, string, string, object, boolean]>([
  ['a raw file', 'CheckIntakeRole', 's3:GetObject', 'landing/usage/upload/a.csv', {}, true],
  ['a raw file', 'DecideRole', 's3:GetObject', 'landing/usage/upload/a.csv', {}, false],
  ['a raw file in quarantine', 'CheckIntakeRole', 's3:GetObject', 'landing/usage/upload/a.csv', QUARANTINED, false],
  ['an inbox', 'ReconcileRole', 's3:PutObject', 'lake/agreement/leg/inbox/2026-01-01/a', {}, true],
  ['an inbox', 'CertifyRole', 's3:PutObject', 'lake/agreement/leg/inbox/2026-01-01/a', {}, false],
  ['the escrow', 'CertifyRole', 's3:PutObject', 'lake/_escrow/a', {}, true],
  ['the escrow, by another key', 'CertifyRole', 's3:PutObject', 'lake/_escrow/a', { [KEY_ID]: ['another'] }, false],
  ['the room’s key, by itself', 'PublishRole', 'kms:Decrypt', 'key', { 'kms:viaservice': [] }, false],
  ['the room’s key, by way of S3', 'PublishRole', 'kms:Decrypt', 'key', { 'kms:viaservice': [VIA_S3] }, true],
  ['the room’s key, by way of SNS', 'PublishRole', 'kms:Decrypt', 'key', { 'kms:viaservice': [VIA_SNS] }, false],
])('%s is there for %s (%s): the policy of what it is says so', (_, name, action, place, facts, admitted) => {
  const { templates } = local;
  const role = templates.listResources('AWS::IAM::Role').find(({ id }) => id.startsWith(name))!;
  const [bucket, ...key] = place.split('/');
  const { LANDING_BUCKET, LAKE_BUCKET } = local.environmentOf('certify-release');
  const roomKey = templates.listResources('AWS::KMS::Key').find(({ id }) => /^Key[0-9A-F]/.test(id))!;
  const resource =
    place === 'key'
      ? String(templates.resolve(roomKey.stack, { 'Fn::GetAtt': [roomKey.id, 'Arn'] }))
      : `arn:aws:s3:::${bucket === 'landing' ? LANDING_BUCKET : LAKE_BUCKET}/${key.join('/')}`;
  // What is not said otherwise, the call does not have.
  const said = { 's3:x-amz-server-side-encryption': [], [KEY_ID]: [], [TAG]: [], [CUSTOMER]: [], ...facts };
  const need = { action, resource, facts: said };
  const policy = findPolicy(templates.listPolicies(), need)!;
  const principal = templates.principalOf(role.stack, role.id);
  expect(admits(policy, need, principal, tellCaller(principal, policy))).toBe(admitted);
});

test('no function asks for more than its role has', () => {
  expect(local.gateway.calls.length).toBeGreaterThan(0);
  expect(local.gateway.calls.filter(({ refused }) => refused.length > 0)).toEqual([]);
});

function dynamo(): DynamoDBClient {
  return new DynamoDBClient(local.clientConfig);
}

function lake(): LakeFormationClient {
  return new LakeFormationClient(local.clientConfig);
}

function sqs(): SQSClient {
  return new SQSClient(local.clientConfig);
}
