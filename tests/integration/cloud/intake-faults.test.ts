import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { IntakeAnswer } from '../../../lambda/check-intake/check-delivery';
import { admitLink } from '../../local-cloud/admit-link';
import { type ApiAnswer, askRoom } from '../../local-cloud/ask-room';
import { FIRST_DAY, SWAP_ID, type SwapRoom, startSwapRoom } from '../../local-cloud/swap-room';
import { tryFaults } from '../../local-cloud/try-faults';
import { ordersCsv } from '../cli/small-swap';

/* The doors by which deliveries come in, broken off at every call that they make, throttled, answered too late, and asked twice. */

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

describe('check-intake', () => {
  const ORDERS = `${SWAP_ID}/orders/upload/orders.csv`;
  let runs = 0;

  interface Told {
    readonly now?: string;
    readonly key?: string;
    /** Of which an earlier run was told. */
    readonly version?: string;
    /** The word of whoever starts it anew. */
    readonly again?: string;
  }

  function tell({ now = NOON, key = ORDERS, version, again }: Told = {}) {
    const run = `run-${runs++}`;
    const object = { key, size: Buffer.byteLength(ordersCsv()), 'version-id': version ?? `version of ${run}` };
    const detail = { bucket: { name: landing }, object };
    const event = { source: 'aws.s3', detail, ...(again === undefined ? {} : { again }) };
    let answer: unknown;
    return {
      version: object['version-id'],
      step: async () => {
        answer = await room.local.functionOf('check-intake').invoke({ event, run }, now);
      },
      look: async () => ({ answer: rename(answer, run) as IntakeAnswer, left: await listLeft(run) }),
    };
  }

  async function takeIn(told?: Told) {
    const { step, look, version } = tell(told);
    await step();
    return { seen: await look(), version };
  }

  async function tryAll(name: string, told?: Told) {
    const { step, look } = tell(told);
    return (await tryFaults({ name, rooms: [room.local], steps: [step], look })).end;
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
    // Which of a day's places it took depends on who came before.
    const named = own.map(([key, text]) => [
      key.replace(/[0-9a-f]{64}/, 'UPLOAD').replace(/(taken\/[\d-]+\/)\d+$/, '$1PLACE'),
      text,
    ]);
    return named.sort(([left = ''], [right = '']) => (left < right ? -1 : 1)).map((each) => rename(each, run));
  }

  const rename = (value: unknown, run: string): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(run, 'RUN')
        .replace(/"orders":\{"sha256":"[0-9a-f]+"/, '"orders":{')
        .replace(/"taken":"([\d-]+)T[^"]+"/, '"taken":"$1"'),
    );

  test('takes a delivery in once, whatever breaks off', async () => {
    const { answer, left } = await tryAll('check-intake');
    expect(answer).toMatchObject({ kind: 'accepted' });
    expect(left.map((each) => (each as readonly string[])[0])).toEqual([
      `_work/${SWAP_ID}/orders/RUN/orders.json`,
      `_work/${SWAP_ID}/orders/RUN/plan.json`,
      `_work/${SWAP_ID}/orders/taken/${FIRST_DAY}/PLACE`,
      `_work/${SWAP_ID}/orders/taken/UPLOAD`,
    ]);
  });

  test('takes an upload in once, however often it is told of it, whatever breaks off', async () => {
    const { version } = await takeIn();
    const { answer, left } = await tryAll('check-intake, told twice', { version });
    expect([answer, left]).toEqual([{ kind: 'repeated' }, []]);
  });

  test('takes one in again by a person’s word, once, whatever breaks off', async () => {
    // Days have so many places: those of this one are for the others.
    const now = NOON.replace('-01T', '-02T');
    const { version } = await takeIn({ now });
    const { answer, left } = await tryAll('check-intake, anew', { now, version, again: 'job-mended' });
    expect(answer).toMatchObject({ kind: 'accepted' });
    expect(left).toHaveLength(4);
    const start = async () => (await takeIn({ now, version, again: 'job-mended-2' })).seen;
    expect((await start()).answer).toMatchObject({ kind: 'accepted' });
    expect(await start()).toEqual({ answer: { kind: 'repeated' }, left: [] });
  });

  test('refuses one that is not agreed, whatever breaks off, and leaves nothing', async () => {
    const key = `${SWAP_ID}/nothing/upload/orders.csv`;
    const { answer, left } = await tryAll('check-intake, refusing', { key });
    expect(answer).toMatchObject({ kind: 'refused', reason: 'unknown-dataset' });
    expect(left).toEqual([]);
  });

  test('says the same by a clock that is some minutes off, but where a day of the term lies between', async () => {
    const { seen } = await takeIn();
    for (const clock of ['11:50:00', '12:10:00'])
      expect((await takeIn({ now: `${FIRST_DAY}T${clock}Z` })).seen).toEqual(seen);
    expect((await takeIn({ now: '2025-12-31T23:58:00Z' })).seen).toMatchObject({
      answer: { kind: 'refused', reason: 'outside-term' },
      left: [],
    });
  });
});

describe('presign-upload', () => {
  let requests = 0;
  const BODY = ordersCsv();

  async function openAsker() {
    const before = (await room.registry.decisions(SWAP_ID).list()).length;
    const { account } = room.local;
    const userArn = `arn:aws:sts::${account}:assumed-role/barter-party-${SWAP_ID}.south/nightly`;
    const sha256 = createHash('sha256').update(BODY).digest('hex');
    const ask = () =>
      askRoom(room.local, {
        ...{ operation: 'request-upload', agreement: SWAP_ID, account, userArn, now: NOON },
        body: { dataset: 'orders', file: 'orders.csv', bytes: Buffer.byteLength(BODY), sha256 },
        // A client that was not answered asks anew.
        id: `request-${requests++}`,
      });
    let answer: ApiAnswer = { status: 0, body: {} };
    const list = async () => (await room.registry.decisions(SWAP_ID).list()).slice(before);
    return {
      step: async () => {
        answer = await ask();
      },
      list,
      url: () => String(answer.body.url),
      look: async () => {
        const { decision, url } = answer.body;
        const headers = answer.body.headers as Readonly<Record<string, string>>;
        const decisions = (await list()).map(
          ({ effect, party, clause, reason }) => `${effect} ${party} ${clause} ${reason}`,
        );
        // One for each time that it was decided, and all alike.
        const alike = [...new Set(decisions)];
        return { status: answer.status, decision, place: new URL(String(url)).pathname, headers, decisions: alike };
      },
    };
  }

  test('hands out one kind of link, and every decision is on record, whatever breaks off', async () => {
    const once = await openAsker();
    await once.step();
    expect(await once.list()).toHaveLength(1);
    const { step, look } = await openAsker();
    const { end } = await tryFaults({ name: 'presign-upload', rooms: [room.local], steps: [step], look });
    expect([end.status, end.decisions.length]).toEqual([201, 1]);
    expect(end.place).toContain(`${SWAP_ID}/orders/upload/`);
  });

  test('the link puts the file into its place, by what the role that signs it may do', async () => {
    const { step, look, url } = await openAsker();
    await step();
    const seen = await look();
    admitLink(room.local, 'presign-upload', url());
    const { status } = await fetch(url(), { method: 'PUT', headers: seen.headers, body: BODY });
    expect(status).toBe(200);
    const Key = decodeURIComponent(seen.place).replace(`/${landing}/`, '');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: landing, Key }));
    expect(await Body!.transformToString()).toBe(BODY);
    expect(room.local.gateway.calls.at(-1)).toMatchObject({
      caller: 'presign-upload, by a link',
      operation: 'PutObject',
      status: 200,
    });
  });
});

test('no function asked for more than its role has', () => {
  expect(room.local.gateway.calls.flatMap(({ refused }) => refused)).toEqual([]);
});
