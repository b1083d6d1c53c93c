import { Stack } from 'aws-cdk-lib';
import { planForSide } from '../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../lib/domain/agreement/plan/side';
import { PartnerBus } from '../../lib/stacks/agreement/partner-bus';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { ARN, ENV, standIns } from '../fixtures/stand-ins';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';
import { matchesEvent } from '../local-cloud/matches-event';

function busFor(side: Side, roomAccount?: string, parties = TELCO_RETAIL_PLAN.parties, hearsPeers?: string) {
  const app = newApp();
  const { noticeKey, alerts } = standIns(app);
  const stack = new Stack(app, 'Agreement', { env: ENV });
  const recorder = `arn:aws:sqs:${ENV.region}:${ENV.account}:accesses`;
  const known = roomAccount === undefined ? {} : { roomAccount };
  new PartnerBus(stack, 'Bus', {
    plan: planForSide({ ...TELCO_RETAIL_PLAN, parties }, side),
    keepEvents: 400,
    noticeKey,
    alerts,
    recorder,
    ...known,
    ...(hearsPeers === undefined ? {} : { hearsPeers }),
  });
  return stack;
}

const stack = busFor({ kind: 'hosted' });
const BUS = `arn:aws:events:${ENV.region}:${ENV.account}:event-bus/barter-telco-retail-2026`;

test('each partner may put what the hand-over forwards, on this bus, and nothing else', () => {
  const told = statementsOf(stack).map(({ effect, principals, actions, resources, conditions }) => {
    expect([effect, actions, resources]).toEqual(['Allow', ['events:PutEvents'], [BUS]]);
    return [principals, conditions];
  });
  const objects = {
    StringEquals: {
      'events:source': ['aws.lakeformation', 'aws.ram', 'aws.s3'],
      'events:detail-type': ['Object Created', 'AWS API Call via CloudTrail'],
    },
  };
  const exchange = { StringEquals: { 'events:source': ['aws.dataexchange'] } };
  const partners = ['111122223333', '444455556666'].map((account) => ['AWS', `arn:aws:iam::${account}:root`]);
  expect(told).toEqual([objects, exchange].map((conditions) => [partners, conditions]));
});

test.each<[string, Stack]>([
  ['a party that hosts the room', busFor({ kind: 'hosted', operator: 'telco' })],
  ["a party's own room", busFor({ kind: 'peer', party: 'telco' })],
  ['an account that is the room’s', busFor({ kind: 'hosted' }, '111122223333')],
])('%s needs no way in', (_, own) => {
  const who = statementsOf(own).flatMap(({ principals }) => principals.map(([, arn]) => arn));
  expect(new Set(who)).toEqual(new Set(['arn:aws:iam::444455556666:root']));
});

test('what is told is encrypted, kept to be played again, and goes straight to the ledger, without what no function reads', () => {
  const [bus] = resourcesOf(stack, 'AWS::Events::EventBus');
  expect(bus?.properties.KmsKeyIdentifier).toBe(ARN.noticeKey);
  const [archive] = resourcesOf(stack, 'AWS::Events::Archive');
  expect(archive?.properties).toMatchObject({ RetentionDays: 400, KmsKeyIdentifier: ARN.noticeKey });
  const [rule, ...others] = resourcesOf(stack, 'AWS::Events::Rule');
  expect(others).toEqual([]);
  expect(rule?.properties).toMatchObject({
    Targets: [{ Arn: `arn:aws:sqs:${ENV.region}:${ENV.account}:accesses` }],
  });
});

test.each<[string, string, string | undefined, boolean]>([
  ['an export of its own', 'aws.dataexchange', 'CreateJob', true],
  ['a grant on what it was shared', 'aws.lakeformation', 'GrantPermissions', true],
  ['a bucket that is opened', 'aws.s3', 'PutBucketPolicy', true],
  ['news of Data Exchange', 'aws.dataexchange', undefined, true],
  ['each read of whatever bucket it has', 'aws.s3', 'GetObject', false],
  ['what is read of whatever table it has', 'aws.lakeformation', 'GetDataAccess', false],
  ['each look at whatever data set', 'aws.dataexchange', 'GetRevision', false],
  ['a file that arrived', 'aws.s3', undefined, false],
])('of what a partner tells, %s comes before the watch over all partners: %p %p, %p', (_, source, call, isHeard) => {
  const [rule] = resourcesOf(stack, 'AWS::Events::Rule');
  const event =
    call === undefined
      ? { source, 'detail-type': source === 'aws.s3' ? 'Object Created' : 'Auto-export Job Completed', detail: {} }
      : { source, 'detail-type': 'AWS API Call via CloudTrail', detail: { eventName: call } };
  expect(matchesEvent(rule?.properties.EventPattern ?? null, event)).toBe(isHeard);
});

test('what was told is evidence: bus and archive stay when the agreement’s stack goes', () => {
  for (const type of ['AWS::Events::EventBus', 'AWS::Events::Archive'])
    for (const { deletionPolicy, updateReplacePolicy } of resourcesOf(stack, type))
      expect([deletionPolicy, updateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
});

test('a peer’s room hears what other peers’ rooms commit to and tell of breaches, and gives it to nobody but who verifies it', () => {
  const hear = `arn:aws:lambda:${ENV.region}:${ENV.account}:function:hear`;
  const own = busFor({ kind: 'peer', party: 'telco' }, undefined, TELCO_RETAIL_PLAN.parties, hear);
  const admitted = statementsOf(own).map(({ conditions }) => conditions);
  const kinds = ['Release Commitment', 'Breach Told'];
  const said = { 'events:source': ['barter.peer'], 'events:detail-type': kinds };
  expect(admitted).toContainEqual({ StringEquals: said });
  expect(resourcesOf(own, 'AWS::Events::Rule').map(({ properties }) => properties)).toContainEqual(
    expect.objectContaining({
      EventPattern: { source: ['barter.peer'], 'detail-type': kinds },
      Targets: [{ Id: 'Hear', Arn: hear }],
    }),
  );
});

test('which partner tells far more than its exports and grants make is an alarm by its name', () => {
  const alarms = resourcesOf(busFor({ kind: 'peer', party: 'telco' }), 'AWS::CloudWatch::Alarm');
  expect(alarms.map(({ properties }) => properties)).toMatchObject([
    {
      AlarmDescription: expect.stringMatching(/444455556666 of retail, a party to telco-retail-2026/),
      Namespace: 'BarterRoom',
      MetricName: 'ForwardedEvents',
      Dimensions: [{ Name: 'Account', Value: '444455556666' }],
      Statistic: 'Sum',
      Period: 3600,
      Threshold: 10_000,
      AlarmActions: [ARN.alerts],
    },
  ]);
});

test.each([2, 30, 50])('the policy of a bus has room for %i partners', (count) => {
  const parties = Array.from({ length: count }, (_, index) => ({
    ...TELCO_RETAIL_PLAN.parties[0]!,
    id: `p${index}`,
    account: String(100_000_000_000 + index),
  }));
  const crowded = busFor({ kind: 'peer', party: 'none' }, undefined, parties, 'arn:aws:lambda:::function:hear');
  const [bus] = resourcesOf(crowded, 'AWS::Events::EventBus');
  const written = JSON.stringify(bus?.properties.Policy);
  for (const { account } of parties) expect(written.split(account)).toHaveLength(4);
  // EventBridge quotas: characters of a policy of an event bus.
  expect(written.length).toBeLessThan(10_240);
});
