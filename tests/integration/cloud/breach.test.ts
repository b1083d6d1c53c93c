import { describeDownload } from '../../local-cloud/describe-download';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { ROOM_ACCOUNT } from '../../local-cloud/start-local-room';
import { takeQueued } from '../../local-cloud/take-queued';
import { tryFaults } from '../../local-cloud/try-faults';

/*
 * From an access to its remedy and back, by the functions as deployed: a file is fetched from a network that was not agreed,
 * the receiver is suspended, a person overrules it, the receiver gets its files again.
 */

const LEG = PLAN.legs[2]!;
const PARTIES = PLAN.parties.map((party) =>
  party.id === LEG.to ? { ...party, networks: ['198.51.100.0/24'] } : party,
);
const CLAUSE = {
  id: '8.2',
  text: 'Who strays waits.',
  controls: ['remedy.forbidden-access'],
  legalOnly: false,
} as const;
const FILES = [`${DAY}/certificate.json`, `${DAY}/part-0.parquet`, `${DAY}/part-1.parquet`];

let room: RingRoom;
let bucket: string;
/** Every trial has a day of its own, so that each is a breach of its own. */
let day = 0;

beforeAll(async () => {
  room = await startRingRoom({
    parties: PARTIES,
    remedies: [{ on: 'forbidden-access', do: 'suspend-party' }],
    clauses: [...PLAN.clauses, { ...CLAUSE, controls: [...CLAUSE.controls] }],
  });
  bucket = room.local.environmentOf('publish-round').LAKE_BUCKET ?? '';
  await room.agree();
  await room.reconcile();
  for (const leg of [0, 1, 2]) await room.deliver(leg);
  for (let calls = 0; calls < 3; calls += 1) await room.publish();
  await room.reconcile();
}, 300_000);

afterAll(() => room.local.stop());

test('what is agreed and decided is no breach, and is counted once, however often it is told', async () => {
  const now = nextDay();
  const event = download(now, '198.51.100.7');
  for (let times = 0; times < 3; times += 1) await enter(event, now);
  await invoke('watch-accesses', {}, at(now, '12:30'));
  await invoke('watch-accesses', {}, at(now, '12:40'));
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
  await pause('Suspended', at(now, '12:00'));
  expect(await granted()).toEqual({ grants: [], permissions: [], inbox: [] });
  const reasons = (await room.registry.entitlements(AGREEMENT).list()).map(({ state, reason }) => `${state} ${reason}`);
  expect(new Set(reasons)).toEqual(new Set(['revoked suspended']));
  await pause('Resumed', at(now, '13:00'));
  expect(await granted()).toEqual(before);
  // Exports name what a grant has made in the receiver's account, those of the former grant too.
  entitled.push(...[...room.local.exchange.state.grants.values()].map(({ DataSetId }) => DataSetId));
  const records = await room.registry.entitlements(AGREEMENT).list();
  expect(records.flatMap(({ dataSets = [] }) => dataSets)).toEqual(expect.arrayContaining(entitled));
  expect(new Set(entitled).size).toBe(2);
});

test('where nothing is new, looking costs two reads and no write', async () => {
  const now = nextDay();
  await invoke('watch-accesses', {}, now);
  const before = room.local.gateway.calls.length;
  await invoke('watch-accesses', {}, now);
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
  await invoke('watch-accesses', {}, at(now, '12:05'));
  await invoke('watch-accesses', {}, at(now, '11:58'));
  await tellRoom(now);
  await tellRoom(now);
  await room.reconcile(at(now, '12:06'));
  expect(await outcome(now)).toEqual({ breaches: [`${nameReport(now)} 8.2`], inbox: [], requests: 0 });
  await runOverruling(now);
  await invoke('watch-accesses', {}, at(now, '18:00'));
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
      steps: [
        ...(isAfter ? [] : [record]),
        ...stepsOf(now),
        // When all accesses of the day are told of: none is lost, none is counted twice.
        () => invoke('watch-accesses', {}, at(now, '18:00')),
        () => room.reconcile(at(now, '18:10')),
      ],
      look: () => outcome(now),
    });
    expect(end).toEqual({ breaches: [`${nameReport(now)} 8.2`], inbox, requests: 1 });
    expect(runs).toBeGreaterThan(8);
  },
  3_600_000,
);

test('no function asked for more than its role has', () => {
  const { calls } = room.local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
});

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
  return describeDownload({ bucket, agreement: AGREEMENT, leg: LEG, day: DAY, time, ip });
}

async function invoke(handler: string, event: unknown, now: string): Promise<void> {
  const work = () => room.local.functionOf(handler).invoke(event, now);
  // As Lambda does it where nobody waits.
  await work().catch(work);
}

/** As SQS gives again what was not entered. */
async function enter(event: unknown, now: string): Promise<void> {
  const work = () => takeQueued(room.local.functionOf('record-access'), [event], now);
  await work().catch(work);
}

/** What the room's bus passes on of a breach. */
async function tellRoom(now: string): Promise<void> {
  const detail = {
    agreement: AGREEMENT,
    breach: 'foreign-network',
    party: LEG.to,
    leg: LEG.id,
    report: nameReport(now),
  };
  const event = { id: `told-${now}`, time: now, source: 'barter.room', 'detail-type': 'Breach Reported', detail };
  await invoke('handle-breach', event, now);
}

function stepsOfBreach(now: string): readonly (() => Promise<unknown>)[] {
  return [
    () => invoke('watch-accesses', {}, at(now, '12:01')),
    () => tellRoom(now),
    () => room.reconcile(at(now, '12:02')),
  ];
}

async function runBreach(now: string): Promise<void> {
  for (const step of stepsOfBreach(now)) await step();
}

function stepsOfOverruling(now: string): readonly (() => Promise<unknown>)[] {
  const detail = { agreement: AGREEMENT, report: nameReport(now), by: 'operator', reason: 'a new office' };
  const time = at(now, '13:00');
  const event = {
    id: `overruled-${now}`,
    time,
    account: ROOM_ACCOUNT,
    source: 'barter.room',
    'detail-type': 'Breach Overruled',
    detail,
  };
  return [() => invoke('handle-breach', event, time), () => room.reconcile(at(now, '13:01'))];
}

async function runOverruling(now: string): Promise<void> {
  for (const step of stepsOfOverruling(now)) await step();
}

async function pause(act: 'Suspended' | 'Resumed', time: string): Promise<void> {
  const detail = { agreement: AGREEMENT, by: 'operator', reason: 'a leak is looked into' };
  const told = { id: `${act}-${time}`, time, account: ROOM_ACCOUNT, source: 'barter.room', detail };
  await invoke('handle-breach', { ...told, 'detail-type': `Agreement ${act}` }, time);
  await room.reconcile(time);
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
