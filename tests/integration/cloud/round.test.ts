import { CreateJobCommand, DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PlannedLeg } from '../../../lib/domain/agreement/plan/plan';
import { nameWarehouseRole } from '../../../lib/domain/room/room-names';
import { makeStoredRelease } from '../../fixtures/stored-release';
import {
  amend,
  drawAnew,
  EVERYTHING,
  LEGS,
  listRecords,
  NOTHING,
  prepare,
  publish,
  publishing,
} from '../../local-cloud/ring-flows';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { judgeNeed } from '../../local-cloud/role-policy';
import { tryFaults } from '../../local-cloud/try-faults';

/* A round of three parties, three ways of delivery, from the escrow to what each may reach, by the functions as deployed. */

const CHANGES = /^(Create|Put|Delete|Update|Batch|Start|Revoke|Copy|Send)/;

let room: RingRoom;

beforeAll(async () => {
  room = await startRingRoom({ legs: LEGS });
}, 300_000);

afterAll(() => room.local.stop());

describe('undisturbed', () => {
  beforeAll(async () => {
    await room.agree();
    await room.reconcile();
  });

  test('nothing is published or granted while one leg is missing', async () => {
    for (const leg of [0, 1]) await room.deliver(leg);
    await publish(room);
    await room.reconcile();
    expect(await room.look()).toEqual(NOTHING);
  });

  test('a complete round is published whole, and each receiver gets what its leg says', async () => {
    await room.deliver(2);
    await publish(room);
    expect((await room.look()).grants).toEqual([]);
    await room.reconcile();
    expect(await room.look()).toEqual(EVERYTHING);
  });

  test('where all is as agreed, looking again writes nothing', async () => {
    const before = room.local.gateway.calls.length;
    await publish(room);
    await room.reconcile();
    const asked = room.local.gateway.calls.slice(before).map(({ operation }) => operation);
    expect(asked.filter((name) => CHANGES.test(name))).toEqual([]);
  });

  test('what somebody changes by hand is put back, and on record', async () => {
    room.local.exchange.state.grants.clear();
    await room.reconcile();
    expect((await room.look()).grants).toEqual(EVERYTHING.grants);
    const drifts = await room.registry.drifts(AGREEMENT).list();
    const { id: leg } = PLAN.legs.find(({ via }) => via.kind === 'data-grant')!;
    expect(drifts).toMatchObject([{ leg, did: 'removed', reason: 'agreed', clause: `legs.${leg}` }]);
    const [given] = [...room.local.exchange.state.grants.keys()];
    expect((await room.registry.entitlements(AGREEMENT).read(leg))?.reference).toBe(given);
  });

  test('when the term is over, everything is taken back', async () => {
    await room.reconcile('2027-01-01T00:05:00Z');
    expect(await room.look()).toMatchObject({ grants: [], permissions: [], filter: NOTHING.filter, inbox: [] });
    const records = await room.registry.entitlements(AGREEMENT).list();
    expect(records.map(({ state, reason }) => `${state}: ${reason}`)).toEqual(
      PLAN.legs.map(() => 'revoked: not-active'),
    );
  });

  test('the keys of its legs are to be deleted, and the agreement has ended', async () => {
    const current = await room.registry.current(AGREEMENT).read();
    expect(current?.state).toBe('ended');
    const kms = new KMSClient(room.local.clientConfig);
    for (const KeyId of Object.values(current!.provisioned.legKeys))
      expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('PendingDeletion');
  });

  test('no function asked for more than its role has', () => {
    const { calls } = room.local.gateway;
    expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
  });
});

test('a release that is not what was certified withholds the whole round', async () => {
  await prepare(room);
  await room.reconcile();
  await room.registry
    .releases(AGREEMENT)
    .change([DAY, PLAN.legs[1]!.id], (release) => ({ ...release, sha256: 'f'.repeat(64) }));
  await publish(room);
  await room.reconcile();
  // What was begun of it and never shown is gone.
  expect(await room.look()).toEqual({ ...NOTHING, round: 'withheld' });
  expect((await room.registry.rounds(AGREEMENT).read(DAY))?.reason).toContain('the file is not the one on record');
});

test('a round whose publication has begun and cannot go on is taken back', async () => {
  await prepare(room);
  await room.reconcile();
  await publish(room);
  expect((await room.look()).revisions).toEqual(['final']);
  await room.registry.rounds(AGREEMENT).change([DAY], (round) => ({ ...round, state: 'publishing' }));
  await room.registry.releases(AGREEMENT).change([DAY, PLAN.legs[1]!.id], (each) => ({ ...each, state: 'revoked' }));
  await publish(room);
  await room.reconcile();
  expect(await room.look()).toEqual({ ...NOTHING, round: 'withheld', revisions: ['final'] });
  expect([...room.local.exchange.state.revisions.values()].map(({ Revoked }) => Revoked)).toEqual([true]);
});

test('a revision that is half filled when an amendment comes makes room for the release of the version in force', async () => {
  await prepare(room);
  await room.reconcile();
  const { registry, local } = room;
  const [leg] = PLAN.legs as [PlannedLeg];
  const [machine] = local.templates.listResources('AWS::StepFunctions::StateMachine');
  const token = `${local.templates.nameOf(machine!.stack, machine!.id)}#first`;
  await registry.releases(AGREEMENT).change([DAY, leg.id], (release) => ({ ...release, token }));
  await room.publish();
  const [revision] = [...local.exchange.state.revisions.values()];
  expect((await room.look()).revisions).toEqual(['open']);
  // A call that broke off after it had made a job, and not started it.
  const AssetSources = [{ Bucket: local.environmentOf('publish-round').LAKE_BUCKET, Key: 'more' }];
  const ImportAssetsFromS3 = { DataSetId: revision!.DataSetId, RevisionId: revision!.Id, AssetSources };
  await new DataExchangeClient(local.clientConfig).send(
    new CreateJobCommand({ Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3 } }),
  );

  const stricter = await amend(
    room,
    LEGS.map((each) => (each.id === leg.id ? { ...each, watermark: 0.01 } : each)),
  );
  await publish(room);
  const waits = await registry.rounds(AGREEMENT).read(DAY);
  expect(waits).toMatchObject({ state: 'open', reason: expect.stringContaining('treats it otherwise') });
  expect((await registry.releases(AGREEMENT).read(DAY, leg.id))?.token).toBeUndefined();
  expect(local.gateway.calls.filter(({ operation }) => operation === 'SendTaskFailure')).toHaveLength(1);

  const { record, objects } = makeStoredRelease(stricter, leg, DAY, 'run-2');
  const s3 = new S3Client(local.clientConfig);
  const { LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  await registry.releases(AGREEMENT).change([DAY, leg.id], () => record);
  for (let calls = 0; calls < 3; calls += 1) await publish(room);
  await room.reconcile();
  expect(await room.look()).toEqual(EVERYTHING);
  const assets = [...local.exchange.state.assets.values()].map(({ Name }) => Name);
  expect(assets.sort()).toEqual([...objects.keys()].sort());
});

test('a warehouse whose leg an amendment leaves out can do nothing from then on, until its role is drawn anew', async () => {
  await prepare(room);
  await room.reconcile();
  await publish(room);
  await room.reconcile();
  expect(await room.look()).toEqual(EVERYTHING);
  const { templates } = room.local;
  const [role] = templates
    .listResources('AWS::IAM::Role')
    .filter(({ properties }) => properties.RoleName === nameWarehouseRole(AGREEMENT, PLAN.legs[2]!.id));
  const [nothing] = templates.listResources('AWS::IAM::ManagedPolicy').map((each) => ({
    arn: templates.nameOf(each.stack, each.id),
    document: templates.resolve(each.stack, each.properties.PolicyDocument!),
  }));
  expect(nothing?.document).toMatchObject({ Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
  const Bucket = room.local.environmentOf('publish-round').LAKE_BUCKET;
  const need = {
    action: 's3:GetObject',
    resource: `arn:aws:s3:::${Bucket}/${AGREEMENT}/${PLAN.legs[2]!.id}/inbox/${DAY}/part-0.parquet`,
  };
  const iam = new IAMClient(room.local.clientConfig);
  /** What is allowed by its own policy and not taken by its boundary, as IAM evaluates both. */
  const canRead = async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: String(role?.properties.RoleName) }));
    const isBounded = Role?.PermissionsBoundary?.PermissionsBoundaryArn === nothing?.arn;
    return judgeNeed(templates.statementsOf(role!.stack, role!.id), need).allowed && !isBounded;
  };
  expect(await canRead()).toBe(true);
  await amend(room, LEGS.slice(0, 2));
  await room.reconcile();
  expect(await canRead()).toBe(false);
  expect((await room.look()).inbox).toEqual([]);
  expect(await room.registry.closures(AGREEMENT).list()).toMatchObject([
    { state: 'closed', version: PLAN.agreement.version + 1 },
  ]);
  await drawAnew(room);
  await room.reconcile();
  expect(await canRead()).toBe(true);
});

test('broken off at any call, before or after its effect, throttled or unanswered, it ends as if it had not been', async () => {
  await prepare(room);
  const { end, runs } = await tryFaults({
    name: 'a round, from the escrow to what each may reach',
    rooms: [room.local],
    steps: [() => room.reconcile(), ...publishing(room), () => room.reconcile()],
    look: async () => ({ seen: await room.look(), records: await listRecords(room) }),
  });
  expect(end.seen).toEqual(EVERYTHING);
  expect(runs).toBeGreaterThan(30);
}, 1_800_000);
