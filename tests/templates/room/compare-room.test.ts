import {
  compareRoom,
  type ObservedResource,
  type ObservedStack,
  type RoomObservation,
} from '../../../lib/domain/room/compare-room';
import { type PlannedStack, planFacts, planReserved } from '../../../lib/domain/room/plan-facts';
import { bucketFacts } from '../../../lib/domain/room/resource-facts';
import { buildRoom } from '../../../lib/stacks/build-room';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { makeRoom } from '../../fixtures/room';
import { newApp } from '../../fixtures/template';

const ROOM = makeRoom({ agreements: 'agreements' });
const PLANNED = synthesize();
const ADMIN = 'arn:aws:iam::999900001111:role/cdk-hnb659fds-cfn-exec-role-999900001111-eu-central-1';
/** An account in which all is as planned. */
const AS_PLANNED: RoomObservation = {
  stacks: Object.fromEntries(PLANNED.map((stack) => [stack.id, deployed(stack)])),
  dataLake: { admins: ['arn:aws:iam::999900001111:role/Other', ADMIN], isOpenByDefault: false },
  executions: 1000,
  iamForwarding: ['arn:aws:events:eu-central-1:999900001111:event-bus/default'],
};

function synthesize(): readonly PlannedStack[] {
  const app = newApp();
  buildRoom(app, ROOM, [TELCO_RETAIL_PLAN]);
  return app.synth().stacks;
}

function deployed(stack: PlannedStack): ObservedStack {
  return {
    status: 'UPDATE_COMPLETE',
    arn: `arn:aws:cloudformation:eu-central-1:999900001111:stack/${stack.id}/0a1b`,
    resources: Object.fromEntries(planFacts(stack)),
  };
}

/** The same with one resource otherwise: the first of the stack whose logical id begins so. */
function withResource(stack: string, begins: string, change: (planned: ObservedResource) => ObservedResource) {
  const observed = AS_PLANNED.stacks[stack]!;
  const [id, resource] = Object.entries(observed.resources).find(([logicalId]) => logicalId.startsWith(begins))!;
  const resources = { ...observed.resources, [id]: change(resource) };
  return { ...AS_PLANNED, stacks: { ...AS_PLANNED.stacks, [stack]: { ...observed, resources } } };
}

const withFact = (stack: string, begins: string, facts: Readonly<Record<string, string>>) =>
  withResource(stack, begins, (planned) => (typeof planned === 'string' ? planned : { ...planned, ...facts }));

const withStack = (id: string, change: Partial<ObservedStack>) => ({
  ...AS_PLANNED,
  stacks: { ...AS_PLANNED.stacks, [id]: { ...AS_PLANNED.stacks[id]!, ...change } },
});

test('an account as planned has no difference', () => {
  expect(compareRoom(PLANNED, AS_PLANNED)).toEqual([]);
});

test('a room outside us-east-1 to which nobody forwards what IAM does is told so', () => {
  const problems = (iamForwarding: RoomObservation['iamForwarding'], region = 'eu-central-1') => {
    const { stacks } = AS_PLANNED;
    const vault = stacks.BarterRoomVault!;
    const moved = { ...vault, arn: vault.arn.replace('eu-central-1', region) };
    const observed = { ...AS_PLANNED, stacks: { ...stacks, BarterRoomVault: moved }, iamForwarding };
    return compareRoom(PLANNED, observed).map(({ where, problem }) => `${where}: ${problem}`);
  };
  const lacking = 'alerts of IAM: no rule in us-east-1 tells the room of a changed role, so that none is told at once';
  expect(problems([])).toEqual([lacking]);
  expect(problems(['arn:aws:events:eu-west-1:999900001111:event-bus/default'])).toEqual([lacking]);
  expect(problems('unreadable')).toEqual([expect.stringMatching(/^alerts of IAM: it may not be looked at/)]);
  expect(problems([], 'us-east-1')).toEqual([]);
});

test('an account that runs too few functions at once is told before it is deployed to', () => {
  const reserved = PLANNED.reduce((sum, stack) => sum + planReserved(stack), 0);
  expect(reserved).toBeGreaterThan(100);
  expect(compareRoom(PLANNED, { ...AS_PLANNED, executions: reserved + 100 })).toEqual([]);
  const [found, ...others] = compareRoom(PLANNED, { ...AS_PLANNED, executions: 10 });
  expect(others).toEqual([]);
  expect(found).toMatchObject({ where: 'quota of AWS Lambda', remedy: expect.stringContaining('L-B99A9384') });
  expect(found?.problem).toBe(
    `the account runs 10 functions at once; planned are ${reserved} for functions of their own, and AWS keeps 100 for all others`,
  );
  const unseen = compareRoom(PLANNED, { ...AS_PLANNED, executions: 'unreadable' });
  expect(unseen).toMatchObject([{ problem: 'it may not be looked at' }]);
});

test('buckets, keys, the trail and the SFTP server are compared', () => {
  const facts = PLANNED.flatMap((stack) => [...planFacts(stack).values()]);
  const having = (fact: string, value: unknown) => facts.filter((each) => each[fact] === value);
  expect(having('public access', 'blocked')).toHaveLength(7);
  expect(having('yearly rotation', 'on')).toHaveLength(3);
  // Two that make the secrets of legs, and the one that signs the ledger: KMS rotates keys that encrypt, and no others.
  expect(having('yearly rotation', 'off')).toHaveLength(3);
  expect(having('logging', 'on')).toHaveLength(1);
  expect(having('security policy', 'TransferSecurityPolicy-2025-03')).toHaveLength(1);
  for (const { refusals } of having('public access', 'blocked'))
    expect(refusals).toContain('s3:* if Bool aws:SecureTransport');
});

test.each<[string, RoomObservation, string, RegExp]>([
  [
    'a failed deployment',
    withStack('BarterRoomLake', { status: 'UPDATE_ROLLBACK_COMPLETE' }),
    'BarterRoomLake',
    /^its state is UPDATE_ROLLBACK_COMPLETE$/,
  ],
  [
    'a public bucket',
    withFact('BarterRoomLake', 'Landing', { 'public access': 'not blocked by BlockPublicPolicy' }),
    'BarterRoomLake/Landing',
    /^public access: not blocked by BlockPublicPolicy; planned: blocked$/,
  ],
  [
    'a bucket without versions',
    withFact('BarterRoomLake', 'Lake', { versioning: 'Suspended' }),
    'BarterRoomLake/Lake',
    /^versioning: Suspended; planned: Enabled$/,
  ],
  [
    'a bucket under another encryption',
    withFact('BarterRoomLake', 'Results', { 'default encryption': 'AES256' }),
    'BarterRoomLake/Results',
    /^default encryption: AES256; planned: aws:kms$/,
  ],
  [
    'a key that is to be deleted',
    withFact('BarterRoomVault', 'Key', { state: 'PendingDeletion' }),
    'BarterRoomVault/Key',
    /^state: PendingDeletion; planned: Enabled$/,
  ],
  [
    'a trail that was stopped',
    withFact('BarterRoomLake', 'Trail', { logging: 'off' }),
    'BarterRoomLake/Trail',
    /^logging: off; planned: on$/,
  ],
  [
    'a bucket that is gone',
    withResource('BarterRoomVault', 'Ledger', () => 'missing'),
    'BarterRoomVault/Ledger',
    /gone$/,
  ],
  [
    'a server that may not be looked at',
    withResource('BarterRoomIntake', 'Sftp', () => 'unreadable'),
    'BarterRoomIntake/Sftp',
    /may not be looked at$/,
  ],
  [
    'an administrator who was removed',
    { ...AS_PLANNED, dataLake: { admins: [], isOpenByDefault: false } },
    'data lake settings',
    /^arn:aws:iam::999900001111:role\/cdk-.* is no administrator$/,
  ],
  [
    'a data lake open to IAM',
    { ...AS_PLANNED, dataLake: { admins: [ADMIN], isOpenByDefault: true } },
    'data lake settings',
    /^IAM alone opens/,
  ],
])('found, and nothing else: %s', (_, observed, where, problem) => {
  const found = compareRoom(PLANNED, observed);
  expect(found).toEqual([
    { where: expect.stringMatching(`^${where}`), problem: expect.stringMatching(problem), remedy: expect.any(String) },
  ]);
});

test.each(['BarterRoomLake', 'BarterRoomCatalogue'])('%s is not there: one difference, whatever hangs on it', (id) => {
  const { [id]: _, ...stacks } = AS_PLANNED.stacks;
  const dataLake = id === 'BarterRoomCatalogue' ? { admins: [], isOpenByDefault: true } : AS_PLANNED.dataLake;
  expect(compareRoom(PLANNED, { ...AS_PLANNED, stacks, dataLake })).toEqual([
    { where: id, problem: 'it is not deployed', remedy: `Run: npx cdk deploy ${id}` },
  ]);
});

test('an empty account lacks every stack, and nothing is said of its data lake', () => {
  const found = compareRoom(PLANNED, { ...AS_PLANNED, stacks: {}, dataLake: { admins: [], isOpenByDefault: true } });
  expect(found.map(({ where }) => where)).toEqual(PLANNED.map(({ id }) => id));
});

test('who was let in by hand, and which refusal was taken away, shows in the facts of a bucket', () => {
  const planned = { blocks: {}, statements: [{ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { a: 'false' } } }] };
  const letIn = { ...planned, statements: [...planned.statements, { Effect: 'Allow', Action: ['s3:GetObject'] }] };
  expect(bucketFacts(letIn).permissions).not.toBe(bucketFacts(planned).permissions);
  expect(bucketFacts({ ...planned, statements: [] }).refusals).not.toBe(bucketFacts(planned).refusals);
});
