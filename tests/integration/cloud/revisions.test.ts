import {
  CreateDataSetCommand,
  CreateJobCommand,
  type DataExchangeClient,
  GetJobCommand,
} from '@aws-sdk/client-dataexchange';
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
import type { WantedRevision } from '../../../lib/domain/exchange/rounds/plan-revision';
import type { AgreementOnRecord } from '../../../lib/domain/registry/read-conduct';
import { releaseOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { openSmallRoom, type SmallRoom } from '../../local-cloud/open-small-room';
import type { Collection } from '../../local-cloud/rewind-room';
import { type DataExchange, serveDataExchange } from '../../local-cloud/serve-data-exchange';
import { tryFaults } from '../../local-cloud/try-faults';

/* What the room asks of Data Exchange, broken off at every call: gone on with, it ends where the undisturbed one does. */

const WANTED = {
  release: 'telco-retail-2026/telco-retail-usage/2026-03-01',
  bucket: 'lake',
  keys: Array.from({ length: 120 }, (_, index) => `releases/part-${index}.parquet`),
};

/** Of an object that is not there. */
const MISSING = 'releases/missing.parquet';

const NEXT = { ...WANTED, keys: ['releases/again-0.parquet', 'releases/again-1.parquet'] };

let exchange: DataExchange;
let room: SmallRoom;
let client: DataExchangeClient;
let dataSet: string;

beforeEach(async () => {
  exchange = serveDataExchange({
    now: () => '2026-03-01T00:00:00Z',
    sizeOf: async (_, key) => (key === MISSING ? undefined : 7),
  });
  room = await openSmallRoom({
    standIns: { dataexchange: exchange },
    collections: Object.values(exchange.state) as readonly Collection[],
  });
  client = openDataExchange(room.clientConfig);
  const set = { AssetType: 'S3_SNAPSHOT', Name: 'usage', Description: 'Usage' } as const;
  dataSet = (await openDataExchange(room.testConfig).send(new CreateDataSetCommand(set))).Id ?? '';
});

afterEach(() => room.stop());

const prepare = (wanted: WantedRevision) => () => toTheEnd(() => prepareRevision(client, dataSet, wanted));

test('a release is prepared, finalised, granted, revoked and withdrawn once, whatever breaks off, is throttled or unanswered', async () => {
  const grant = { dataSet, receiver: '222233334444' };
  const { end, calls } = await tryFaults({
    name: 'a release by Data Exchange',
    rooms: [room],
    steps: [
      prepare(WANTED),
      () => finaliseRevision(client, dataSet, WANTED.release),
      async () => {
        if ((await listGrants(client)).length === 0) await giveGrant(client, grant, 'usage');
      },
      async () => {
        expect(exchange.state.grants.size).toBeLessThanOrEqual(1);
        for (const given of await listGrants(client)) await withdrawGrant(client, given.id);
      },
      () => revokeRevision(client, dataSet, WANTED.release, 'Clause 4.2'),
    ].map(room.step),
    look: async () => ({ revisions: listRevisions(), grants: exchange.state.grants.size }),
    // Which of them is due, the room decides: a revision that was revoked is not prepared again.
    apart: ['order'],
  });
  expect(end).toMatchObject({ revisions: [{ Finalized: true, Revoked: true }], grants: 0 });
  expect(calls.map(({ operation }) => operation)).toContain('CreateDataGrant');
  expect(end.revisions[0]?.assets).toHaveLength(WANTED.keys.length);
}, 600_000);

test('imports of others in the account are waited for, and are no fault', async () => {
  await prepareRevision(client, dataSet, { ...NEXT, release: 'another-agreement/its-leg/2026-03-01' });
  const [under = undefined] = exchange.state.jobs.values();
  const others = Array.from({ length: 10 }, (_, at) => ({ ...under!, Id: `${at}`.padStart(32, 'a') }));
  for (const other of others) exchange.state.jobs.set(other.Id, other);
  exchange.state.jobs.delete(under!.Id);
  const own = () => [...exchange.state.jobs.values()].filter((job) => !others.includes(job)).map(({ State }) => State);
  expect(await prepareRevision(client, dataSet, WANTED)).toMatchObject({ kind: 'wait' });
  expect(own()).toEqual([]);

  // Somebody starts one after they were counted: the service refuses, and that is waited for too.
  const [last] = others;
  last!.State = 'COMPLETED';
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'StartJobCommand') last!.State = 'IN_PROGRESS';
        return next(args);
      },
    { step: 'initialize', name: 'startFirst' },
  );
  expect(await prepareRevision(client, dataSet, WANTED)).toMatchObject({ kind: 'wait' });
  expect(own()).toEqual(['WAITING']);
  client.middlewareStack.remove('startFirst');

  for (const other of others) other.State = 'COMPLETED';
  await prepare(WANTED)();
  expect(listRevisions().map(({ assets }) => assets.length)).toContain(WANTED.keys.length);
});

test('what was written after it was imported may be another than what is shown', async () => {
  await prepare(WANTED)();
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
  const progress = await prepare({ ...WANTED, keys: [...WANTED.keys, MISSING] })();
  expect(progress).toMatchObject({ kind: 'failed' });
  expect([...exchange.state.revisions.values()].map(({ Finalized }) => Finalized)).toEqual([false]);
});

/* An amendment came while it was filled: half of it is imported, some jobs run, and some were not started. */

test.each<[string, () => Promise<unknown>, unknown]>([
  [
    'makes room for the release that takes its place',
    async () => {
      await prepare(NEXT)();
      await finaliseRevision(client, dataSet, NEXT.release);
    },
    [{ Comment: NEXT.release, Finalized: true, Revoked: false, assets: NEXT.keys }],
  ],
  [
    'is deleted where its round does not come about',
    async () => {
      for (let calls = 0; calls < 20; calls++)
        if (await takeBackRevision(client, dataSet, WANTED.release, 'Version 2 has it no more')) return;
      throw new Error('It never ends.');
    },
    [],
  ],
])(
  'a half-filled revision %s, whatever breaks off, is throttled or unanswered',
  async (what, finish, expected) => {
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
    const states = [...exchange.state.jobs.values()].map(({ State }) => State);
    expect(states).toEqual(['COMPLETED', 'IN_PROGRESS', 'WAITING']);
    const name = `a half-filled revision ${what}`;
    const { end } = await tryFaults({
      name,
      rooms: [room],
      steps: [room.step(finish)],
      look: async () => listRevisions(),
    });
    expect(end).toEqual(expected);
  },
  600_000,
);

/** As a schedule calls again while jobs are under way. */
async function toTheEnd(prepareOnce: () => ReturnType<typeof prepareRevision>) {
  for (let calls = 0; calls < 50; calls++) {
    const progress = await prepareOnce();
    if (progress.kind !== 'wait') return progress;
  }
  throw new Error('It never ends.');
}

function listRevisions() {
  const { revisions, assets } = exchange.state;
  return [...revisions.values()].map(({ Id, Comment, Finalized, Revoked }) => ({
    Comment,
    Finalized,
    Revoked,
    assets: [...assets.values()].flatMap(({ RevisionId, Name }) => (RevisionId === Id ? [Name] : [])).sort(),
  }));
}
