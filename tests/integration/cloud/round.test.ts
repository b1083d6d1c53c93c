import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetPartitionsCommand, GlueClient } from '@aws-sdk/client-glue';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { LakeFormationClient, ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openDynamoStore } from '../../../lambda/dynamo-store';
import type { Plan } from '../../../lib/domain/agreement/plan';
import { openRegistry, type Registry } from '../../../lib/domain/enforcement/registry/registry';
import type { Room } from '../../../lib/domain/room/room';
import { makeLyingRelease } from '../../fixtures/lying-release';
import { signatureOf } from '../../fixtures/registered';
import { makeRingPlan } from '../../fixtures/sample-plan';
import { type LocalRoom, startLocalRoom } from '../../local-cloud/start-local-room';

/* A round of three parties, three ways of delivery, from the escrow to what each may reach, by the functions as deployed. */

const ROOM: Room = {
  agreements: '.',
  retention: { deliveries: 30, results: 30, replaced: 30, accessLogs: 365, logs: 365 },
  topology: { kind: 'hosted' },
  sftp: { kind: 'public' },
  jobs: { flex: false, maxWorkers: 10 },
  alarms: [],
  warehouses: [],
};
const DAY = '2026-01-01';
const VIAS = ['data-grant', 'lake-formation', 'sftp'] as const;

const ring = makeRingPlan();
const PLAN: Plan = {
  ...ring,
  term: { ...ring.term, starts: DAY, ends: '2026-12-31' },
  legs: ring.legs.map((leg, index) => ({ ...leg, via: { kind: VIAS[index]! }, every: 'P1Y', retain: 'P1Y' })),
};
const AGREEMENT = PLAN.agreement.id;

let local: LocalRoom;
let registry: Registry;

beforeAll(async () => {
  local = await startLocalRoom({ room: ROOM, plans: [PLAN] });
  const { REGISTRY_TABLE = '' } = local.environmentOf('publish-round');
  registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
  await local.deployCustomResources(`BarterAgreement-${AGREEMENT}`);
  for (const { id } of PLAN.parties) await registry.signatures(AGREEMENT).create(signatureOf(PLAN, id));
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'signed' }));
  await reconcile();
});

afterAll(() => local.stop());

/** By its event, then as its schedule calls it while Data Exchange imports. */
async function publish(): Promise<void> {
  for (let calls = 0; calls < 4; calls++)
    await local.functionOf('publish-round').invoke({ detail: { agreement: AGREEMENT } });
}
const reconcile = (now?: string) => local.functionOf('reconcile-entitlements').invoke({ cause: 'term' }, now);

test('nothing is published or granted while one leg is missing', async () => {
  for (const leg of PLAN.legs.slice(0, 2)) await deliver(leg.id);
  await publish();
  await reconcile();
  expect(await look()).toEqual({
    round: 'open',
    revisions: [],
    grants: [],
    permissions: [],
    filter: "round = ''",
    partitions: [],
    inbox: [],
  });
});

test('a complete round is published whole, and each receiver gets what its leg says', async () => {
  await deliver(PLAN.legs[2]!.id);
  await publish();
  expect((await look()).grants).toEqual([]);
  await reconcile();
  expect(await look()).toEqual({
    round: 'published',
    revisions: ['final'],
    grants: [accountOf(PLAN.legs[0]!.to)],
    permissions: [accountOf(PLAN.legs[1]!.to)],
    filter: `round in ('${DAY}')`,
    partitions: [DAY],
    inbox: [`${DAY}/part-0.parquet`, `${DAY}/part-1.parquet`],
  });
});

test('where all is as agreed, looking again writes nothing', async () => {
  const before = local.gateway.calls.length;
  await publish();
  await reconcile();
  const asked = local.gateway.calls.slice(before).map(({ operation }) => operation);
  expect(
    asked.filter((operation) => /^(Create|Put|Delete|Update|Batch|Start|Revoke|Copy|Send)/.test(operation)),
  ).toEqual([]);
});

test('what somebody changes by hand is put back, and on record', async () => {
  local.exchange.state.grants.clear();
  await reconcile();
  expect((await look()).grants).toEqual([accountOf(PLAN.legs[0]!.to)]);
});

test('when the term is over, everything is taken back', async () => {
  await reconcile('2027-01-01T00:05:00Z');
  expect(await look()).toMatchObject({ grants: [], permissions: [], filter: "round = ''", inbox: [] });
  const records = await registry.entitlements(AGREEMENT).list();
  expect(records.map(({ state, reason }) => `${state}: ${reason}`)).toEqual(PLAN.legs.map(() => 'revoked: not-active'));
});

test('the keys of its legs are to be deleted, and the agreement has ended', async () => {
  const current = await registry.current(AGREEMENT).read();
  expect(current?.state).toBe('ended');
  const kms = new KMSClient(local.clientConfig);
  for (const KeyId of Object.values(current!.provisioned.legKeys))
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('PendingDeletion');
});

test('no function asked for more than its role has', () => {
  expect(local.gateway.calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual(
    [],
  );
});

/** As the workflow leaves a certified release. */
async function deliver(legId: string): Promise<void> {
  const leg = PLAN.legs.find(({ id }) => id === legId)!;
  const { record, objects } = makeLyingRelease(PLAN, leg, DAY);
  const s3 = new S3Client(local.clientConfig);
  const { LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  await registry.releases(AGREEMENT).create(record);
}

function accountOf(party: string): string {
  return PLAN.parties.find(({ id }) => id === party)!.account;
}

/** What the world looks like from outside. */
async function look() {
  const { LAKE_BUCKET: Bucket } = local.environmentOf('publish-round');
  const s3 = new S3Client(local.clientConfig);
  const database = [...local.filters.values()][0]!;
  const { PrincipalResourcePermissions = [] } = await new LakeFormationClient(local.clientConfig).send(
    new ListPermissionsCommand({}),
  );
  const table = { DatabaseName: String(database.DatabaseName), TableName: String(database.TableName) };
  const { Partitions = [] } = await new GlueClient(local.clientConfig).send(new GetPartitionsCommand(table));
  const Prefix = `${AGREEMENT}/${PLAN.legs[2]!.id}/inbox/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return {
    round: (await registry.rounds(AGREEMENT).read(DAY))?.state,
    revisions: [...local.exchange.state.revisions.values()].map(({ Finalized }) => (Finalized ? 'final' : 'open')),
    grants: [...local.exchange.state.grants.values()].map(({ ReceiverPrincipal }) => ReceiverPrincipal),
    permissions: PrincipalResourcePermissions.map(({ Principal }) => Principal?.DataLakePrincipalIdentifier),
    filter: (database.RowFilter as { FilterExpression: string }).FilterExpression,
    partitions: Partitions.map(({ Values }) => Values?.[0]),
    inbox: Contents.map(({ Key = '' }) => Key.slice(Prefix.length)),
  };
}
