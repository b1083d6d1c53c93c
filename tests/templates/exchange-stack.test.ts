import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CHECK_TIMES } from '../../lib/domain/enforcement/registration/check-times';
import { PARTY_ROLE, ROOM_STACKS, WAREHOUSE_ROLE } from '../../lib/domain/room/room-names';
import { RegistryTable } from '../../lib/stacks/enforcement/registry-table';
import { ExchangeStack } from '../../lib/stacks/exchange/exchange-stack';
import { findingsOf } from '../fixtures/findings';
import { listExcesses, permissionsOf } from '../fixtures/least-privilege';
import { ARN, ENV, standIns } from '../fixtures/stand-ins';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';

const app = newApp();
const made = standIns(app);
const core = new Stack(app, 'Core', { env: ENV });
const WORKFLOW = `arn:aws:states:${ENV.region}:${ENV.account}:stateMachine:workflow`;
const stack = new ExchangeStack(app, ROOM_STACKS.exchange, {
  env: ENV,
  ...made,
  registry: new RegistryTable(core, 'Registry', made.key),
  bus: EventBus.fromEventBusArn(core, 'Bus', `arn:aws:events:${ENV.region}:${ENV.account}:event-bus/BarterRoom`),
  workflow: StateMachine.fromStateMachineArn(core, 'Workflow', WORKFLOW),
  products: [],
});
const find = (type: string, name = '') => resourcesOf(stack, type).filter(({ id }) => id.startsWith(name));
const allowedTo = (name: string) =>
  permissionsOf(stack)
    .filter(({ role }) => role.startsWith(`${name}Role`))
    .flatMap(({ allowed }) => allowed);

test('neither function has an action by wildcard; what has no name beforehand is held to its kind', () => {
  const everything = listExcesses(stack).map((excess) => excess.split(': ')[1]!.split(' on ')[0]);
  // IAM knows no resource for these.
  expect([...new Set(everything)].sort()).toEqual([
    'dataexchange:ListDataGrants',
    'dataexchange:ListJobs',
    'lakeformation:BatchGrantPermissions',
    'lakeformation:BatchRevokePermissions',
    'lakeformation:GetDataCellsFilter',
    'lakeformation:ListPermissions',
    'lakeformation:UpdateDataCellsFilter',
    'ram:AssociateResourceShare',
    'ram:CreateResourceShare',
    'ram:DeleteResourceShare',
    'ram:DisassociateResourceShare',
    'ram:GetResourceShares',
    'ram:UpdateResourceShare',
  ]);
});

test('what may change what is granted has entitlements compared at once', () => {
  const [rule] = find('AWS::Events::Rule', 'StateChanged');
  expect(rule?.properties.EventPattern).toEqual({
    source: ['barter.room'],
    'detail-type': [
      ...['Round Ended', 'Breach Recorded', 'Notice Given', 'Agreement Paused', 'Breach Lifted', 'Problem Reported'],
      ...['Word Recorded', 'Agreement Deployed', 'term-starts', 'term-ends', 'destruction-due'],
    ],
  });
  expect(JSON.stringify(rule?.properties.Targets)).toContain('Reconcile');
});

test('neither reads raw data, nor removes a version of anything', () => {
  const all = JSON.stringify(statementsOf(stack));
  expect(all).not.toContain(ARN.landing);
  expect(all).not.toContain('DeleteObjectVersion');
});

test('a role that outsiders assume can be closed and opened, by a boundary that allows nothing, and never given more', () => {
  const [nothing] = find('AWS::IAM::ManagedPolicy');
  expect(nothing?.properties.PolicyDocument).toMatchObject({
    Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
  });
  const ofIam = statementsOf(stack).filter(({ actions }) => actions.some((action) => action.startsWith('iam:')));
  const roles = [PARTY_ROLE, WAREHOUSE_ROLE].map((name) => `:iam::${ENV.account}:role/${name}*`);
  expect(ofIam.map(({ actions, conditions }) => ({ actions, conditions }))).toEqual([
    { actions: ['iam:GetRole'], conditions: {} },
    {
      actions: ['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary'],
      conditions: { StringEquals: { 'iam:PermissionsBoundary': [{ Ref: nothing?.id }] } },
    },
  ]);
  for (const { resources } of ofIam)
    for (const [at, role] of roles.entries()) expect(JSON.stringify(resources[at])).toContain(role);
});

test('what is hidden lies in an inbox, what is published in a round of a leg', () => {
  const writes = (name: string) => allowedTo(name).filter((permission) => /^s3:(Put|Delete)/.test(permission));
  expect(writes('Reconcile')).toEqual([
    `s3:DeleteObject on ${ARN.lake}/*/inbox/*`,
    `s3:PutObject on ${ARN.lake}/*/inbox/*`,
  ]);
  expect(writes('Publish')).toEqual([`s3:PutObject on ${ARN.lake}/*/round=*`]);
});

test('of all roles that which grants alone fills inboxes, where the bucket asks for its tag', () => {
  const tagged = resourcesOf(stack, 'AWS::IAM::Role').filter(({ properties }) =>
    JSON.stringify(properties.Tags ?? []).includes('barter-publishes'),
  );
  expect(tagged.map(({ id }) => id)).toEqual([expect.stringMatching(/^ReconcileRole/)]);
});

test('publication grants nothing, and what grants finalises nothing', () => {
  const grants = /CreateDataGrant|GrantPermissions|ResourceShare/;
  const publishes = /UpdateRevision|CreateRevision|StartJob|SendTask/;
  expect(allowedTo('Publish').filter((permission) => grants.test(permission))).toEqual([]);
  expect(allowedTo('Reconcile').filter((permission) => publishes.test(permission))).toEqual([]);
});

test('each runs alone, and leaves a letter where it fails', () => {
  for (const { properties } of find('AWS::Lambda::Function')) {
    expect(properties.ReservedConcurrentExecutions).toBe(1);
    expect(properties.DeadLetterConfig).toBeDefined();
  }
});

test('entitlements, deliveries and terms are looked at in time, whatever event is lost', () => {
  const causes = (name: string) =>
    find('AWS::Scheduler::Schedule', name).map(({ properties }) => {
      const { Input, DeadLetterConfig } = properties.Target as { Input: string; DeadLetterConfig: unknown };
      expect(DeadLetterConfig).toBeDefined();
      return JSON.parse(Input).cause;
    });
  expect(causes('Schedules')).toEqual(CHECK_TIMES.map(({ cause }) => cause));
  expect(causes('Publishing')).toEqual(['schedule']);
});

test('there is no finding of the AwsSolutions rules', () => {
  expect(findingsOf(stack)).toEqual([]);
});

describe('a peer’s room', () => {
  const SIGNING = `arn:aws:kms:${ENV.region}:${ENV.account}:key/aaaaaaaa-0000-4000-8000-000000000009`;
  const own = newApp();
  const parts = standIns(own);
  const base = new Stack(own, 'Core', { env: ENV });
  const peer = new ExchangeStack(own, ROOM_STACKS.exchange, {
    env: ENV,
    ...parts,
    registry: new RegistryTable(base, 'Registry', parts.key),
    bus: EventBus.fromEventBusArn(base, 'Bus', `arn:aws:events:${ENV.region}:${ENV.account}:event-bus/BarterRoom`),
    workflow: StateMachine.fromStateMachineArn(base, 'Workflow', WORKFLOW),
    products: ['prod-1'],
    peers: { signingKey: Key.fromKeyArn(base, 'Signing', SIGNING), accounts: ['111122223333'] },
  });
  const may = (name: string) =>
    permissionsOf(peer)
      .filter(({ role }) => role.startsWith(`${name}Role`))
      .flatMap(({ allowed }) => allowed);

  test('speaks on the buses that its partners have for agreements, and signs with its own key', () => {
    const puts = may('Publish').filter((permission) => /^(events|kms:(Sign|GetPublicKey))/.test(permission));
    expect(puts.sort()).toEqual([
      `events:PutEvents on arn:aws:events:${ENV.region}:111122223333:event-bus/barter-*`,
      `events:PutEvents on arn:aws:events:${ENV.region}:${ENV.account}:event-bus/BarterRoom`,
      `kms:GetPublicKey on ${SIGNING}`,
      `kms:Sign on ${SIGNING}`,
    ]);
  });

  test('sees what it was granted, and of the grants of others nothing but that', () => {
    const received = (name: string) =>
      may(name).filter((permission) => /ListReceivedDataGrants|::data-sets/.test(permission));
    expect(received('Reconcile').sort()).toEqual([
      `dataexchange:ListDataSetRevisions on arn:aws:dataexchange:${ENV.region}::data-sets/*`,
      'dataexchange:ListReceivedDataGrants on *',
    ]);
    for (const name of ['Publish', 'Hear', 'Watch']) expect(received(name)).toEqual([]);
    expect(may('Reconcile').filter((permission) => /AcceptDataGrant|CreateJob/.test(permission))).toEqual([]);
  });

  test('adds data sets to the products that agreements name, and changes nothing else of them', () => {
    const market = permissionsOf(peer)
      .flatMap(({ allowed }) => allowed)
      .filter((each) => each.startsWith('aws-marketplace'));
    const entity = (name: string) => `arn:aws:aws-marketplace:us-east-1:${ENV.account}:AWSMarketplace/${name}`;
    expect([...new Set(market)].sort()).toEqual([
      `aws-marketplace:DescribeChangeSet on ${entity('ChangeSet/*')}`,
      'aws-marketplace:ListChangeSets on *',
      `aws-marketplace:StartChangeSet on ${entity('ChangeSet/*')}`,
      `aws-marketplace:StartChangeSet on ${entity('DataProduct/prod-1')}`,
    ]);
    expect(JSON.stringify(statementsOf(peer))).toContain('"catalog:ChangeType":["AddDataSets"]');
    expect(JSON.stringify(statementsOf(stack))).not.toContain('aws-marketplace');
  });

  test('believes nobody with a function that can do more than write it down and tell the room', () => {
    const services = new Set(may('Hear').map((permission) => permission.split(' on ')[0]));
    expect([...services].filter((action) => !/^(logs|xray|kms):/.test(action ?? '')).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'events:PutEvents',
      'sqs:SendMessage',
    ]);
  });

  test('there is no finding of the AwsSolutions rules', () => {
    expect(findingsOf(peer)).toEqual([]);
  });
});
