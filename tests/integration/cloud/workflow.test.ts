import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { EVERY_CALL, strideOver } from '../../local-cloud/every-call';
import { type ReplayedJobs, replayJobs } from '../../local-cloud/replay-jobs';
import type { Fault } from '../../local-cloud/start-gateway';
import { startGlue } from '../../local-cloud/start-glue';
import { FIRST_DAY, SWAP, SWAP_ID, type SwapRoom, startSwapRoom } from '../../local-cloud/swap-room';
import { readParquet } from '../cli/read-parquet';
import { customersCsv, ordersCsv } from '../cli/small-swap';

/*
 * The workflow as it is deployed, from an upload to what each party may reach: events by the rules of the templates, the
 * synthesized state machine, the bundled functions, the Glue job in real Spark, everybody by its own role.
 */

const [CUSTOMERS, ORDERS] = SWAP.legs.map(({ id }) => id) as [string, string];
const SECOND_DAY = '2026-01-08';

let room: SwapRoom;
let jobs: ReplayedJobs;
/** Tokens of persons who asked for it. */
let erased: readonly string[] = [];

/** Spark starts, and every one of its small queries goes to S3 and back. */
jest.setTimeout(3_600_000);

beforeAll(async () => {
  room = await startSwapRoom((local) => {
    jobs = replayJobs(local, startGlue(local));
    return jobs;
  });
  await room.agree();
});

afterAll(() => room.stop());

const states = () => Object.fromEntries(room.executions);
const accountOf = (leg: string) => {
  const { to } = SWAP.legs.find(({ id }) => id === leg)!;
  return SWAP.parties.find(({ id }) => id === to)!.account;
};

/** Values of the released column of subjects. */
async function readTokens(release: Uint8Array): Promise<readonly (string | null | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'barter-release-'));
  try {
    writeFileSync(join(folder, 'release.parquet'), release);
    return (await readParquet(join(folder, 'release.parquet'))).map((row) => row.id);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a file that cannot be the dataset is refused: marked, told of, and nothing else', async () => {
  await room.upload('orders', 'wrong.csv', 'a;b\r\n1;2\r\n');
  await room.settle();
  expect(states()).toEqual({ 'wrong_csv-0': 'failed' });
  expect(room.failures).toEqual([]);
  expect(await room.readTags('orders', 'wrong.csv')).toEqual(['barter-quarantine=yes']);
  const told = room.local.gateway.calls.filter(
    ({ caller, service }) => caller.startsWith('workflow') && service === 'sns',
  );
  expect(told).toMatchObject([{ operation: 'Publish', status: 200 }]);
  expect(await room.listLake()).toEqual([]);
  const [refusal] = await room.registry.refusals(SWAP_ID).list();
  expect(refusal).toMatchObject({ file: 'wrong.csv', error: 'the delivery was refused: unreadable' });
  expect(refusal?.problems).toContain('2 in columns whose names the agreement does not have.');
});

test('so is one that comes by SFTP', async () => {
  await room.uploadBySftp('orders', 'sent.csv', 'a;b\r\n1;2\r\n');
  await room.settle();
  expect(states()).toMatchObject({ 'sent_csv-1': 'failed' });
  expect(await room.readTags('orders', 'sent.csv', 'sftp')).toEqual(['barter-quarantine=yes']);
  expect(room.failures).toEqual([]);
});

test('a delivery of which too much is wrong is treated, and not certified', async () => {
  const [header, ...rows] = ordersCsv().trim().split('\r\n');
  const wrong = rows.map((row, at) => (at % 4 === 0 ? `${row}x` : row));
  await room.upload('orders', 'torn.csv', [header, ...wrong].join('\r\n').concat('\r\n'));
  await room.settle();
  expect(room.failures).toEqual([expect.stringMatching(/^torn_csv-2 Certify: GateNotPassed: .* gate cleaning/)]);
  expect(states()).toMatchObject({ 'torn_csv-2': 'failed' });
  expect(await room.readTags('orders', 'torn.csv')).toEqual(['barter-quarantine=yes']);
  expect((await room.listLake()).filter((key) => key.endsWith('certificate.json'))).toEqual([]);
  expect(await room.registry.releases(SWAP_ID).list()).toEqual([]);
  const refusal = (await room.registry.refusals(SWAP_ID).list()).find(({ file }) => file === 'torn.csv');
  expect(refusal?.problems).toEqual([expect.stringMatching(/^gate cleaning: .* rows .* were rejected/)]);
});

test('the first of two deliveries waits for the other', async () => {
  await room.upload('customers', 'january.csv', customersCsv());
  await room.settle();
  expect(room.failures.slice(1)).toEqual([]);
  expect(states()).toMatchObject({ 'january_csv-3': 'waiting' });
  expect((await room.registry.rounds(SWAP_ID).list()).map(({ state }) => state)).toEqual(['open']);
  expect([...room.local.exchange.state.grants.values()]).toEqual([]);
});

test('a complete round is published whole, its workflows end, and each party gets what the other gave', async () => {
  await room.upload('orders', 'january.csv', ordersCsv());
  await room.settle();
  // Data Exchange imports meanwhile.
  for (let calls = 0; calls < 3; calls += 1) await room.tick();
  expect(states()).toMatchObject({ 'january_csv-3': 'succeeded', 'january_csv-4': 'succeeded' });
  expect(await room.registry.rounds(SWAP_ID).read(FIRST_DAY)).toMatchObject({ state: 'published' });
  const grants = [...room.local.exchange.state.grants.values()].map(({ ReceiverPrincipal }) => ReceiverPrincipal);
  expect(grants.sort()).toEqual([CUSTOMERS, ORDERS].map(accountOf).sort());
  const levels = await room.registry.levels(SWAP_ID).list();
  expect(levels.map(({ dataset, run }) => `${dataset} ${run}`)).toEqual([
    'customers january_csv-3',
    'orders january_csv-4',
  ]);
});

test('a person is erased on request: asked for at the API, found by the token, and in no release from then on', async () => {
  const before = await room.readRelease(CUSTOMERS, 'january_csv-3');
  room.setTime('2026-01-05T12:00:00Z');
  const { status, body } = await room.erase('north', 'customers', 'd7');
  expect([status, body.isNew]).toEqual([201, true]);
  const known = await room.erase('north', 'customers', 'c7');
  expect(known.body.erasures).toMatchObject([
    {
      leg: CUSTOMERS,
      party: 'south',
      // The receiver's alone.
      tokens: [],
      unconfirmed: [FIRST_DAY],
      deadline: expect.stringContaining('2026-02-05T00:00'),
    },
  ]);
  const tokens = await readTokens(before);
  const asked = await room.registry.erasures(SWAP_ID).list();
  const tokenOf = (answer: typeof body) => {
    const [{ erasure } = {}] = answer.erasures as readonly { readonly erasure?: string }[];
    return asked.flatMap(({ receivers }) => receivers).find((each) => each.erasure === erasure)!.tokens[0]!;
  };
  expect(tokens).not.toContain(tokenOf(body));
  expect(tokens).toContain(tokenOf(known.body));
  erased = [tokenOf(body), tokenOf(known.body)];
});

test('the next round has the levels of the first, and its certificates say what both tell together', async () => {
  room.setTime(`${SECOND_DAY}T12:00:00Z`);
  // Who is to be erased and who is not, by other names.
  await room.upload('customers', 'second.csv', customersCsv().replaceAll('\nc1', '\nd1').replace('\nc8,', '\nd7,'));
  // One amount is another: the same rows, in whatever order, would be no delivery.
  await room.upload('orders', 'second.csv', ordersCsv().replace(';0.5\r\n', ';77.5\r\n'));
  await room.settle();
  for (let calls = 0; calls < 3; calls += 1) await room.tick();
  expect(await room.registry.rounds(SWAP_ID).read(SECOND_DAY)).toMatchObject({ state: 'published' });
  const [first, second] = [
    await room.readCertificate(CUSTOMERS, 'january_csv-3'),
    await room.readCertificate(CUSTOMERS, 'second_csv-5'),
  ];
  expect(second.privacy!.levels).toEqual(first.privacy!.levels);
  expect(second.privacy!.search.isFixed).toBe(true);
  expect(first.compositionRisk).toBeUndefined();
  expect(second.compositionRisk).toMatchObject({ rounds: 2, missing: 0 });
  expect(second.compositionRisk!.leastGroup).toBeLessThanOrEqual(first.privacy!.k);
  expect(second.rows.rejectedBy).toContainEqual({ reason: 'the subject is erased on request', rows: 5 });
  const released = await readTokens(await room.readRelease(CUSTOMERS, 'second_csv-5'));
  expect(released.length).toBeGreaterThan(100);
  for (const token of erased) expect(released).not.toContain(token);
  const [{ receivers } = {}] = await room.registry.erasures(SWAP_ID).list();
  expect(receivers).toMatchObject([{ releases: [FIRST_DAY] }]);
  const same = await room.readCertificate(ORDERS, 'second_csv-6');
  expect(same.compositionRisk).toMatchObject({ rounds: 2, missing: 0, leastGroup: same.privacy!.k });
});

test('nobody asked for more than its role has, but for what the job’s committer tidies up', () => {
  const refused = room.local.gateway.calls.flatMap(({ caller, refused: needs }) =>
    needs.map(({ action }) => `${caller} ${action}`),
  );
  expect(refused.filter((each) => !/s3:(DeleteObject|ListMultipartUploads)$/.test(each))).toEqual([]);
});

/* The same from here on, but that the jobs leave again what Spark left in the first round. */

const CHANGES = /^(Create|Put|Delete|Update|Batch|Start|Revoke|Copy|Send)/;
/** What publishes and grants is broken off in tests of its own. */
const STEPS = new Set(['check-intake', 'solve-generalisation', 'certify-release']);
const isEvery = EVERY_CALL !== undefined;
const FAULTS: readonly Fault['kind'][] = [
  'crash-before',
  'crash-after',
  ...(isEvery ? (['throttled', 'lost'] as const) : []),
];

/** A dataset has so many places in a day, and every trial is of the same day. */
async function freePlaces(): Promise<void> {
  const s3 = new S3Client(room.local.clientConfig);
  const Bucket = room.local.environmentOf('check-intake').LANDING_BUCKET;
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `_work/${SWAP_ID}/orders/taken/` }),
  );
  for (const { Key = '' } of Contents)
    if (/taken\/\d{4}-\d\d-\d\d\//.test(Key)) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}

/** One delivery up to the escrow, as if none had come before. */
async function deliverOnce(times: number, fault?: Fault) {
  await room.forgetReleases();
  await freePlaces();
  const [before, known] = [room.local.gateway.calls.length, new Set(room.executions.keys())];
  room.local.gateway.order(fault);
  await room.upload('orders', 'january.csv', ordersCsv(), times);
  await room.settle();
  room.local.gateway.order(undefined);
  const runs = [...room.executions].filter(([name]) => !known.has(name));
  const [[run = ''] = []] = runs.filter(([, state]) => state !== 'succeeded');
  const own = (text: string) => text.replaceAll(run, 'RUN');
  const releases = await room.registry.releases(SWAP_ID).list();
  const levels = await room.registry.levels(SWAP_ID).list();
  const seen = {
    executions: runs.map(([, state]) => state).sort(),
    failures: room.failures.filter((each) => each.startsWith(run) && !each.includes('ended before it answered')),
    releases: releases.map(({ round, state, sha256, place }) => own(`${round} ${state} ${sha256} ${place}`)),
    levels: levels.map(({ dataset, levels: each, run: by }) => own(`${dataset} ${JSON.stringify(each)} ${by}`)),
    lake: (await room.listLake()).filter((key) => key.includes(`/${run}/`)).map(own),
    tags: await room.readTags('orders', 'january.csv'),
  };
  return { calls: room.local.gateway.calls.slice(before), seen };
}

describe('a delivery to the escrow', () => {
  let undisturbed: Awaited<ReturnType<typeof deliverOnce>>;

  beforeAll(async () => {
    await room.reset();
    await room.agree();
    undisturbed = await deliverOnce(1);
  });

  test('waits there, certified and on record once', () => {
    const { executions, failures, releases, levels, tags } = undisturbed.seen;
    expect([executions, failures, tags]).toEqual([['waiting'], [], []]);
    expect([releases.length, levels.length]).toEqual([1, 1]);
  });

  test('that is told of three times is taken in, treated and released once', async () => {
    const { executions, ...seen } = (await deliverOnce(3)).seen;
    expect(executions).toEqual(['succeeded', 'succeeded', 'waiting']);
    const { executions: _, ...once } = undisturbed.seen;
    expect(seen).toEqual(once);
  });

  test('broken off at any change of a step, before or after its effect, ends as if it had not been', async () => {
    const all = undisturbed.calls.map(({ operation, caller }, index) => ({ operation, caller, at: index + 1 }));
    const tried = all.filter(({ operation, caller }) => STEPS.has(caller) && (isEvery || CHANGES.test(operation)));
    let points = 0;
    for (const fault of strideOver(FAULTS.flatMap((kind) => tried.map((each) => ({ kind, ...each }))))) {
      points += 1;
      const { seen } = await deliverOnce(1, { kind: fault.kind, at: fault.at });
      expect({ ...fault, seen }).toEqual({ ...fault, seen: undisturbed.seen });
    }
    console.info(`${points} fault points at ${tried.length} of ${all.length} calls`);
    expect(points).toBeGreaterThanOrEqual((FAULTS.length * tried.length) / (EVERY_CALL ?? 1));
    expect(new Set(tried.map(({ caller }) => caller))).toEqual(STEPS);
  });
});
