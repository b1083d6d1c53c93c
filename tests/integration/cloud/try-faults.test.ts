import { CreateDataSetCommand, DataExchangeClient, ListDataSetsCommand } from '@aws-sdk/client-dataexchange';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { EVERY_CALL } from '../../local-cloud/every-call';
import { openSmallRoom, type SmallRoom } from '../../local-cloud/open-small-room';
import type { Collection } from '../../local-cloud/rewind-room';
import { serveDataExchange } from '../../local-cloud/serve-data-exchange';
import type { StandIn } from '../../local-cloud/serve-from-model';
import { tryFaults } from '../../local-cloud/try-faults';

/* What finds faults finds them: a flow that can be broken off anywhere passes, one that cannot is found out, by where. */

const exchange = serveDataExchange({ now: () => '2026-03-01T00:00:00Z', sizeOf: async () => 1 });
const objects = new Map<unknown, unknown>();
const s3: StandIn = {
  answer: async ({ method, url }) => {
    if (method === 'PUT') objects.set(url.pathname, true);
    return { status: objects.has(url.pathname) ? 200 : 404, body: '' };
  },
};

let room: SmallRoom;
let lake: S3Client;
let sets: DataExchangeClient;
let ended = 0;
const clocks: number[] = [];

beforeEach(async () => {
  objects.clear();
  exchange.forget();
  room = await openSmallRoom({
    standIns: { dataexchange: exchange, s3 },
    collections: [objects, ...(Object.values(exchange.state) as readonly Collection[])],
    crash: () => {
      ended += 1;
    },
    setClocks: (wrongBy) => void clocks.push(wrongBy),
  });
  lake = new S3Client({ ...room.clientConfig, forcePathStyle: true });
  sets = new DataExchangeClient(room.clientConfig);
});

afterEach(async () => {
  lake.destroy();
  sets.destroy();
  await room.stop();
});

const look = async () => ({ objects: [...objects.keys()].sort(), sets: exchange.state.dataSets.size });
const isThere = (Key: string) =>
  lake.send(new HeadObjectCommand({ Bucket: 'lake', Key })).then(
    () => true,
    () => false,
  );
const put = (Key: string) => async () => {
  if (!(await isThere(Key))) await lake.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: 'a' }));
};
const make = () =>
  sets.send(new CreateDataSetCommand({ AssetType: 'S3_SNAPSHOT', Name: 'usage', Description: 'of a test' }));
const makeIfMissing = async () => {
  if (((await sets.send(new ListDataSetsCommand({}))).DataSets ?? []).length === 0) await make();
};

test('a flow that can be broken off anywhere ends the same from everywhere, and leaves the world as it was', async () => {
  const { end, calls, runs } = await tryFaults({ name: 'files', rooms: [room], steps: ['a', 'b'].map(put), look });
  expect(end).toEqual({ objects: ['/lake/a', '/lake/b'], sets: 0 });
  expect(calls.map(({ operation }) => operation)).toEqual(['HeadObject', 'PutObject', 'HeadObject', 'PutObject']);
  // From the start and after both changes; a change not answered; all throttled; all looks not answered; each step twice; in
  // another order; by other clocks. With every call from the start of the second step too, and both changes not answered.
  const [starts, lost] = EVERY_CALL === undefined ? [1, 1] : [2, 2];
  expect(runs).toBe(starts + 2 + lost + 1 + 1 + 1 + 1 + 1);
  expect(ended).toBe(starts + 2 + 1 + 1);
  expect(clocks).toContain(4 * 60_000);
  expect(await look()).toEqual({ objects: [], sets: 0 });
});

test('a call that a run goes without, where all before it are throttled or unanswered, has such a run of its own', async () => {
  const skips: boolean[] = [];
  const step = async () => {
    const before = room.gateway.calls.length;
    await isThere('a');
    const isDisturbed = room.gateway.calls.slice(before).some(({ status }) => status === undefined);
    skips.push(isDisturbed);
    if (!isDisturbed) await sets.send(new ListDataSetsCommand({}));
  };
  const { calls } = await tryFaults({ name: 'looks', rooms: [room], steps: [step], look });
  expect(calls.map(({ operation }) => operation)).toEqual(['HeadObject', 'ListDataSets']);
  const tried = room.gateway.calls.filter(
    ({ status, operation }) => status === undefined && operation === 'ListDataSets',
  );
  // Throttled, and not answered; the runs with all at once went without it.
  expect([tried.length, skips.filter(Boolean).length]).toEqual([2, 2]);
});

test.each([
  ['that makes what is there', make, /ended after call 1 of function, CreateDataSet/],
  ['whose call may meet its own effect', makeIfMissing, /lost at call 2 of function, CreateDataSet/],
])('a flow %s is found out', async (_, step, where) => {
  await expect(tryFaults({ name: 'sets', rooms: [room], steps: [step], look })).rejects.toThrow(where);
});

test('a flow is found out though what it shows is what a stand-in goes on to change', async () => {
  const look = async () => exchange.state.dataSets;
  await expect(tryFaults({ name: 'sets', rooms: [room], steps: [make], look })).rejects.toThrow(/ended after call 1/);
});

test('before every call is throttled or unanswered, functions of all rooms begin anew, those of one name too', async () => {
  const before = ended;
  let endedThere = 0;
  const crash = () => {
    endedThere += 1;
  };
  const there = await openSmallRoom({ standIns: { s3 }, collections: [], crash });
  const files = new S3Client({ ...there.clientConfig, forcePathStyle: true });
  const seek = () => files.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'a' }));
  try {
    await tryFaults({ name: 'two rooms', rooms: [room, there], steps: [put('a'), seek], apart: ['order'], look });
  } finally {
    files.destroy();
    await there.stop();
  }
  // One more each where it is ended: at its start, and after what it has changed.
  expect([ended - before, endedThere]).toEqual([2 + 2, 2 + (EVERY_CALL === undefined ? 0 : 1)]);
});

test('a flow that is not the same twice is found out', async () => {
  let times = 0;
  const step = () => {
    times += 1;
    return put(String(times))();
  };
  await expect(tryFaults({ name: 'files', rooms: [room], steps: [step], look })).rejects.toThrow('files: ');
});
