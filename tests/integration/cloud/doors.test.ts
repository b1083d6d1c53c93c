import { createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import canonicalize from 'canonicalize';
import { writeStatement } from '../../../lib/domain/agreement/signature';
import { API_CONTRACTS } from '../../../lib/domain/enforcement/api/api-contracts';
import type { ApiOperation } from '../../../lib/domain/enforcement/api/api-operations';
import { NO_AGREEMENT } from '../../../lib/domain/enforcement/policies/describe-refusal';
import { ROOM_EVENTS } from '../../../lib/domain/enforcement/room-events';
import { breachOf } from '../../fixtures/conduct';
import { attestationOf, stateAs } from '../../fixtures/party-keys';
import { makeStoredRelease } from '../../fixtures/stored-release';
import { askRoom } from '../../local-cloud/ask-room';
import { callOnSchedule } from '../../local-cloud/call-on-schedule';
import { carryEvents } from '../../local-cloud/carry-events';
import { describeTrailEvent } from '../../local-cloud/describe-trail-event';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { ROOM_ACCOUNT } from '../../local-cloud/start-local-room';
import { tryFaults } from '../../local-cloud/try-faults';

/* What partners ask at the room's API, by the functions as deployed: decided, on record, and only then done. */

const LEG = { ...PLAN.legs[2]!, via: { kind: 'api' as const }, quota: { requests: 100 } };
const LEGS = [PLAN.legs[0]!, PLAN.legs[1]!, LEG];
const RECEIVER = PLAN.parties.find(({ id }) => id === LEG.to)!;
const { agreement: _, party: __, at: ___, ...ATTESTED } = attestationOf({ ...PLAN, legs: LEGS }, LEG.id, '');
const ARRIVED = { leg: LEG.id, round: DAY, sha256: 'c'.repeat(64) };
const NOW = `${DAY}T13:00:00.000Z`;
/** To a function time goes on. */
const JUST_NOW = expect.stringContaining(`${DAY}T13:00:`);

const BREACH = breachOf(PLAN, { report: 'wrong', party: LEG.from, leg: LEG.id, resolvedAt: `${DAY}T00:00:00Z` });

let room: RingRoom;
/** What functions tell the room, until a test has it delivered. */
const events = carryEvents(() => NOW);
let serial = 0;

beforeAll(async () => {
  const remedies = [...PLAN.remedies, { on: 'forbidden-access', do: 'throttle' } as const];
  room = await startRingRoom({ legs: LEGS, remedies }, events);
  await room.agree();
  await room.registry.breaches(AGREEMENT).create(BREACH);
  await room.reconcile();
  await room.publishFirst();
  await room.reconcile();
}, 300_000);

afterAll(() => room.local.stop());

interface Door {
  readonly operation: ApiOperation;
  readonly status: number;
  readonly body?: object;
  /** When it is asked; absent: always at once. */
  readonly now?: () => string;
  /** In which state of the agreement it is asked; active where absent. */
  readonly state?: 'active' | 'suspended' | 'ended';
  /** Ids of what it left on record. */
  readonly effects?: () => Promise<readonly string[]>;
  /** So that it can be asked for the first time again. */
  readonly undo?: () => Promise<unknown>;
}

const DOORS: readonly Door[] = [
  // First of all, while the ledger is not there yet.
  { operation: 'list-accesses', status: 200 },
  { operation: 'read-agreement', status: 200 },
  { operation: 'list-deliveries', status: 200 },
  { operation: 'list-releases', status: 200 },
  { operation: 'read-certificate', status: 200 },
  { operation: 'list-problems', status: 200 },
  {
    operation: 'report-problem',
    status: 201,
    body: { text: 'a column is empty', leg: LEG.id },
    // A day takes some of a party, and no more.
    now: () => laterBy(86_400_000),
    effects: async () => (await room.registry.problems(AGREEMENT).list()).map(({ id }) => id),
  },
  {
    operation: 'give-notice',
    status: 201,
    body: { reason: 'a better offer' },
    effects: async () => {
      const ending = (await room.registry.current(AGREEMENT).read())?.ending;
      return ending === undefined ? [] : [`${ending.by} ${ending.lastDay}`];
    },
    undo: () => room.registry.current(AGREEMENT).change([], ({ ending: _, ...current }) => current),
  },
  {
    operation: 'suspend-agreement',
    status: 201,
    body: { reason: 'a leak is looked into' },
    now: () => laterBy(1000),
    effects: () => listSteps('suspend'),
    undo: () => forgetPauses('active'),
  },
  {
    operation: 'resume-agreement',
    status: 201,
    body: { reason: 'it was none' },
    now: () => laterBy(1000),
    state: 'suspended',
    effects: () => listSteps('resume'),
    undo: () => forgetPauses('suspended'),
  },
  {
    operation: 'overrule-breach',
    status: 201,
    body: { breach: BREACH.report, reason: 'a new office' },
    effects: async () =>
      (await room.registry.breaches(AGREEMENT).list()).flatMap(({ report, overruled }) =>
        overruled === undefined ? [] : [`${report} ${overruled.by}`],
      ),
    undo: () => room.registry.breaches(AGREEMENT).change([BREACH.report], ({ overruled: _, ...breach }) => breach),
  },
  {
    operation: 'attest-destruction',
    status: 201,
    body: ATTESTED,
    state: 'ended',
    effects: async () =>
      (await room.registry.attestations(AGREEMENT).list()).map(({ leg, party }) => `${leg} ${party}`),
  },
  {
    operation: 'confirm-receipt',
    status: 201,
    body: {
      ...ARRIVED,
      ...stateAs(PLAN, RECEIVER.id, { purpose: 'confirm-receipt', ...ARRIVED }),
    },
    effects: async () =>
      (await room.registry.receipts(AGREEMENT).list()).map(({ leg, round, party }) => `${leg} ${round} ${party}`),
  },
  { operation: 'list-erasures', status: 200 },
  {
    operation: 'request-upload',
    status: 201,
    body: { dataset: 'usage', file: 'usage.csv', bytes: 4, sha256: 'a'.repeat(64) },
  },
  {
    operation: 'read-release',
    status: 200,
    effects: async () => (await room.registry.budgets(AGREEMENT).list()).map(({ requests }) => String(requests)),
  },
];

test.each(DOORS)('$operation answers as the document says, and its decision is on record', async (door) => {
  const id = nextId();
  await putInState(door);
  const { status, body } = await ask(door, id);
  expect(status).toBe(door.status);
  expect(API_CONTRACTS[door.operation].answers[String(status)]?.schema.safeParse(body)).toMatchObject({
    success: true,
  });
  expect(await decisionsOn(id)).toMatchObject([{ effect: 'permit', operation: door.operation, party: RECEIVER.id }]);
});

test.each(DOORS)('$operation tells a stranger nothing, and that is on record too', async (door) => {
  const id = nextId();
  expect(await ask(door, id, '123123123123')).toMatchObject({ status: 403, body: { reason: 'unknown-caller' } });
  const counted = (await room.registry.knocks(NO_AGREEMENT).list()).filter(({ reason }) => reason === 'unknown-caller');
  // Of each day on which one of the doors was tried.
  const networks = counted.flatMap((each) => each.networks.map(({ network }) => network));
  expect([...new Set(networks)]).toEqual(['123123123123']);
  expect(await decisionsOn(id, NO_AGREEMENT)).toEqual([]);
  expect(await decisionsOn(id)).toEqual([]);
});

test('a certificate is answered whole, as it was when it was put on record, and one that was changed to nobody', async () => {
  const s3 = new S3Client(room.local.clientConfig);
  const Bucket = room.local.environmentOf('decide').LAKE_BUCKET;
  const [certificate, ...more] = [...makeStoredRelease(PLAN, LEG, DAY).objects].filter(([key]) =>
    key.endsWith('.json'),
  );
  expect(more).toEqual([]);
  const [Key, text] = certificate!;
  const { body } = await ask(doorOf('read-certificate'), nextId());
  expect(body).toMatchObject({ round: DAY, leg: LEG.id, state: 'final', measured: JSON.parse(text) });
  expect(createHash('sha256').update(canonicalize(body.measured)!).digest('hex')).toBe(body.certificate);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: text.replace('"subjects":7', '"subjects":70') }));
  await expect(ask(doorOf('read-certificate'), nextId())).rejects.toThrow(/not the one on record/);
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  expect(await ask(doorOf('read-certificate'), nextId())).toEqual({ status: 404, body: { reason: 'no-longer-here' } });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: text }));
});

test('what is read by a link is on record as the doing of whom it was given to, and counted', async () => {
  const id = nextId();
  const { body } = await ask(doorOf('read-release'), id);
  const { LAKE_BUCKET: bucketName } = room.local.environmentOf('presign-download');
  const [file] = body.files as readonly { readonly url: string }[];
  const url = new URL(file!.url);
  expect(url.searchParams.get('X-Amz-Security-Token')).not.toBeNull();
  const key = decodeURIComponent(url.pathname).replace(`/${bucketName}/`, '').replace(/^\//, '');
  const bytes = { bytesTransferredOut: 4321 };
  useLink({ signer: 'PresignDownload', decision: id, operation: 'GetObject', bucketName, key, bytes });
  const later = `${DAY}T13:30:00.000Z`;
  await deliverTold(later);
  await callOnSchedule(room.local, 'watch-accesses', 'watch', later);
  expect((await room.registry.usage(AGREEMENT).read())?.days).toMatchObject([
    { party: RECEIVER.id, leg: LEG.id, day: DAY, requests: 1, bytes: 4321 },
  ]);
  expect((await room.registry.breaches(AGREEMENT).list()).map(({ report }) => report)).toEqual([BREACH.report]);
});

test('what is put by a link is in the ledger, and told as the doing of whom it was given to, with what decided', async () => {
  const id = nextId();
  const { body } = await ask(doorOf('request-upload'), id);
  const { LANDING_BUCKET: bucketName = '' } = room.local.environmentOf('presign-upload');
  const key = decodeURIComponent(new URL(String(body.url)).pathname)
    .replace(`/${bucketName}/`, '')
    .replace(/^\//, '');
  const bytes = { bytesTransferredIn: 4 };
  useLink({ signer: 'PresignUpload', decision: id, operation: 'PutObject', bucketName, key, bytes });
  const later = `${DAY}T13:45:00.000Z`;
  await deliverTold(later);
  const told = await ask({ ...doorOf('list-accesses'), now: () => later }, nextId());
  const given = PLAN.legs.find(({ dataset }) => dataset === 'usage')!;
  const [decision] = await decisionsOn(id);
  const [latest, ...earlier] = told.body.accesses as readonly object[];
  expect(latest).toMatchObject({
    ...{ party: RECEIVER.id, leg: given.id, dataset: 'usage', operation: 's3:PutObject', act: 'write' },
    ...{
      decision: 'permit',
      clause: decision!.clause,
      explained: 'attributed',
      resource: expect.stringContaining(key),
    },
    ...{ entry: earlier.length, leaf: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
}, 60_000);

/** As S3 tells by the trail what somebody did by a link; it comes to the ledger by the rules of the templates. */
function useLink(used: {
  /** The function that gave it. */
  readonly signer: 'PresignUpload' | 'PresignDownload';
  /** By which it was given. */
  readonly decision: string;
  readonly operation: 'GetObject' | 'PutObject';
  readonly bucketName: string | undefined;
  readonly key: string;
  readonly bytes: object;
}): void {
  const { signer, decision, operation, bucketName, key, bytes } = used;
  const role = `BarterRoomIntake-${signer}LinkRole-1A2B3C`;
  const arn = `arn:aws:sts::${ROOM_ACCOUNT}:assumed-role/${role}/${decision}@link`;
  events.put(
    ROOM_ACCOUNT,
    describeTrailEvent({
      ...{ service: 's3', operation, id: `${operation}-by-link`, time: `${DAY}T13:01:00Z` },
      identity: { type: 'AssumedRole', accountId: ROOM_ACCOUNT, arn },
      request: { bucketName, key },
      extra: { ...bytes, AuthenticationMethod: 'QueryString' },
      resources: [{ type: 'AWS::S3::Bucket', accountId: ROOM_ACCOUNT, ARN: `arn:aws:s3:::${bucketName}` }],
    }),
  );
}

test('whom a remedy throttles reads ten times in a period and no more, until the breach is overruled', async () => {
  const tell = (DetailType: string, said: object) => {
    const Detail = JSON.stringify({ agreement: AGREEMENT, report: 'strayed', ...said });
    events.put(ROOM_ACCOUNT, { Source: ROOM_EVENTS.source, DetailType, Detail, EventBusName: 'BarterRoom' });
    return deliverTold();
  };
  const read = () => ask(doorOf('read-release'), nextId());
  expect(await read()).toMatchObject({ status: 200 });
  const [budget] = await room.registry.budgets(AGREEMENT).list();
  const count = (requests: number) =>
    room.registry.budgets(AGREEMENT).change([LEG.id, budget!.period], (each) => ({ ...each, requests }));
  await tell(ROOM_EVENTS.breachReported, { breach: 'foreign-network', party: RECEIVER.id, leg: LEG.id });
  await count(9);
  expect(await read()).toMatchObject({ status: 200 });
  expect(await read()).toMatchObject({ status: 403, body: { reason: 'throttled' } });
  await tell(ROOM_EVENTS.breachOverruled, { by: 'operator', reason: 'a new office' });
  expect(await read()).toMatchObject({ status: 200 });
  await count(0);
}, 60_000);

test('beyond the quota nobody reads', async () => {
  const id = nextId();
  const [budget] = await room.registry.budgets(AGREEMENT).list();
  await room.registry.budgets(AGREEMENT).change([LEG.id, budget!.period], (each) => ({ ...each, requests: 100 }));
  const refused = await ask(doorOf('read-release'), id);
  expect(refused).toMatchObject({ status: 403, body: { reason: 'over-quota', clause: `legs.${LEG.id}.quota` } });
  await room.registry.budgets(AGREEMENT).change([LEG.id, budget!.period], (each) => ({ ...each, requests: 0 }));
});

test.each(DOORS)(
  '$operation broken off at any call, throttled or unanswered: nothing is done without its decision, and asking again does it',
  async (door) => {
    await putInState(door);
    await door.undo?.();
    const id = nextId();
    const known = new Set(await door.effects?.());
    const done = async () => ((await door.effects?.()) ?? []).filter((each) => !known.has(each));
    // What is used up of a quota is counted first: whoever gets no answer has asked all the same.
    const isCounted = door.operation === 'read-release';
    let status = 0;
    events.waiting.length = 0;
    const { end } = await tryFaults({
      name: `the door ${door.operation}`,
      rooms: [room.local],
      others: [events],
      steps: [
        async () => {
          status = (await ask(door, id)).status;
        },
      ],
      always: async () => {
        if ((await done()).length > 0 && !isCounted) expect(await decisionsOn(id)).not.toEqual([]);
      },
      look: async () => ({
        status,
        decisions: [...new Set((await decisionsOn(id)).map(({ effect, reason }) => `${effect}: ${reason}`))],
        done: isCounted ? [] : await done(),
        // What it tells the room may come twice.
        told: [...new Set(events.waiting.map(({ event }) => event['detail-type']))],
      }),
    });
    expect(end).toMatchObject({ status: door.status, decisions: ['permit: agreed'] });
    if (door.undo !== undefined) expect(end.done).toHaveLength(1);
  },
  1_800_000,
);

/** By the rules of the templates. */
async function deliverTold(now = NOW): Promise<void> {
  await events.deliver(now);
  expect(events.dead).toEqual([]);
}

test('a problem that a party reports is told to the other party of its leg, and to the room', async () => {
  const id = nextId();
  events.waiting.length = 0;
  expect(await ask({ ...doorOf('report-problem'), now: () => NOW }, id)).toMatchObject({ status: 201 });
  expect(events.waiting).toHaveLength(1);
  const { body } = await ask(
    doorOf('list-problems'),
    nextId(),
    PLAN.parties.find((each) => each.id === LEG.from)!.account,
  );
  expect(body.problems).toContainEqual({ id, by: RECEIVER.id, leg: LEG.id, text: 'a column is empty', at: JUST_NOW });
  await deliverTold();
  const letter = (await room.registry.letters(AGREEMENT).list()).find((each) => each.id === `problem:${id}`);
  expect(letter?.to).toEqual([`${LEG.from}:exchange`, `${LEG.from}:privacy`]);
}, 60_000);

test('a veto: what the giver suspends by the API is taken back, what others give to others is not, and nobody else lifts it', async () => {
  const giver = PLAN.parties.find((each) => each.id === LEG.from)!.account;
  const own = PLAN.legs.filter(({ from, to }) => [from, to].includes(LEG.from)).map(({ id }) => id);
  const state = async () => (await room.registry.current(AGREEMENT).read())?.state;
  const standings = async () =>
    (await room.registry.entitlements(AGREEMENT).list()).map(({ leg, state }) => ({ leg, state }));
  await forgetPauses('active');
  await room.reconcile(NOW);
  events.waiting.length = 0;
  const before = await standings();
  const withheld = before.map(({ leg, state }) => ({ leg, state: own.includes(leg) ? 'revoked' : state }));
  expect(before.filter(({ state }) => state === 'granted').length).toBeGreaterThan(0);
  expect(withheld).not.toEqual(before);
  expect(await ask(doorOf('suspend-agreement'), nextId(), giver)).toMatchObject({ status: 201 });
  await deliverTold();
  expect(await standings()).toEqual(withheld);
  expect(await ask(doorOf('read-release'), nextId())).toMatchObject({ status: 403, body: { reason: 'suspended' } });
  expect(await ask(doorOf('resume-agreement'), nextId())).toEqual({ status: 409, body: { reason: 'of-others' } });
  expect(await state()).toBe('suspended');
  expect(await ask(doorOf('resume-agreement'), nextId(), giver)).toMatchObject({ status: 201 });
  expect(await state()).toBe('active');
  await deliverTold();
  expect(await standings()).toEqual(before);
  await forgetPauses('active');
}, 60_000);

test('notice that a party gives by the API is told to the others and ends the agreement after its last day', async () => {
  events.waiting.length = 0;
  const { body } = await ask(doorOf('give-notice'), nextId());
  const { lastDay } = body.notice as { readonly lastDay: string };
  expect(events.waiting).toHaveLength(1);
  await deliverTold();
  expect((await room.registry.letters(AGREEMENT).list()).map(({ id }) => id)).toContain(`exit:notice:${lastDay}`);
  await room.reconcile(`${lastDay}T23:00:00.000Z`);
  expect((await room.registry.current(AGREEMENT).read())?.state).toBe('active');
  await room.reconcile(new Date(Date.parse(`${lastDay}T00:00:00Z`) + 86_400_000).toISOString());
  const current = await room.registry.current(AGREEMENT).read();
  expect(current).toMatchObject({ state: 'ended', ending: { by: RECEIVER.id } });
  expect(current?.history.at(-1)).toMatchObject({ act: 'end', reason: 'a better offer', clause: 'term.exit.notice' });
  expect((await room.registry.entitlements(AGREEMENT).list()).map(({ state }) => state)).not.toContain('granted');
}, 120_000);

test('parties sign by the API, each with its own key; the last signature brings the agreement into force', async () => {
  await room.local.reset();
  await room.local.deployCustomResources(`BarterAgreement-${AGREEMENT}`);
  const { content, version } = PLAN.agreement;
  const sign = (party: string, keys = generateKeyPairSync('ed25519')) => {
    const { account } = PLAN.parties.find(({ id }) => id === party)!;
    const statement = writeStatement({ agreement: AGREEMENT, version, content, party });
    const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const signature = signBytes(null, statement, keys.privateKey).toString('base64');
    const body = { version, content, algorithm: 'ed25519', publicKey, signature };
    return ask({ operation: 'sign-version', status: 201, body }, nextId(), account);
  };
  const [first, ...others] = PLAN.parties.map(({ id }) => id) as [string, ...string[]];
  expect(await sign(first)).toEqual({ status: 201, body: { decision: 'permit', unsigned: others } });
  expect(await sign(first)).toEqual({ status: 409, body: { reason: 'other-key' } });
  expect((await ask(doorOf('read-agreement'), nextId())).body.state).toBe('draft');
  const id = nextId();
  expect(await ask(doorOf('request-upload'), id)).toMatchObject({ status: 403, body: { reason: 'not-signed' } });
  expect(await decisionsOn(id)).toMatchObject([{ effect: 'forbid', policy: 'forbid:unsigned' }]);
  for (const party of others) await sign(party);
  const { body } = await ask(doorOf('read-agreement'), nextId());
  expect(body).toMatchObject({ state: 'signed', signedBy: expect.arrayContaining([first, ...others]) });
});

test('no function asked for more than its role has', () => {
  const { calls } = room.local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
});

function doorOf(operation: ApiOperation): Door {
  return DOORS.find((door) => door.operation === operation)!;
}

/** Each request later than the one before. */
function laterBy(step: number): string {
  return new Date(Date.parse(NOW) + serial * step).toISOString();
}

function nextId(): string {
  serial += 1;
  return `request-${serial}`;
}

function ask({ operation, body, now = () => NOW }: Door, id: string, account = RECEIVER.account) {
  const asked = { agreement: AGREEMENT, release: `${DAY}.${LEG.id}`, query: { purpose: LEG.purposes[0]! } };
  return askRoom(room.local, { ...asked, operation, account, id, body, now: now() });
}

async function decisionsOn(id: string, agreement = AGREEMENT) {
  return (await room.registry.decisions(agreement).list()).filter((decision) => decision.id === id);
}

async function listSteps(act: string): Promise<readonly string[]> {
  const { history = [] } = (await room.registry.current(AGREEMENT).read()) ?? {};
  return history.filter((step) => step.act === act).map(({ by }) => by);
}

/** As if nobody had said that the agreement stands still, or goes on. */
async function forgetPauses(state: 'active' | 'suspended'): Promise<void> {
  await room.registry.current(AGREEMENT).change([], (current) => ({
    ...current,
    state,
    history: current.history.filter(({ act }) => act !== 'suspend' && act !== 'resume'),
  }));
}

async function putInState({ state = 'active' }: Door): Promise<void> {
  await room.registry.current(AGREEMENT).change([], (current) => ({ ...current, state }));
}
