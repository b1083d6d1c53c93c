import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { IntakeAnswer } from '../../../lambda/check-intake/check-delivery';
import type { Fault } from '../../local-cloud/start-gateway';
import { FIRST_DAY, SWAP_ID, type SwapRoom, startSwapRoom } from '../../local-cloud/swap-room';
import { ordersCsv } from '../cli/small-swap';

/* The doors by which deliveries come in, broken off at every call that they make, throttled, answered too late, and asked twice. */

const KINDS = ['crash-before', 'crash-after', 'throttled', 'lost'] as const;
const NOON = `${FIRST_DAY}T12:00:00Z`;

let room: SwapRoom;
let s3: S3Client;
let landing: string;

jest.setTimeout(600_000);

beforeAll(async () => {
  room = await startSwapRoom(() => ({
    runJob: async () => {
      throw new Error('No job is run here.');
    },
    output: () => '',
    stop: async () => {},
  }));
  s3 = new S3Client(room.local.clientConfig);
  landing = room.local.environmentOf('check-intake').LANDING_BUCKET!;
  await room.agree();
  await room.upload('orders', 'orders.csv', ordersCsv(), 0);
});

afterAll(() => room.stop());

/** Calls a function, and once more where it fails: who asked asks again. */
async function askAgain<T>(handler: string, event: (attempt: number) => unknown, fault?: Fault, now = NOON) {
  const fn = room.local.functionOf(handler);
  const before = room.local.gateway.calls.length;
  room.local.gateway.order(fault);
  const answer = (await fn.invoke(event(1), now).catch(() => fn.invoke(event(2), now))) as T;
  room.local.gateway.order(undefined);
  return { answer, calls: room.local.gateway.calls.length - before };
}

/** Tries every fault at every call; `run` answers with all that is to be seen afterwards. */
async function tryAll<T>(name: string, run: (fault?: Fault) => Promise<{ readonly seen: T; readonly calls: number }>) {
  const { seen: expected, calls } = await run();
  let points = 0;
  for (const kind of KINDS)
    for (let at = 1; at <= calls; at += 1) {
      points += 1;
      const { seen } = await run({ kind, at });
      expect({ kind, at, seen }).toEqual({ kind, at, seen: expected });
    }
  console.info(`${name}: ${points} fault points at ${calls} calls`);
  expect(points).toBe(KINDS.length * calls);
  return expected;
}

describe('check-intake', () => {
  const ORDERS = `${SWAP_ID}/orders/upload/orders.csv`;
  let runs = 0;

  interface Told {
    readonly now?: string;
    readonly key?: string;
    /** Of which an earlier run was told. */
    readonly version?: string;
  }

  async function takeIn(fault?: Fault, { now, key = ORDERS, version }: Told = {}) {
    const run = `run-${runs++}`;
    const object = { key, size: Buffer.byteLength(ordersCsv()), 'version-id': version ?? `version of ${run}` };
    const event = { source: 'aws.s3', detail: { bucket: { name: landing }, object } };
    const { answer, calls } = await askAgain<IntakeAnswer>('check-intake', () => ({ event, run }), fault, now);
    return { seen: { answer: rename(answer, run), left: await listLeft(run) }, calls, version: object['version-id'] };
  }

  /** What the run left: what lies under its name, and what it says that it has taken in. */
  async function listLeft(run: string) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: landing, Prefix: '_' }));
    const objects = await Promise.all(
      Contents.map(async ({ Key = '' }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: landing, Key }));
        return [Key, await Body!.transformToString()] as const;
      }),
    );
    const own = objects.filter(([key, text]) => key.includes(`/${run}`) || text === run);
    return own.map(([key, text]) => rename([key.replace(/[0-9a-f]{64}/, 'UPLOAD'), text], run));
  }

  const rename = (value: unknown, run: string): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(run, 'RUN')
        .replace(/"orders":\{"sha256":"[0-9a-f]+"/, '"orders":{'),
    );

  test('takes a delivery in once, whatever breaks off', async () => {
    const { answer, left } = await tryAll('check-intake', takeIn);
    expect(answer).toMatchObject({ kind: 'accepted' });
    expect(left.map((each) => (each as readonly string[])[0])).toEqual([
      `_work/${SWAP_ID}/orders/RUN/orders.json`,
      `_work/${SWAP_ID}/orders/RUN/plan.json`,
      `_work/${SWAP_ID}/orders/taken/UPLOAD`,
    ]);
  });

  test('takes an upload in once, however often it is told of it, whatever breaks off', async () => {
    const { version } = await takeIn();
    const { answer, left } = await tryAll('check-intake, told twice', (fault) => takeIn(fault, { version }));
    expect([answer, left]).toEqual([{ kind: 'repeated' }, []]);
  });

  test('refuses one that is not agreed, whatever breaks off, and leaves nothing', async () => {
    const refused = (fault?: Fault) => takeIn(fault, { key: `${SWAP_ID}/nothing/upload/orders.csv` });
    const { answer, left } = await tryAll('check-intake, refusing', refused);
    expect(answer).toMatchObject({ kind: 'refused', reason: 'unknown-dataset' });
    expect(left).toEqual([]);
  });

  test('says the same by a clock that is some minutes off, but where a day of the term lies between', async () => {
    const { seen } = await takeIn();
    for (const clock of ['11:50:00', '12:10:00'])
      expect((await takeIn(undefined, { now: `${FIRST_DAY}T${clock}Z` })).seen).toEqual(seen);
    expect((await takeIn(undefined, { now: '2025-12-31T23:58:00Z' })).seen).toMatchObject({
      answer: { kind: 'refused', reason: 'outside-term' },
      left: [],
    });
  });
});

describe('presign-upload', () => {
  let requests = 0;
  const BODY = ordersCsv();

  async function askForLink(fault?: Fault) {
    const before = (await room.registry.decisions(SWAP_ID).list()).length;
    const { account } = room.local;
    const userArn = `arn:aws:sts::${account}:assumed-role/barter-party-${SWAP_ID}.south/nightly`;
    const sha256 = createHash('sha256').update(BODY).digest('hex');
    const ask = () => ({
      routeKey: 'POST /agreements/{agreement}/uploads',
      pathParameters: { agreement: SWAP_ID },
      body: JSON.stringify({ dataset: 'orders', file: 'orders.csv', bytes: Buffer.byteLength(BODY), sha256 }),
      isBase64Encoded: false,
      requestContext: {
        accountId: account,
        // A client that was not answered asks anew.
        requestId: `request-${requests++}`,
        authorizer: { iam: { accountId: account, userArn } },
      },
    });
    const { answer, calls } = await askAgain<{ statusCode: number; body: string }>('presign-upload', ask, fault);
    const decisions = (await room.registry.decisions(SWAP_ID).list()).slice(before);
    const { decision, url, headers } = JSON.parse(answer.body);
    const seen = {
      status: answer.statusCode,
      decision,
      place: new URL(url).pathname,
      headers,
      // One for each time that it was decided, and all alike.
      decisions: [
        ...new Set(decisions.map(({ effect, party, clause, reason }) => `${effect} ${party} ${clause} ${reason}`)),
      ],
    };
    return { seen, calls, decided: decisions.length, url: String(url) };
  }

  test('hands out one kind of link, and every decision is on record, whatever breaks off', async () => {
    const { decided } = await askForLink();
    expect(decided).toBe(1);
    const { status, decisions, place } = await tryAll('presign-upload', askForLink);
    expect([status, decisions.length]).toEqual([201, 1]);
    expect(place).toContain(`${SWAP_ID}/orders/upload/`);
  });

  test('the link puts the file into its place, by what the function may do', async () => {
    const { seen, url } = await askForLink();
    const { status } = await fetch(url, { method: 'PUT', headers: seen.headers, body: BODY });
    expect(status).toBe(200);
    const Key = decodeURIComponent(seen.place).replace(`/${landing}/`, '');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: landing, Key }));
    expect(await Body!.transformToString()).toBe(BODY);
    expect(room.local.gateway.calls.at(-1)).toMatchObject({ caller: 'presign-upload', operation: 'PutObject' });
  });
});

test('no function asked for more than its role has', () => {
  expect(room.local.gateway.calls.flatMap(({ refused }) => refused)).toEqual([]);
});
