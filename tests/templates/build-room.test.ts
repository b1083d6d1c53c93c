import { type App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { PlannedResource } from '../../lib/domain/room/plan-facts';
import type { Room } from '../../lib/domain/room/room';
import { buildRoom } from '../../lib/stacks/build-room';
import type { LakeStack } from '../../lib/stacks/lake/lake-stack';
import { TELCO_RETAIL_PLAN } from '../fixtures/plan';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';

const ROOM: Room = {
  agreements: 'agreements',
  retention: { deliveries: 30, results: 30, replaced: 30, accessLogs: 365, logs: 365 },
  topology: { kind: 'hosted' },
  sftp: { kind: 'off' },
  jobs: { flex: false, maxWorkers: 10 },
  alarms: [],
  auditors: [],
  warehouses: [],
};

function build(room: Room): { readonly app: App; readonly lake: LakeStack } {
  const app = newApp();
  buildRoom(app, room, [TELCO_RETAIL_PLAN]);
  return { app, lake: app.node.findChild('BarterRoomLake') as LakeStack };
}

const HERE = { account: '999900001111', region: 'eu-central-1' };

test('a room without account and region can be deployed to any', () => {
  for (const { environment } of build(ROOM).app.synth().stacks)
    expect(environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
});

test('a room with both is deployed there and nowhere else', () => {
  for (const { environment } of build({ ...ROOM, ...HERE }).app.synth().stacks) expect(environment).toMatchObject(HERE);
});

test('an archive of its own is deployed to its account, before the trail that writes there', () => {
  const { stacks } = build({ ...ROOM, ...HERE, logArchiveAccount: '999900002222' }).app.synth();
  const named = (id: string) => stacks.find((stack) => stack.id === id)!;
  expect(named('BarterRoomLogArchive').environment.account).toBe('999900002222');
  expect(named('BarterRoomVault').environment.account).toBe(HERE.account);
  expect(named('BarterRoomLake').dependencies.map(({ id }) => id)).toContain('BarterRoomLogArchive');
});

test('what goes into the data catalogue is deployed when the data lake has an administrator', () => {
  const audit = build(ROOM)
    .app.synth()
    .stacks.find(({ id }) => id === 'BarterRoomAudit');
  expect(audit?.dependencies.map(({ id }) => id)).toContain('BarterRoomCatalogue');
});

test("a party's own room holds what it gives and nothing of what others give", () => {
  const rulesOf = (room: Room) => JSON.stringify(build(room).app.synth().getStackByName('BarterRoomLake').template);
  const own = rulesOf({ ...ROOM, topology: { kind: 'peer', party: 'telco' } });
  expect(own).toContain('telco-retail-2026/telco-retail-usage/');
  expect(own).not.toContain('telco-retail-2026/retail-telco-purchases/');
  expect(rulesOf(ROOM)).toContain('telco-retail-2026/retail-telco-purchases/');
});

test('no session of the room’s roles says of itself what it is: none brings tags along, none makes users up', () => {
  const { app } = build({ ...ROOM, sftp: { kind: 'public' } });
  const statements = app.node.children.filter(Stack.isStack).flatMap(statementsOf);
  const actions = statements.flatMap(({ effect, actions: named }) => (effect === 'Allow' ? named : []));
  expect(actions).toContain('sts:AssumeRole');
  expect(actions.filter((action) => /^(?:sts:)?\*|sts:(?:Tag|GetFed|\w*\*)/.test(action))).toEqual([]);
});

test('what breaks an AwsSolutions rule is not synthesized', () => {
  const { app, lake } = build(ROOM);
  new Bucket(lake, 'Careless');
  expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
});

test('whatever parties or anybody can call takes no more of the account than is reserved for it', () => {
  const made = build({ ...ROOM, sftp: { kind: 'public' } }).app.synth().stacks;
  const reserved = made.flatMap(({ template }) =>
    Object.entries<PlannedResource>(template.Resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::Lambda::Function'
        ? [
            [
              id.slice(0, -8),
              (Properties as { readonly ReservedConcurrentExecutions?: number }).ReservedConcurrentExecutions,
            ],
          ]
        : [],
    ),
  );
  const open = ['AuthorizeSftp', 'NoteRefusedKeys', 'Decide', 'PresignUpload', 'PresignDownload', 'StartErasure'];
  for (const name of open) expect(reserved).toContainEqual([name, expect.any(Number)]);
});

test.each([
  ['hosted', { kind: 'hosted' } as const],
  ['a peer’s', { kind: 'peer', party: 'telco' } as const],
])(
  'every function tells when it fails, and every letter that nobody will deliver is told of: a room that is %s',
  (_, topology) => {
    const { app } = build({ ...ROOM, ...HERE, topology, sftp: { kind: 'public' } });
    for (const stack of app.node.findAll().filter((construct) => construct instanceof Stack)) {
      const watched = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(({ properties }) =>
        JSON.stringify([properties.MetricName, properties.Dimensions]),
      );
      for (const { id } of resourcesOf(stack, 'AWS::Lambda::Function'))
        expect(watched).toContain(JSON.stringify(['Errors', [{ Name: 'FunctionName', Value: { Ref: id } }]]));
      for (const { id } of resourcesOf(stack, 'AWS::SQS::Queue').filter((queue) => queue.id.includes('Letters')))
        expect(watched).toContain(
          JSON.stringify([
            'ApproximateNumberOfMessagesVisible',
            [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
          ]),
        );
    }
  },
);

test('no rule or schedule of another account acts as a role of the room', () => {
  const { app } = build({ ...ROOM, ...HERE, sftp: { kind: 'public' } });
  const trusted = app.node
    .findAll()
    .filter((construct) => construct instanceof Stack)
    .flatMap((stack) => resourcesOf(stack, 'AWS::IAM::Role'))
    .map(({ id, properties }) => ({ id, trust: JSON.stringify(properties.AssumeRolePolicyDocument) }))
    .filter(({ trust }) => /"(events|scheduler)\.amazonaws\.com"/.test(trust));
  expect(trusted.map(({ id }) => id).filter((id) => /^(Teller|Start.*Role)/.test(id))).toHaveLength(2);
  for (const { id, trust } of trusted)
    expect([id, trust]).toEqual([id, expect.stringContaining('"aws:SourceAccount"')]);
});
