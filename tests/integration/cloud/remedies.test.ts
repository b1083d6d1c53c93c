import { ROOM_EVENTS } from '../../../lib/domain/enforcement/room-events';
import { callOnSchedule } from '../../local-cloud/call-on-schedule';
import { carryEvents } from '../../local-cloud/carry-events';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { ROOM_ACCOUNT } from '../../local-cloud/start-local-room';
import { tryFaults } from '../../local-cloud/try-faults';

/*
 * What remedies take of what was granted, and give again, by the functions as deployed and the events that they and the rules of
 * the templates make. Suspensions for an access are in breach.test.ts, throttling in doors.test.ts.
 */

const [BY_GRANT, BY_LAKE, BY_SFTP] = PLAN.legs as [(typeof PLAN.legs)[0], (typeof PLAN.legs)[0], (typeof PLAN.legs)[0]];
const SECOND = '2026-02-01';
const NOON = `${DAY}T12:00:00.000Z`;

let room: RingRoom;
let clock = NOON;
const events = carryEvents(() => clock);

beforeAll(async () => {
  const legs = PLAN.legs.map((leg) => ({ ...leg, every: 'P1M' }));
  const remedies = [
    { on: 'late-delivery', do: 'suspend-party' },
    { on: 'forbidden-access', do: 'revoke' },
    { on: 'resharing', do: 'terminate' },
  ] as const;
  room = await startRingRoom({ legs, remedies: [...remedies] }, events);
  await room.agree();
  await room.reconcile();
  await room.publishFirst();
  await room.reconcile();
  events.waiting.length = 0;
  for (const each of [room.local, events]) await each.remember();
}, 300_000);

afterAll(() => room.local.stop());

beforeEach(async () => {
  for (const each of [room.local, events]) await each.rewind();
});

const look = async (now: string) => {
  clock = now;
  await callOnSchedule(room.local, 'reconcile-entitlements', 'schedule', now);
};

/** Somebody tells the room of a breach; what follows from it goes on by events. */
async function report(breach: string, party: string, leg: string, now = NOON): Promise<void> {
  clock = now;
  const Detail = JSON.stringify({ agreement: AGREEMENT, breach, party, leg, report: `a-${breach}` });
  const DetailType = ROOM_EVENTS.breachReported;
  events.put(ROOM_ACCOUNT, { Source: ROOM_EVENTS.source, DetailType, Detail, EventBusName: 'BarterRoom' });
  await events.deliver(now);
  expect(events.dead).toEqual([]);
}

/** What each of the three reaches. */
async function reached() {
  const { grants, permissions, inbox } = await room.look();
  const revoked = [...room.local.exchange.state.revisions.values()].map(({ Revoked }) => Revoked === true);
  return { grants: grants.length, permissions: permissions.length, inbox: inbox.length > 0, revoked };
}
const ALL = { grants: 1, permissions: 1, inbox: true, revoked: [false] };

test('whoever delivers late loses what it was granted, others do not, and gets it again when its delivery has come', async () => {
  expect(await reached()).toEqual(ALL);
  for (const leg of [0, 1]) await room.deliver(leg, SECOND);
  await look('2026-02-01T23:50:00Z');
  expect(await reached()).toEqual(ALL);
  await look('2026-02-02T00:20:00Z');
  expect(await room.registry.breaches(AGREEMENT).list()).toMatchObject([
    { kind: 'late-delivery', party: BY_SFTP.from, leg: BY_SFTP.id, taken: [{ do: 'suspend-party' }] },
  ]);
  expect(BY_LAKE.to).toBe(BY_SFTP.from);
  expect(await reached()).toEqual({ ...ALL, permissions: 0 });
  await room.deliver(2, SECOND);
  for (const minute of ['00', '05', '10']) await room.publish(`2026-02-03T08:${minute}:00Z`);
  await look('2026-02-03T08:20:00Z');
  expect(await reached()).toEqual({ ...ALL, revoked: [false, false] });
  expect(await room.registry.breaches(AGREEMENT).list()).toMatchObject([{ resolvedAt: expect.any(String) }]);
}, 120_000);

test('a resharing ends the agreement at once, for all', async () => {
  await report('resharing', BY_GRANT.to, BY_GRANT.id);
  expect(await reached()).toMatchObject({ grants: 0, permissions: 0, inbox: false });
  const current = await room.registry.current(AGREEMENT).read();
  expect(current?.state).toBe('ended');
  expect(current?.history.at(-1)).toMatchObject({ act: 'end', clause: 'remedies[2]' });
}, 120_000);

test('a forbidden access takes back for good what it was of, and nothing else; broken off at any call, it ends as if it had not been', async () => {
  const { end } = await tryFaults({
    name: 'a remedy that revokes',
    rooms: [room.local],
    // What hears of a breach is broken off in breach.test.ts.
    ...{ callers: new Set(['reconcile-entitlements']), others: [events] },
    steps: [() => report('foreign-principal', BY_GRANT.to, BY_GRANT.id), () => room.reconcile(`${DAY}T15:00:00Z`)],
    look: async () => ({
      reached: await reached(),
      records: (await room.registry.entitlements(AGREEMENT).list()).map(
        ({ leg, state, reason }) => `${leg} ${state} ${reason}`,
      ),
      taken: (await room.registry.breaches(AGREEMENT).list()).map(({ taken }) => taken.map((each) => each.do)),
    }),
    apart: ['order'],
  });
  // Nobody is granted the data set any more: what it shows it shows to nobody.
  expect(end.reached).toEqual({ ...ALL, grants: 0 });
  expect(end.taken).toEqual([['revoke']]);
  expect(end.records).toContain(`${BY_GRANT.id} revoked withdrawn`);
}, 1_800_000);

test('when the next round is out, who lost a release is granted that round, and the revision of the lost one is revoked', async () => {
  await report('foreign-principal', BY_GRANT.to, BY_GRANT.id);
  for (const leg of [0, 1, 2]) await room.deliver(leg, SECOND);
  for (const minute of ['00', '05', '10']) await room.publish(`${SECOND}T08:${minute}:00Z`);
  await look(`${SECOND}T08:20:00Z`);
  expect(await reached()).toEqual({ ...ALL, revoked: [true, false] });
}, 120_000);

test('no function asked for more than its role has', () => {
  const { calls } = room.local.gateway;
  expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
});
