import { CreateDataSetCommand, CreateJobCommand, GetJobCommand } from '@aws-sdk/client-dataexchange';
import { openExchangeChannel } from '../../../lambda/publish-round/exchange-channel';
import { giveGrant, listGrants, withdrawGrant } from '../../../lambda/shared/exchange-grants';
import {
  finaliseRevision,
  prepareRevision,
  revokeRevision,
  takeBackRevision,
} from '../../../lambda/shared/exchange-revisions';
import type { Objects } from '../../../lambda/shared/objects';
import { openDataExchange } from '../../../lambda/shared/open-data-exchange';
import type { AgreementOnRecord } from '../../../lib/domain/enforcement/registry/read-conduct';
import { releaseOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { type DataExchange, serveDataExchange } from '../../local-cloud/serve-data-exchange';
import { type Fault, type Gateway, startGateway } from '../../local-cloud/start-gateway';

/* What the room asks of Data Exchange, broken off at every call: gone on with, it ends where the undisturbed one does. */

const ACCOUNT = '123456789012';
const KINDS = ['crash-before', 'crash-after', 'throttled', 'lost'] as const satisfies readonly Fault['kind'][];
const WANTED = {
  release: 'telco-retail-2026/telco-retail-usage/2026-03-01',
  bucket: 'lake',
  keys: Array.from({ length: 120 }, (_, index) => `releases/part-${index}.parquet`),
};

const NEXT = { ...WANTED, keys: ['releases/again-0.parquet', 'releases/again-1.parquet'] };

let opened: Gateway[] = [];

afterEach(async () => {
  await Promise.all(opened.map((gateway) => gateway.stop()));
  opened = [];
});

test('a release is prepared, finalised, granted, revoked and withdrawn once, wherever it is broken off', async () => {
  const undisturbed = await run(undefined);
  expect(undisturbed.end).toMatchObject({ revisions: [{ Finalized: true, Revoked: true, assets: 120 }], grants: 0 });
  let points = 0;
  for (const kind of KINDS)
    for (let at = 1; at <= undisturbed.calls; at++, points++)
      expect((await run({ kind, at })).end).toEqual(undisturbed.end);
  console.info(`${points} fault points of ${undisturbed.calls} calls`);
  expect(points).toBe(4 * undisturbed.calls);
}, 600_000);

test('what was written after it was imported may be another than what is shown', async () => {
  const { client, dataSet } = await open();
  await toTheEnd(() => prepareRevision(client, dataSet, WANTED));
  const [agreement = '', leg = '', round = ''] = WANTED.release.split('/');
  const release = releaseOf(TELCO_RETAIL_PLAN, leg, round);
  const current = { provisioned: { dataSets: { [leg]: dataSet } } };
  const on = { current } as unknown as AgreementOnRecord;
  const lake: Pick<Objects, 'list'> = { list: async () => WANTED.keys };
  const channel = openExchangeChannel({ client, lake: lake as Objects, bucket: WANTED.bucket });
  const [minute, now] = [60_000, Date.now()];
  const file = (name: string, at: number) => ({
    key: name,
    file: name,
    tag: '"t"',
    modified: new Date(at).toISOString(),
  });
  expect(agreement).toBe(release.agreement);
  expect(await channel.compare(on, release, [file('part-0', now - minute)])).toEqual([]);
  expect(await channel.compare(on, release, [file('part-0', now - minute), file('part-1', now + minute)])).toEqual([
    'part-1 was written after it was imported: what is shown may be another',
  ]);
  const unknown = { ...release, round: '2026-04-01' };
  expect(await channel.compare(on, unknown, [])).toEqual(['nothing tells when its files were imported']);
});

test('a file that is not there fails the release, and finalises nothing', async () => {
  const { exchange, client, dataSet } = await open('missing');
  const progress = await toTheEnd(() => prepareRevision(client, dataSet, WANTED));
  expect(progress).toMatchObject({ kind: 'failed' });
  expect([...exchange.state.revisions.values()].map(({ Finalized }) => Finalized)).toEqual([false]);
});

/* An amendment came while it was filled: half of it is imported, some jobs run, and some were not started. */

test.each<[string, (parts: Begun) => Promise<void>, unknown]>([
  [
    'makes room for the release that takes its place',
    async ({ client, dataSet }) => {
      await again(() => toTheEnd(() => prepareRevision(client, dataSet, NEXT)));
      await again(() => finaliseRevision(client, dataSet, NEXT.release));
    },
    [{ Comment: NEXT.release, Finalized: true, Revoked: false, assets: NEXT.keys }],
  ],
  [
    'is deleted where its round does not come about',
    async ({ client, dataSet }) => {
      const takeBack = () => takeBackRevision(client, dataSet, WANTED.release, 'Version 2 has it no more');
      for (let calls = 0; calls < 20; calls++) if (await again(takeBack)) return;
      throw new Error('It never ends.');
    },
    [],
  ],
])(
  'a half-filled revision %s, wherever that is broken off',
  async (_, finish, expected) => {
    const undisturbed = await begin(finish, undefined);
    expect(undisturbed.end).toEqual(expected);
    // Before a change and after it: a call that looks leaves what the last change left.
    const changes = undisturbed.calls.flatMap(({ operation }, index) => (LOOKS.test(operation) ? [] : [index + 1]));
    expect(changes.length).toBeGreaterThan(1);
    for (const kind of ['throttled', 'lost'] as const)
      for (const at of changes)
        expect({ kind, at, end: (await begin(finish, { kind, at })).end }).toEqual({ kind, at, end: expected });
  },
  600_000,
);

const LOOKS = /^(List|Get)/;

type Begun = Pick<Awaited<ReturnType<typeof open>>, 'client' | 'dataSet'>;

/** Begins a release of many files, is amended on the way, and goes on as it is then. */
async function begin(finish: (parts: Begun) => Promise<void>, fault: Fault | undefined) {
  const { exchange, gateway, client, dataSet } = await open();
  await prepareRevision(client, dataSet, WANTED);
  const [job] = [...exchange.state.jobs.values()];
  for (let looks = 0; looks < 5; looks++) await client.send(new GetJobCommand({ JobId: job!.Id }));
  const [revision] = [...exchange.state.revisions.values()];
  const ImportAssetsFromS3 = {
    DataSetId: dataSet,
    RevisionId: revision!.Id,
    AssetSources: [{ Bucket: WANTED.bucket, Key: WANTED.keys[0] }],
  };
  await client.send(new CreateJobCommand({ Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3 } }));
  expect([...exchange.state.jobs.values()].map(({ State }) => State)).toEqual(['COMPLETED', 'IN_PROGRESS', 'WAITING']);
  gateway.order(fault);
  const before = gateway.calls.length;
  await finish({ client, dataSet });
  const calls = gateway.calls.slice(before);
  opened = [];
  await gateway.stop();
  const end = [...exchange.state.revisions.values()].map(({ Id, Comment, Finalized, Revoked }) => ({
    Comment,
    Finalized,
    Revoked,
    assets: [...exchange.state.assets.values()].filter(({ RevisionId }) => RevisionId === Id).map(({ Name }) => Name),
  }));
  return { calls, end };
}

async function run(fault: Fault | undefined) {
  const { exchange, gateway, client, dataSet } = await open();
  gateway.order(fault);
  const before = gateway.calls.length;
  const grant = { dataSet, receiver: '222233334444' };
  await again(() => toTheEnd(() => prepareRevision(client, dataSet, WANTED)));
  await again(() => finaliseRevision(client, dataSet, WANTED.release));
  await again(async () => {
    if ((await listGrants(client)).length === 0) await giveGrant(client, grant, 'usage');
  });
  expect(exchange.state.grants.size).toBe(1);
  await again(async () => {
    for (const given of await listGrants(client)) await withdrawGrant(client, given.id);
  });
  await again(() => revokeRevision(client, dataSet, WANTED.release, 'Clause 4.2'));
  const calls = gateway.calls.length - before;
  opened = [];
  await gateway.stop();
  return { calls, end: describeEnd(exchange) };
}

/** As Lambda delivers an event again after a failure. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 2) throw error;
    }
  }
}

/** As a schedule calls again while jobs are under way. */
async function toTheEnd(prepare: () => ReturnType<typeof prepareRevision>) {
  for (let calls = 0; calls < 50; calls++) {
    const progress = await prepare();
    if (progress.kind !== 'wait') return progress;
  }
  throw new Error('It never ends.');
}

async function open(missing?: string) {
  const exchange = serveDataExchange({
    now: () => '2026-03-01T00:00:00Z',
    sizeOf: async (_, key) => (missing !== undefined && key.endsWith('-7.parquet') ? undefined : 7),
  });
  const place = { account: ACCOUNT, region: 'eu-central-1' };
  const gateway = await startGateway({ moto: 'http://127.0.0.1:9', standIns: { dataexchange: exchange }, place });
  opened.push(gateway);
  const connect = (accessKeyId: string) =>
    openDataExchange({
      region: place.region,
      endpoint: gateway.endpoint,
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });
  const everything = { effect: 'Allow' as const, actions: ['*'], resources: ['*'], isConditional: false };
  gateway.admit('ROOM', { name: 'publication', statements: [everything], crash: async () => {} });
  const { Id: dataSet = '' } = await connect('testing').send(
    new CreateDataSetCommand({ AssetType: 'S3_SNAPSHOT', Name: 'usage', Description: 'Usage' }),
  );
  return { exchange, gateway, client: connect('ROOM'), dataSet };
}

function describeEnd({ state }: DataExchange) {
  return {
    revisions: [...state.revisions.values()].map(({ Id, Comment, Finalized, Revoked }) => ({
      Comment,
      Finalized,
      Revoked,
      assets: [...state.assets.values()].filter(({ RevisionId }) => RevisionId === Id).length,
    })),
    grants: state.grants.size,
  };
}
