import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ROOM_EVENTS } from '../../../lib/domain/enforcement/room-events';
import { callOnSchedule } from '../../local-cloud/call-on-schedule';
import { carryEvents } from '../../local-cloud/carry-events';
import { AT_HOME, describeDownload } from '../../local-cloud/describe-download';
import { fetchCheckpoint } from '../../local-cloud/outbox-checkpoint';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { ROOM_ACCOUNT } from '../../local-cloud/start-local-room';
import { tryFaults } from '../../local-cloud/try-faults';

/*
 * From an access to its remedy and back, by the functions as deployed, and by the events that they and the rules of the templates
 * make: a file is fetched from a network that was not agreed, the receiver is suspended, a person overrules it, the receiver gets
 * its files again.
 */

const LEG = PLAN.legs[2]!;
const PARTIES = PLAN.parties.map((party) => (party.id === LEG.to ? { ...party, ...AT_HOME } : party));
const CLAUSE = {
  id: '8.2',
  text: 'Who strays waits.',
  controls: ['remedy.forbidden-access'],
  legalOnly: false,
} as const;
const FILES = [`${DAY}/certificate.json`, `${DAY}/part-0.parquet`, `${DAY}/part-1.parquet`];

let room: RingRoom;
/** What time events are put at. */
let clock = `${DAY}T12:00:00.000Z`;
const events = carryEvents(() => clock);
let bucket: string;
let ledger: string;
let s3: S3Client;
/** Id of the room's SFTP server: of another's, nothing names a party. */
let server: string;
/** Every trial has a day of its own, so that each is a breach of its own. */
let day = 0;

beforeAll(async () => {
  const changed = {
    parties: PARTIES,
    // A second round is due in February.
    legs: PLAN.legs.map((leg) => ({ ...leg, every: 'P1M' })),
    remedies: [
      { on: 'forbidden-access', do: 'suspend-party' } as const,
      { on: 'failed-release', do: 'suspend-party' } as const,
    ],
    clauses: [...PLAN.clauses, { ...CLAUSE, controls: [...CLAUSE.controls] }],
  };
  room = await startRingRoom(changed, events);
  bucket = room.local.environmentOf('publish-round').LAKE_BUCKET ?? '';
  ledger = room.local.environmentOf('watch-accesses').LEDGER_BUCKET ?? '';
  s3 = new S3Client({ ...room.local.clientConfig, forcePathStyle: true });
  await room.agree();
  server = (await room.registry.current(AGREEMENT).read())?.provisioned.sftpServer ?? '';
  await room.reconcile();
  await room.publishFirst();
  await events.deliver();
  await room.reconcile();
}, 300_000);

afterAll(() => room.local.stop());

test('what is agreed and decided is no breach, and is counted once, however often it is told', async () => {
  const now = nextDay();
  const event = download(now, '198.51.100.7');
  for (let times = 0; times < 3; times += 1) await enter(event, now);
  await watch(at(now, '12:30'));
  await watch(at(now, '12:40'));
  expect(await room.registry.breaches(AGREEMENT).list()).toEqual([]);
  const usage = await room.registry.usage(AGREEMENT).read();
  expect(usage).toMatchObject({
    position: 1,
    days: [{ party: LEG.to, leg: LEG.id, day: now.slice(0, 10), requests: 1, bytes: 100 }],
  });
});

test('from another network: on record with its clause, suspended, overruled, resumed', async () => {
  const now = nextDay();
  const report = nameReport(now);
  await enter(download(now, '203.0.113.9'), now);
  await runBreach(now);
  expect(await room.registry.breaches(AGREEMENT).list()).toMatchObject([
    { report, kind: 'foreign-network', party: LEG.to, clause: '8.2', evidence: [`event-bus/download-${now}`] },
  ]);
  expect((await room.look()).inbox).toEqual([]);
  await runOverruling(now);
  expect((await room.look()).inbox).toEqual(FILES);
  const { overruled } = (await room.registry.breaches(AGREEMENT).read(report))!;
  expect(overruled).toEqual({ by: 'operator', reason: 'a new office', at: at(now, '13:00') });
});

test('suspended, nothing is granted to anybody; resumed, everything is again', async () => {
  const now = nextDay();
  const granted = async () => {
    const { grants, permissions, inbox } = await room.look();
    return { grants, permissions, inbox };
  };
  const before = await granted();
  const entitled = [...room.local.exchange.state.grants.values()].map(({ DataSetId }) => DataSetId);
  expect([before.grants.length, before.inbox]).toEqual([1, FILES]);
  await pause('agreementSuspended', at(now, '12:00'));
  expect(await granted()).toEqual({ grants: [], permissions: [], inbox: [] });
  const reasons = (await room.registry.entitlements(AGREEMENT).list()).map(({ state, reason }) => `${state} ${reason}`);
  expect(new Set(reasons)).toEqual(new Set(['revoked suspended']));
  await pause('agreementResumed', at(now, '13:00'));
  expect(await granted()).toEqual(before);
  // Exports name what a grant has made in the receiver's account, those of the former grant too.
  entitled.push(...[...room.local.exchange.state.grants.values()].map(({ DataSetId }) => DataSetId));
  const records = await room.registry.entitlements(AGREEMENT).list();
  expect(records.flatMap(({ dataSets = [] }) => dataSets)).toEqual(expect.arrayContaining(entitled));
  expect(new Set(entitled).size).toBe(2);
});

test.each([
  ['stands still', ['agreementSuspended'], 'suspended', []],
  ['stands still, and goes on', ['agreementSuspended', 'agreementResumed'], 'active', FILES],
] as const)(
  'the operator’s word that an agreement %s, broken off at any call of the function that hears it: it ends as if it had not been',
  async (what, acts, state, inbox) => {
    const now = nextDay();
    const { end } = await tryFaults({
      name: `the operator’s word: it ${what}`,
      rooms: [room.local],
      // What takes away and gives again is broken off in taking-away.test.ts.
      ...{ callers: new Set(['handle-breach']), others: [events] },
      steps: acts.map((act, index) => () => pause(act, at(now, `1${2 + index}:00`))),
      look: async () => {
        const current = await room.registry.current(AGREEMENT).read();
        const history = current?.history.filter(({ at: when }) => when.startsWith(now.slice(0, 10))) ?? [];
        const { grants, permissions, inbox: files } = await room.look();
        return {
          state: current?.state,
          acts: history.map(({ act, by, reason }) => `${act} ${by}: ${reason}`),
          reached: [grants.length, permissions.length],
          inbox: files,
          dead: events.dead.length,
        };
      },
      apart: ['order'],
    });
    const words = ['suspend operator: a leak is looked into', 'resume operator: a leak is looked into'];
    const reached = inbox.length > 0 ? [1, 1] : [0, 0];
    expect(end).toEqual({ state, acts: words.slice(0, acts.length), reached, inbox, dead: 0 });
    if (state === 'suspended') await pause('agreementResumed', at(now, '18:00'));
  },
  1_800_000,
);

test('where nothing is new, looking costs two reads and no write', async () => {
  const now = nextDay();
  await watch(now);
  const before = room.local.gateway.calls.length;
  await watch(now);
  expect(room.local.gateway.calls.slice(before).map(({ operation }) => operation)).toEqual(['GetObject', 'GetItem']);
});

test('events in the wrong order, twice, by clocks that differ: the end is the same', async () => {
  const now = nextDay();
  const first = download(now, '203.0.113.9');
  const second = { ...first, id: `again-${now}`, detail: { ...first.detail, 'session-id': 'another' } };
  for (const [event, clock] of [
    [second, '12:10'],
    [first, '11:55'],
    [second, '11:50'],
    [first, '12:20'],
  ] as const)
    await enter(event, at(now, clock));
  await watch(at(now, '12:05'));
  await watch(at(now, '11:58'));
  expect(listTold()).toEqual([ROOM_EVENTS.breachReported]);
  events.waiting.push(...events.waiting);
  await events.deliver(at(now, '12:06'));
  expect(await outcome(now)).toEqual({ breaches: [`${nameReport(now)} 8.2`], inbox: [], requests: 0 });
  await runOverruling(now);
  await watch(at(now, '18:00'));
  expect(await outcome(now)).toEqual({ breaches: [`${nameReport(now)} 8.2`], inbox: FILES, requests: 2 });
});

test.each([
  ['from a breach to its remedy', stepsOfBreach, [] as readonly string[], false],
  ['from an overruling to what is granted again', stepsOfOverruling, FILES, true],
])(
  '%s, broken off at any call, throttled or unanswered: it ends as if it had not been',
  async (name, stepsOf, inbox, isAfter) => {
    const now = nextDay();
    const record = () => enter(download(now, '203.0.113.9'), now);
    if (isAfter) await record();
    if (isAfter) await runBreach(now);
    const { end, runs } = await tryFaults({
      name,
      rooms: [room.local],
      others: [events],
      steps: [
        ...(isAfter ? [] : [record]),
        ...stepsOf(now),
        // When all accesses of the day are told of: none is lost, none is counted twice.
        () => watch(at(now, '18:00')),
        () => room.reconcile(at(now, '18:10')),
      ],
      look: () => outcome(now),
    });
    expect(end).toEqual({ breaches: [`${nameReport(now)} 8.2`], inbox, requests: 1 });
    expect(runs).toBeGreaterThan(8);
  },
  3_600_000,
);

test('a delivery that cannot be certified, broken off at any call: refused, a breach, and its giver suspended', async () => {
  const now = '2026-02-01T12:00:00.000Z';
  const { dataset, from, id } = LEG;
  const run = 'february_csv-0';
  const problems = ['gate cleaning: 9 of 10 rows were rejected'];
  const delivery = `${AGREEMENT}/${dataset}/upload/february.csv`;
  const { end } = await tryFaults({
    name: 'a failed release',
    rooms: [room.local],
    others: [events],
    steps: [
      () => tellRoom(ROOM_EVENTS.deliveryWithheld, { delivery, run, error: 'GateNotPassed', problems }, now),
      () => room.reconcile(at(now, '12:10')),
    ],
    look: async () => ({
      refusals: await room.registry.refusals(AGREEMENT).list(),
      breaches: (await room.registry.breaches(AGREEMENT).list())
        .filter(({ kind }) => kind === 'failed-release')
        .map(({ report, party, since, taken }) => [report, party, since, taken.map((each) => each.do)]),
      suspended: (await room.registry.entitlements(AGREEMENT).list())
        // Who strayed in the tests before is suspended still.
        .filter(({ reason, party }) => reason === 'party-suspended' && party === from)
        .map(({ leg }) => leg),
      letters: (await room.registry.letters(AGREEMENT).list())
        .map((letter) => letter.id)
        // By a clock that is slow nothing follows yet, which is told as well.
        .filter((letter) => letter.includes(run) || letter === `breach:failed:${id}:2026-02-01:1`),
    }),
  });
  const report = `failed:${id}:2026-02-01`;
  expect(end).toEqual({
    refusals: [expect.objectContaining({ id: run, dataset, file: 'february.csv', error: 'GateNotPassed', problems })],
    breaches: [[report, from, now, ['suspend-party']]],
    suspended: PLAN.legs.filter(({ to }) => to === from).map((leg) => leg.id),
    letters: [expect.stringContaining(report), expect.stringContaining(run)],
  });
}, 3_600_000);

test('as a month begins, and when a party’s accesses are counted, each party finds the signed checkpoint in its outbox', async () => {
  const now = '2026-03-02T12:00:00.000Z';
  await enter(download(now, '198.51.100.7'), now);
  const begun = await newestSize();
  // Too early for anything to be counted: what is shown is shown because the month begins.
  await watch(at(now, '12:05'));
  await findCheckpoints(begun);
  await enter(download(at(now, '12:06'), '198.51.100.7'), at(now, '12:06'));
  const counted = await newestSize();
  expect(counted).toBeGreaterThan(begun);
  await watch(at(now, '12:30'));
  await findCheckpoints(counted);
});

test('no function asked for more than its role has', () => {
  const { calls } = room.local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
});

/** Entries of the ledger, by the newest of the signed checkpoints beside it. */
async function newestSize(): Promise<number> {
  const Prefix = 'ledger/checkpoints/';
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: ledger, Prefix }));
  return Math.max(...Contents.map(({ Key = '' }) => Number(Key.slice(Prefix.length))));
}

/** In the outboxes of all parties; whatever lies there is signed by the key beside it. */
async function findCheckpoints(size: number): Promise<void> {
  for (const { id: party } of PARTIES) {
    const { checkpoint } = await fetchCheckpoint(s3, { bucket: ledger, agreement: AGREEMENT, party }, size);
    expect({ party, size: checkpoint?.size }).toEqual({ party, size });
  }
}

/** Noon of the next day. */
function nextDay(): string {
  day += 1;
  return new Date(Date.UTC(2026, 0, 1 + day, 12)).toISOString();
}

function at(now: string, time: string): string {
  return `${now.slice(0, 10)}T${time}:00.000Z`;
}

function nameReport(now: string): string {
  return `foreign-network:${LEG.to}:${LEG.id}:${now.slice(0, 10)}`;
}

function download(time: string, ip: string) {
  return describeDownload({ bucket, agreement: AGREEMENT, leg: LEG, day: DAY, time, ip, server });
}

/** By its schedule; as Lambda does it where nobody waits. */
async function watch(now: string): Promise<void> {
  clock = now;
  const work = () => callOnSchedule(room.local, 'watch-accesses', 'watch', now);
  await work().catch(work);
}

/** As the service tells it, on the account's own bus. */
async function enter(event: ReturnType<typeof download>, now: string): Promise<void> {
  const told = { version: '0', resources: [], ...event } as const;
  events.waiting.push({ account: ROOM_ACCOUNT, bus: 'default', event: told });
  await events.deliver(now);
  if (events.dead.length > 0) throw new Error(`Nobody could take ${JSON.stringify(events.dead)}`);
}

/** What is on its way. */
const listTold = () => events.waiting.map(({ event }) => event['detail-type']);

/** As the operator does it by the runbook, on the room's bus. */
async function tellRoom(DetailType: string, said: object, now: string): Promise<void> {
  clock = now;
  const Detail = JSON.stringify({ agreement: AGREEMENT, by: 'operator', ...said });
  events.put(ROOM_ACCOUNT, { Source: ROOM_EVENTS.source, DetailType, Detail, EventBusName: 'BarterRoom' });
  await events.deliver(now);
}

/** What was found is told on the room's bus, by which it is put on record, and then acted upon. */
function stepsOfBreach(now: string): readonly (() => Promise<unknown>)[] {
  return [() => watch(at(now, '12:01')), () => events.deliver(at(now, '12:02'))];
}

async function runBreach(now: string): Promise<void> {
  for (const step of stepsOfBreach(now)) await step();
}

function stepsOfOverruling(now: string): readonly (() => Promise<unknown>)[] {
  const said = { report: nameReport(now), reason: 'a new office' };
  return [() => tellRoom(ROOM_EVENTS.breachOverruled, said, at(now, '13:00'))];
}

async function runOverruling(now: string): Promise<void> {
  for (const step of stepsOfOverruling(now)) await step();
}

async function pause(act: 'agreementSuspended' | 'agreementResumed', now: string): Promise<void> {
  await tellRoom(ROOM_EVENTS[act], { reason: 'a leak is looked into' }, now);
}

async function outcome(now: string) {
  const breaches = (await room.registry.breaches(AGREEMENT).list()).filter(({ since }) =>
    since.startsWith(now.slice(0, 10)),
  );
  const { inbox } = await room.look();
  const usage = await room.registry.usage(AGREEMENT).read();
  const requests = usage?.days.find((each) => each.day === now.slice(0, 10))?.requests ?? 0;
  return { breaches: breaches.map(({ report, clause }) => `${report} ${clause}`), inbox, requests };
}
