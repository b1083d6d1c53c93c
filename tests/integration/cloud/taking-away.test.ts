import { stateAs } from '../../fixtures/party-keys';
import { signatureOf } from '../../fixtures/registered';
import { askRoom } from '../../local-cloud/ask-room';
import { callOnSchedule } from '../../local-cloud/call-on-schedule';
import { carryEvents } from '../../local-cloud/carry-events';
import {
  amend,
  drawAnew,
  EVERYTHING,
  LEGS,
  listRecords,
  NOTHING,
  prepare,
  propose,
  publish,
} from '../../local-cloud/ring-flows';
import { AGREEMENT, DAY, PLAN, type RingRoom, startRingRoom } from '../../local-cloud/ring-room';
import { tryFaults } from '../../local-cloud/try-faults';

/* What each may reach by its way of delivery is taken away, and some of it given again, by the functions as deployed. */

/** Nothing is reached, and what was shown once is final all the same. */
const TAKEN = { ...EVERYTHING, grants: [], permissions: [], filter: NOTHING.filter, inbox: [] };
const [BY_GRANT, BY_LAKE] = PLAN.legs.map(({ id }) => id) as [string, string];

let room: RingRoom;
/** What functions tell the room, until a test has it delivered. */
const events = carryEvents(() => LATER);

beforeAll(async () => {
  room = await startRingRoom({ legs: LEGS }, events);
}, 300_000);

afterAll(() => room.local.stop());

const look = (now?: string) => callOnSchedule(room.local, 'reconcile-entitlements', 'schedule', now);

/* Clocks of functions go wrong by minutes: what is to come later comes hours later. */
const [LATER, LAST] = [`${DAY}T15:00:00Z`, `${DAY}T18:00:00Z`];

/** The operator's word. */
async function put(state: 'active' | 'suspended', now: string): Promise<unknown> {
  await room.registry
    .current(AGREEMENT)
    .change([], (current) => (current.state === state ? undefined : { ...current, state }));
  return look(now);
}

async function publishWhole(): Promise<void> {
  await prepare(room);
  await room.reconcile();
  await publish(room);
  await room.reconcile();
  expect(await room.look()).toEqual(EVERYTHING);
}

/** A release is no more what was certified, before anything of its round is out, or when a part of it is. */
async function spoil(isOut: boolean): Promise<void> {
  const { registry } = room;
  await prepare(room);
  await room.reconcile();
  if (isOut) {
    await publish(room);
    await registry.rounds(AGREEMENT).change([DAY], (round) => ({ ...round, state: 'publishing' }));
    await registry.releases(AGREEMENT).change([DAY, BY_LAKE], (release) => ({ ...release, state: 'revoked' }));
  } else
    await registry.releases(AGREEMENT).change([DAY, BY_LAKE], (release) => ({ ...release, sha256: 'f'.repeat(64) }));
}

const again = (times: number, step: () => Promise<unknown>) => Array.from({ length: times }, () => step);

interface Flow {
  readonly before: () => Promise<unknown>;
  readonly steps: readonly (() => Promise<unknown>)[];
  readonly seen: typeof EVERYTHING;
  /** The last decision on each leg; absent: nothing was ever to be given. */
  readonly effect?: 'permit' | 'forbid';
}

const FLOWS: Readonly<Record<string, Flow>> = {
  'the term ends': {
    before: publishWhole,
    steps: [() => look('2027-01-01T00:05:00Z'), () => room.reconcile('2027-01-01T00:20:00Z')],
    ...{ seen: TAKEN, effect: 'forbid' },
  },
  'an agreement is suspended': {
    before: publishWhole,
    steps: [() => put('suspended', LATER), () => room.reconcile(LAST)],
    ...{ seen: TAKEN, effect: 'forbid' },
  },
  'it is suspended and resumed': {
    before: publishWhole,
    steps: [() => put('suspended', LATER), () => put('active', LAST), () => room.reconcile(LAST)],
    ...{ seen: EVERYTHING, effect: 'permit' },
  },
  'a round that cannot go out is withheld': {
    before: () => spoil(false),
    steps: [...again(3, () => room.publish()), () => look(), () => room.reconcile()],
    seen: { ...NOTHING, round: 'withheld' },
  },
  'a round that has begun to go out is taken back': {
    before: () => spoil(true),
    steps: [...again(3, () => room.publish()), () => look(), () => room.reconcile()],
    seen: { ...NOTHING, round: 'withheld', revisions: ['final'] },
  },
};

async function lookAtAll() {
  const { registry } = room;
  const standing = await registry.standing(AGREEMENT).list();
  return {
    seen: await room.look(),
    records: await listRecords(room),
    drifts: (await registry.drifts(AGREEMENT).list()).map(({ leg, did, reason }) => `${leg} ${did}: ${reason}`),
    decided: [...new Map(standing.map(({ leg, effect, reason }) => [leg, `${effect} ${reason}`]))].sort(),
    state: (await registry.current(AGREEMENT).read())?.state,
    closures: (await registry.closures(AGREEMENT).list()).map(({ state }) => state),
  };
}

test.each(Object.entries(FLOWS))(
  'broken off at any call, it ends as if it had not been: %s',
  async (name, { before, steps, seen, effect }) => {
    await before();
    const { end } = await tryFaults({ name, rooms: [room.local], steps, look: lookAtAll, apart: ['order'] });
    expect(end.seen).toEqual(seen);
    expect(end.drifts).toEqual([]);
    expect(end.decided.map(([, said]) => said.split(' ')[0])).toEqual(
      effect === undefined ? [] : PLAN.legs.map(() => effect),
    );
  },
  1_800_000,
);

test('broken off at any call, a role that an amendment closes is closed, and opened when it is drawn anew', async () => {
  await publishWhole();
  await amend(room, LEGS.slice(0, 2));
  const drawn = async () => {
    await drawAnew(room);
    return look(LAST);
  };
  const steps = [() => look(LATER), () => room.reconcile(LATER), drawn, () => room.reconcile(LAST)];
  const { end } = await tryFaults({
    name: 'a role is closed',
    rooms: [room.local],
    steps,
    look: lookAtAll,
    apart: ['order'],
  });
  expect(end.seen).toEqual({ ...EVERYTHING, inbox: [] });
  expect([end.closures, end.drifts]).toEqual([['open'], []]);
}, 1_800_000);

test('broken off at any call, what somebody took away by hand is put back, and told once', async () => {
  await publishWhole();
  const { grants } = room.local.exchange.state;
  const steps = [() => look(LATER), () => room.reconcile(LAST)];
  grants.clear();
  const { end } = await tryFaults({ name: 'put back', rooms: [room.local], steps, look: lookAtAll, apart: ['order'] });
  expect(end.seen).toEqual(EVERYTHING);
  expect(end.drifts).toEqual([`${BY_GRANT} removed: agreed`]);
}, 1_800_000);

describe('a party’s word by the API takes at once what it takes away, and no schedule is called', () => {
  /** Asks as a party does; what that tells the room comes by the rules of the templates. */
  async function say(operation: 'sign-version' | 'attest-destruction', party: string, body: object): Promise<void> {
    const { account } = PLAN.parties.find(({ id }) => id === party)!;
    const asked = { operation, agreement: AGREEMENT, account, id: `${operation}-${party}`, now: LATER };
    expect(await askRoom(room.local, { ...asked, body })).toMatchObject({ status: 201 });
    await events.deliver();
    expect(events.dead).toEqual([]);
  }

  test('the last signature of a version that leaves legs out, and an attestation', async () => {
    await publishWhole();
    events.waiting.length = 0;
    const next = await propose(room, LEGS.slice(2));
    const [last, ...first] = PLAN.parties.map(({ id }) => id).toReversed() as [string, ...string[]];
    const sign = (party: string) => {
      const { agreement: _, party: __, at: ___, ...body } = signatureOf(next, party);
      return say('sign-version', party, body);
    };
    for (const party of first) await sign(party);
    expect(await room.look()).toEqual(EVERYTHING);
    await sign(last);
    expect(await room.look()).toEqual({ ...EVERYTHING, grants: [], permissions: [] });
    const { id: leg, to } = LEGS[2]!;
    const said = { leg, by: 'A. Keeper', statement: 'shredded', releases: [DAY] };
    await say('attest-destruction', to, { ...said, ...stateAs(next, to, { purpose: 'attest-destruction', ...said }) });
    expect(await room.look()).toEqual({ ...EVERYTHING, grants: [], permissions: [], inbox: [] });
  }, 120_000);
});
