import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { API_CONTRACTS } from '../../../lib/domain/enforcement/api/api-contracts';
import type { ApiOperation } from '../../../lib/domain/enforcement/api/api-operations';
import { DOOR_BOUNDS } from '../../../lib/domain/enforcement/doors/door-bounds';
import type { ErasureRecord } from '../../../lib/domain/registry/conduct-records';
import { confirmationOf, pemOf } from '../../fixtures/party-keys';
import { askRoom } from '../../local-cloud/ask-room';
import { listUnusedGrants } from '../../local-cloud/list-unused-grants';
import { DAY, PAIR_AGREEMENT, PAIR_PLAN, type PairRoom, startPairRoom } from '../../local-cloud/pair-room';
import { PARTNER_SECRET, type ServedApi, serveApi } from '../../local-cloud/serve-api';
import { tryFaults } from '../../local-cloud/try-faults';

/*
 * A person's way out of a deployed room, by the functions as deployed: asked for by the giver, told to the receiver alone by
 * which token, confirmed. That the job leaves the person out is in workflow.test.ts.
 */

const USAGE = PAIR_PLAN.legs[0]!.id;
const [TELCO, RETAIL] = PAIR_PLAN.parties.map(({ account }) => account) as [string, string];
const WHO = '+4915112345678';
const NOW = '2026-02-01T10:00:00.000Z';
const addressOf = (party: string, contact: 'exchange' | 'privacy') =>
  PAIR_PLAN.parties.find(({ id }) => id === party)!.contacts[contact];

let room: PairRoom;
let serial = 0;

beforeAll(async () => {
  room = await startPairRoom();
  await room.agree();
  await room.reconcile();
  for (const leg of [0, 1]) await room.deliver(leg);
  for (let times = 0; times < 3; times += 1) await room.publish();
  for (let times = 0; times < 2; times += 1) await room.reconcile().catch(() => undefined);
  await room.mail.read();
}, 300_000);

afterAll(() => room.local.stop());

const ask = (operation: ApiOperation, account: string, body?: object) => {
  serial += 1;
  const asked = { operation, agreement: PAIR_AGREEMENT, account, id: `request-${serial}`, now: NOW };
  return askRoom(room.local, { ...asked, ...(body && { body }) });
};
const request = (identifier: string, account = TELCO) =>
  ask('request-erasure', account, { dataset: 'usage', identifier });
const confirming = (erasure: string, releases: readonly string[] = [DAY]) => {
  const { releases: days, signature, ...by } = confirmationOf(PAIR_PLAN, USAGE, erasure, releases);
  return { leg: USAGE, ...by, confirmations: [{ erasure, releases: days, signature }] };
};
const confirm = (erasure: string, body: object = confirming(erasure)) => ask('confirm-erasure', RETAIL, body);
const erasures = () => room.registry.erasures(PAIR_AGREEMENT).list();
/** As its receiver knows it. */
const told = ({ receivers }: ErasureRecord) => receivers[0]!.erasure!;
const decisions = () => room.registry.decisions(PAIR_AGREEMENT).list();

test('the giver asks; it is decided, and on record under the leg’s key', async () => {
  const { status, body } = await request(WHO);
  expect(status).toBe(201);
  expect(API_CONTRACTS['request-erasure'].answers['201']?.schema.safeParse(body)).toMatchObject({ success: true });
  const { provisioned } = (await room.registry.current(PAIR_AGREEMENT).read())!;
  expect(await erasures()).toMatchObject([
    {
      key: provisioned.legKeys[USAGE],
      listedAt: expect.stringContaining(NOW.slice(0, 19)),
      receivers: [{ party: 'retail', releases: [DAY] }],
    },
  ]);
  expect((await decisions()).at(-1)).toMatchObject({ effect: 'permit', operation: 'request-erasure', party: 'telco' });
});

test('the receiver alone is written to, without a token, and is told its token when it asks', async () => {
  const { body } = await ask('list-erasures', RETAIL);
  const [{ tokens: [token = ''] = [] } = {}] = body.erasures as readonly { readonly tokens: readonly string[] }[];
  expect(token).toMatch(/^[0-9a-f]{32}$/);
  await room.reconcile('2026-02-01T12:00:00Z').catch(() => undefined);
  const mail = await room.mail.read();
  const asked = [...mail].filter(([, letters]) => letters.some(({ subject }) => subject.includes('erase a person')));
  expect(asked.map(([address]) => address).sort()).toEqual(
    [addressOf('retail', 'exchange'), addressOf('retail', 'privacy')].sort(),
  );
  expect(JSON.stringify([...mail])).not.toContain(token);
  expect(JSON.stringify([...mail])).toContain('by 2026-03-01');
});

test('who received cannot ask, who gave cannot confirm, and a stranger learns nothing', async () => {
  const [erasure] = await erasures();
  expect(await request('another', RETAIL)).toMatchObject({ status: 403, body: { reason: 'no-policy' } });
  expect(await ask('confirm-erasure', TELCO, confirming(told(erasure!)))).toMatchObject({ status: 403 });
  for (const operation of ['request-erasure', 'list-erasures', 'confirm-erasure'] as const)
    expect(await ask(operation, '123123123123')).toMatchObject({ status: 403, body: { reason: 'unknown-caller' } });
  expect(await erasures()).toHaveLength(1);
});

describe('by the command line', () => {
  let api: ServedApi;

  beforeAll(async () => {
    api = await serveApi(room.local, NOW);
  });
  afterAll(async () => {
    await api.stop();
    rmSync(dirname(keyFile), { recursive: true });
  });

  const keyFile = join(mkdtempSync(join(tmpdir(), 'erasure-')), 'retail.pem');
  writeFileSync(keyFile, pemOf('retail'), { mode: 0o600 });
  const AGREEMENT_FILE = join(__dirname, '../../../examples/telco-retail/agreement.yaml');
  /** The server is in this process: it has to go on meanwhile. */
  const run = async (account: string, input: string, args: readonly string[], secret = PARTNER_SECRET) => {
    const credentials = { AWS_ACCESS_KEY_ID: `PARTNER${account}`, AWS_SECRET_ACCESS_KEY: secret };
    const child = spawn(
      process.execPath,
      ['--no-warnings', join(__dirname, '../../../bin/barter.js'), 'erase', AGREEMENT_FILE, '--room', api.url, ...args],
      { env: { ...process.env, ...credentials, AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true' } },
    );
    const said: Record<'out' | 'err', string> = { out: '', err: '' };
    child.stdout.on('data', (text: Buffer) => {
      said.out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      said.err += text.toString();
    });
    child.stdin.end(input);
    const status = await new Promise((resolve) => child.on('close', resolve));
    return { status, ...said };
  };

  test('a giver asks, lists and a receiver confirms', async () => {
    const asked = await run(TELCO, '+4915199999999\n', ['--dataset', 'usage']);
    expect(asked).toMatchObject({ status: 0 });
    const [, id = ''] = /^(erasure-usage-[0-9a-f]{16}) is on record\.$/m.exec(asked.out) ?? [];
    expect(asked.out).toMatch(new RegExp(`${id} of usage, leg ${USAGE}: to confirm by 2026-03-01: rounds ${DAY}`));
    expect((await run(TELCO, '+4915199999999\n', ['--dataset', 'usage'])).out).toContain(`${id} was on record already`);
    expect((await run(RETAIL, '', ['--list'])).out).toMatch(/token [0-9a-f]{32}/);
    expect(await run(RETAIL, '', ['--confirm', id, '--by', 'retail', '--key', keyFile])).toMatchObject({
      status: 0,
      out: 'retail has erased it.\n',
    });
    expect((await erasures()).find((each) => told(each) === id)?.receivers).toMatchObject([
      { confirmations: [{ releases: [DAY], at: expect.stringContaining(NOW.slice(0, 19)) }] },
    ]);
  });

  test.each<[string, string, string, readonly string[], string]>([
    ['as who receives', RETAIL, 'x', ['--dataset', 'usage'], 'Only the owner of a dataset'],
    ['of nobody', TELCO, '', ['--dataset', 'usage'], 'on standard input: one line'],
    ['with keys of this machine', TELCO, 'x', ['--dataset', 'usage', '--keys', '.'], '--keys is about this machine'],
    [
      'that is none',
      RETAIL,
      '',
      ['--confirm', 'erasure-x', '--by', 'retail', '--key', keyFile],
      'has no erasure-x that retail',
    ],
  ])('bad input: %s', async (_, account, input, args, problem) => {
    const { status, err } = await run(account, input, args);
    expect(err).toContain(problem);
    expect(status).toBe(2);
  });

  test('a signature that does not hold is refused before anything is looked at', async () => {
    const { status, err } = await run(TELCO, 'x', ['--dataset', 'usage'], 'of somebody else');
    expect(err).toContain('Ask with the role of your party');
    expect(status).toBe(2);
  });
});

test('asked for, broken off at any call, throttled or unanswered: it is on record once, and decided before', async () => {
  const known = new Set((await erasures()).map(({ id }) => id));
  const decided = (await decisions()).length;
  const added = async () => (await erasures()).filter(({ id }) => !known.has(id));
  let status = 0;
  const { end } = await tryFaults({
    name: 'an erasure asked for',
    rooms: [room.local],
    steps: [
      async () => {
        status = (await request('undisturbed')).status;
      },
    ],
    always: async () => {
      if ((await added()).length > 0) expect((await decisions()).length).toBeGreaterThan(decided);
    },
    look: async () => ({ status, added: (await added()).map(showRecord) }),
  });
  const record = {
    deadline: '2026-03-01',
    listedAt: NOW.slice(0, 10),
    releases: [DAY],
    confirmed: [],
    tokens: 1,
  };
  expect(end).toEqual({ status: 201, added: [record] });
}, 1_800_000);

test('confirmed, broken off at any call, throttled or unanswered: it is on record once, and decided before', async () => {
  await request('undisturbed');
  const [open] = (await erasures()).filter(({ receivers }) => receivers[0]?.confirmations.length === 0);
  const read = async () => (await room.registry.erasures(PAIR_AGREEMENT).read(open!.id))!;
  const decided = (await decisions()).length;
  let status = 0;
  const { end } = await tryFaults({
    name: 'an erasure confirmed',
    rooms: [room.local],
    steps: [
      async () => {
        status = (await confirm(told(open!))).status;
      },
    ],
    always: async () => {
      if (showRecord(await read()).confirmed.length > 0) expect((await decisions()).length).toBeGreaterThan(decided);
    },
    look: async () => ({ status, ...showRecord(await read()) }),
  });
  expect(end).toMatchObject({ status: 201, confirmed: [DAY], releases: [DAY] });
}, 1_800_000);

test('a day takes a hundred persons of a dataset: who asks for more is told to wait, and the operator is told', async () => {
  const { erasures: most } = DOOR_BOUNDS;
  const asked = Array.from({ length: most }, (_, at) => `erasure-usage-${at}`);
  const day = NOW.slice(0, 10);
  await room.registry.erasureDays(PAIR_AGREEMENT).change(['usage', day], (each) => ({ ...each, asked }));
  expect(await request('one more')).toMatchObject({ status: 429, body: { reason: 'too-many-today' } });
  const [kept] = await room.registry.erasureDays(PAIR_AGREEMENT).list();
  expect(kept?.toldAt).toContain(day);
});

test('a later release says how many were erased before, and a release that held them how many since', async () => {
  const [first] = await erasures();
  const known = (await room.registry.releases(PAIR_AGREEMENT).read(DAY, USAGE))!;
  const later = { ...known, round: '2026-03-01', taken: '2026-03-01T00:00:00Z', at: '2026-03-01T01:00:00Z' };
  await room.registry.releases(PAIR_AGREEMENT).create(later);
  for (const account of [TELCO, RETAIL]) {
    const { body } = await ask('list-releases', account);
    expect(API_CONTRACTS['list-releases'].answers['200']?.schema.safeParse(body)).toMatchObject({ success: true });
    const { releases } = body as { readonly releases: readonly Record<string, unknown>[] };
    const of = (round: string) => releases.find((each) => each.leg === USAGE && each.round === round);
    const persons = (await erasures()).length;
    expect(of(DAY)).toMatchObject({ erasedSince: persons });
    expect(of(DAY)).not.toHaveProperty('erasedBefore');
    expect(of(later.round)).toMatchObject({ erasedBefore: { persons, asked: NOW.slice(0, 10) } });
    expect(JSON.stringify(releases)).not.toContain(first!.receivers[0]!.tokens[0]);
  }
});

test('the identifier is nowhere on record', async () => {
  const { REGISTRY_TABLE: TableName } = room.local.environmentOf('start-erasure');
  const { Items = [] } = await new DynamoDBClient(room.local.clientConfig).send(new ScanCommand({ TableName }));
  expect(Items.length).toBeGreaterThan(10);
  expect(JSON.stringify(Items)).not.toMatch(/15112345678|15199999999|undisturbed/);
});

test('the function that has keys asked for no more than its role has, and has no more than it asked for', () => {
  const { calls } = room.local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
  const unused = listUnusedGrants(room.local, 'start-erasure');
  // DynamoDB asks for the first in the function's name; the rest is the runtime of Lambda.
  expect([...new Set(unused.map(({ action }) => action))].toSorted()).toEqual([
    'kms:Decrypt',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

function showRecord({ deadline, listedAt, receivers: [first] }: ErasureRecord) {
  const { releases, confirmations, tokens } = first!;
  const confirmed = confirmations.flatMap((each) => each.releases);
  // To the day: clocks of functions go on while they work, and may be wrong.
  const times = { deadline: deadline.slice(0, 10), listedAt: listedAt?.slice(0, 10) };
  return { ...times, releases, confirmed, tokens: tokens.length };
}
