import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVERY_CALL } from '../../local-cloud/every-call';
import { type JobFault, type ReplayedJobs, replayJobs } from '../../local-cloud/replay-jobs';
import { startGlue } from '../../local-cloud/start-glue';
import { FIRST_DAY, SWAP, SWAP_ID, type SwapRoom, startSwapRoom } from '../../local-cloud/swap-room';
import { tryFaults } from '../../local-cloud/try-faults';
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

/** With a card in the place of a name. */
const cardsCsv = () => customersCsv().replace(/Name (\d+)/g, (_, serial) => String(40_000_000 + 977 * Number(serial)));

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
  await room.upload('customers', 'january.csv', cardsCsv());
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
  // In nothing that was released: its receiver is not asked.
  expect(body.erasures).toMatchObject([{ leg: CUSTOMERS, releases: [], unconfirmed: [] }]);
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
  await room.upload('customers', 'second.csv', cardsCsv().replaceAll('\nc1', '\nd1').replace('\nc8,', '\nd7,'));
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
  const asked = await room.registry.erasures(SWAP_ID).list();
  const bounds = asked.map(({ receivers: [{ tokens, releases } = { tokens: [], releases: [] }] }) => [
    tokens[0],
    releases,
  ]);
  expect(Object.fromEntries(bounds)).toEqual({ [erased[0]!]: [], [erased[1]!]: [FIRST_DAY] });
  const same = await room.readCertificate(ORDERS, 'second_csv-6');
  expect(same.compositionRisk).toMatchObject({ rounds: 2, missing: 0, leastGroup: same.privacy!.k });
});

test('nobody asked for more than its role has, but for what the job’s committer tidies up', () => {
  const refused = room.local.gateway.calls.flatMap(({ caller, refused: needs }) =>
    needs.map(({ action }) => `${caller} ${action}`),
  );
  expect(refused.filter((each) => !/s3:(DeleteObject|ListBucketMultipartUploads)$/.test(each))).toEqual([]);
});

/* The same from here on, but that the jobs leave again what Spark left in the first round. */

/** What publishes and grants is broken off in tests of its own; so is what the jobs do. */
const STEPS = new Set(['check-intake', 'solve-generalisation', 'replace-values', 'certify-release']);

test('two deliveries to the escrow, whatever breaks off, is throttled or unanswered, and however often they are told of', async () => {
  await room.reset();
  await room.agree();
  const deliver = (dataset: string, csv: string) => async () => {
    await room.upload(dataset, 'january.csv', csv);
    await room.settle();
  };
  const { end, calls } = await tryFaults({
    name: 'two deliveries, from the upload to the escrow',
    rooms: [room.local],
    callers: STEPS,
    others: room.underWay,
    steps: [deliver('customers', cardsCsv()), deliver('orders', ordersCsv())],
    look: seeEscrow,
    isRunAgain: true,
  });
  expect(end).toMatchObject({ executions: ['waiting', 'waiting'], failures: [], tags: [[], []] });
  expect([end.releases.length, end.levels.length]).toEqual([2, 2]);
  expect(new Set(calls.map(({ caller }) => caller))).toEqual(STEPS);
});

describe('a job that goes wrong', () => {
  const toAll = async (act: 'remember' | 'rewind') => {
    for (const each of [room.local, ...room.underWay]) await each[act]();
  };
  const deliverBoth = async () => {
    await room.upload('customers', 'january.csv', cardsCsv());
    await room.settle();
    await room.upload('orders', 'january.csv', ordersCsv());
    await room.settle();
  };
  const nameJobs = () => [...jobs.ran.keys()].filter((name) => name.endsWith('/january.csv'));
  const countFailed = () => [...room.executions.values()].filter((state) => state === 'failed').length;
  const listOf = async (run: string) => (await room.listLake()).filter((key) => key.includes(`/${run}/`));
  let undisturbed: Awaited<ReturnType<typeof seeEscrow>>;

  beforeAll(async () => {
    await room.reset();
    await room.agree();
    await toAll('remember');
    await deliverBoth();
    undisturbed = await seeEscrow();
  });

  /** @returns the run that goes no further: it is marked and told of, its giver too, and nothing of it is on record */
  async function deliverOneInVain(dataset: string): Promise<string> {
    const asked = room.local.gateway.calls.length;
    await deliverBoth();
    const failed = [...room.executions].flatMap(([run, state]) => (state === 'failed' ? [run] : []));
    expect(failed).toHaveLength(1);
    const { releases, levels, tags } = await seeEscrow();
    expect(tags).toEqual(['customers', 'orders'].map((each) => (each === dataset ? ['barter-quarantine=yes'] : [])));
    expect([releases.length, levels.length]).toEqual([1, 1]);
    expect((await room.registry.refusals(SWAP_ID).list()).map(({ id }) => id)).toEqual(failed);
    const calls = room.local.gateway.calls.slice(asked);
    expect(calls.filter(({ caller, service }) => caller.startsWith('workflow') && service === 'sns')).toHaveLength(1);
    return failed[0]!;
  }

  /** Started anew, it ends as if nothing had been: of the run that failed only rows lie in the lake, without a certificate. */
  async function startAnew(dataset: string, failed: string): Promise<void> {
    const left = await listOf(failed);
    await room.runAnew(dataset, 'january.csv', 'mended');
    await room.settle();
    expect(await listOf(failed)).toEqual(left);
    await expectUndisturbed(failed);
  }

  async function expectUndisturbed(failed?: string): Promise<void> {
    if (failed !== undefined) for (const key of await listOf(failed)) expect(key).toMatch(/\/part-\d{5}\.parquet$/);
    const { executions, failures, ...rest } = await seeEscrow(failed);
    expect({ ...rest, executions: executions.filter((state) => state !== 'failed') }).toEqual({
      ...undisturbed,
      failures: undefined,
    });
    for (const failure of failures) expect(failure).toMatch(/: Glue\.\w+Exception: /);
  }

  /** Goes through all, and tells each that ends otherwise. */
  async function tryAll<Fault extends JobFault>(
    name: string,
    faults: readonly Fault[],
    attempt: (dataset: string, fault: Fault) => Promise<void>,
  ) {
    const [, dataset = ''] = name.split('/');
    const otherwise: string[] = [];
    for (const fault of faults) {
      await toAll('rewind');
      jobs.disturb(name, fault);
      try {
        await attempt(dataset, fault);
        if (jobs.unmade > 0) throw new Error('the fault was never made.');
      } catch (error) {
        otherwise.push(`${name}, ${JSON.stringify(fault)}: ${error instanceof Error ? error.message : String(error)}`);
        jobs.forget();
      }
    }
    if (otherwise.length > 0) throw new Error(otherwise.join('\n\n'));
    return faults.length;
  }

  /** After how many of the objects that it leaves: none, and all, among them. */
  function listPlaces(name: string): readonly number[] {
    const { length } = jobs.ran.get(name)!;
    return [...Array(length + 1).keys()].filter((after) => after % (EVERY_CALL ?? 12) === 0 || after === length);
  }

  test('puts one object before all others, and only where there is none', () => {
    expect(nameJobs()).toHaveLength(4);
    for (const name of nameJobs()) {
      expect(jobs.isClaimed(name)).toBe(true);
      expect(jobs.ran.get(name)!.length).toBeGreaterThan(5);
    }
  });

  test('ended after whatever it has left by then, or said to have ended, it is withheld and told of; started anew it ends as ever', async () => {
    let tried = 0;
    for (const name of nameJobs()) {
      const faults = listPlaces(name).map((after) => ({ kind: 'ended', after }) as const);
      tried += await tryAll(name, faults, async (dataset) => startAnew(dataset, await deliverOneInVain(dataset)));
    }
    expect(tried).toBeGreaterThanOrEqual(12);
  });

  test('not started by Glue, it is started again, and ends as ever', async () => {
    const errors = ['ThrottlingException', 'ConcurrentRunsExceededException', 'InternalServiceException'];
    const faults = errors.map((error) => ({ kind: 'not-started', error: `Glue.${error}`, times: 3 }) as const);
    for (const name of nameJobs())
      await tryAll(name, faults, async () => {
        await deliverBoth();
        expect(countFailed()).toBe(0);
        await expectUndisturbed();
      });
  });

  test('at work unheard when it is started again, one of both leaves all or it is withheld; what comes late comes to nothing', async () => {
    for (const name of nameJobs()) {
      const { length } = jobs.ran.get(name)!;
      const places = [0, 1, Math.ceil(length / 2), length - 1];
      const faults = places.map((after) => ({ kind: 'unheard', after }) as const);
      await tryAll(name, faults, async (dataset, fault) => {
        if (fault.after === 0) {
          await deliverBoth();
          expect(countFailed()).toBe(0);
          await expect(jobs.goOn()).rejects.toThrow('begun before');
          await expectUndisturbed();
          return;
        }
        const failed = await deliverOneInVain(dataset);
        await startAnew(dataset, failed);
        await jobs.goOn();
        await expectUndisturbed(failed);
      });
    }
  });
});

/** Which of two runs came first is in their names alone. @param failed whose files are left out */
async function seeEscrow(failed?: string) {
  const own = (text: string) => text.replaceAll(/january_csv-\d+/g, 'RUN');
  const releases = await room.registry.releases(SWAP_ID).list();
  const levels = await room.registry.levels(SWAP_ID).list();
  return {
    // One that was told of a delivery which was taken in already ends at once.
    executions: [...room.executions.values()].filter((state) => state !== 'succeeded'),
    failures: room.failures.filter(
      (each) => !each.includes('ended before it answered') && !each.startsWith(`${failed} `),
    ),
    releases: releases.map(({ round, leg, state, sha256, place }) =>
      own(`${round} ${leg} ${state} ${sha256} ${place}`),
    ),
    levels: levels.map(({ dataset, levels: each, run }) => own(`${dataset} ${JSON.stringify(each)} ${run}`)),
    lake: (await room.listLake()).filter((key) => !key.includes(`/${failed}/`)).map(own),
    tags: await Promise.all(['customers', 'orders'].map((dataset) => room.readTags(dataset, 'january.csv'))),
  };
}
