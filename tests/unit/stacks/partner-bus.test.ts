import { Stack } from 'aws-cdk-lib';
import { planForSide } from '../../../lib/domain/agreement/plan-for-side';
import type { Side } from '../../../lib/domain/agreement/side';
import { PartnerBus } from '../../../lib/stacks/partner-bus';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { ARN, ENV, standIns } from '../../fixtures/stand-ins';
import { newApp, resourcesOf, statementsOf } from '../../fixtures/template';

function busFor(side: Side, roomAccount?: string) {
  const app = newApp();
  const { noticeKey } = standIns(app);
  const stack = new Stack(app, 'Agreement', { env: ENV });
  const listeners = [`arn:aws:lambda:${ENV.region}:${ENV.account}:function:record`];
  const known = roomAccount === undefined ? {} : { roomAccount };
  new PartnerBus(stack, 'Bus', {
    plan: planForSide(TELCO_RETAIL_PLAN, side),
    keepEvents: 400,
    noticeKey,
    listeners,
    ...known,
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
  const objects = { StringEquals: { 'events:source': ['aws.s3'], 'events:detail-type': ['Object Created'] } };
  const exchange = { StringEquals: { 'events:source': ['aws.dataexchange'] } };
  expect(told).toEqual(
    ['111122223333', '444455556666'].flatMap((account) =>
      [objects, exchange].map((conditions) => [[['AWS', `arn:aws:iam::${account}:root`]], conditions]),
    ),
  );
});

test.each<[string, Stack]>([
  ['a party that hosts the room', busFor({ kind: 'hosted', operator: 'telco' })],
  ["a party's own room", busFor({ kind: 'peer', party: 'telco' })],
  ['an account that is the room’s', busFor({ kind: 'hosted' }, '111122223333')],
])('%s needs no way in', (_, own) => {
  const who = statementsOf(own).flatMap(({ principals }) => principals.map(([, arn]) => arn));
  expect(new Set(who)).toEqual(new Set(['arn:aws:iam::444455556666:root']));
});

test('what is told is encrypted, kept to be played again, and goes straight to the functions', () => {
  const [bus] = resourcesOf(stack, 'AWS::Events::EventBus');
  expect(bus?.properties.KmsKeyIdentifier).toBe(ARN.noticeKey);
  const [archive] = resourcesOf(stack, 'AWS::Events::Archive');
  expect(archive?.properties).toMatchObject({ RetentionDays: 400, KmsKeyIdentifier: ARN.noticeKey });
  const [rule] = resourcesOf(stack, 'AWS::Events::Rule');
  expect(rule?.properties).toMatchObject({
    EventPattern: { source: ['aws.s3', 'aws.dataexchange'] },
    Targets: [{ Arn: `arn:aws:lambda:${ENV.region}:${ENV.account}:function:record` }],
  });
});
