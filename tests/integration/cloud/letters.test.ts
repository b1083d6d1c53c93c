import { confirmErasure, planErasure } from '../../../lib/domain/exchange/erasure/plan-erasure';
import { attestationOf, confirmationOf } from '../../fixtures/party-keys';
import { DAY, PAIR_AGREEMENT, PAIR_PLAN, type PairRoom, PRODUCT, startPairRoom } from '../../local-cloud/pair-room';
import { tryFaults } from '../../local-cloud/try-faults';

/* What the room does by itself about time: it warns, finds, remedies, writes to the parties, ends, and asks for destruction. */

const [USAGE, PURCHASES] = PAIR_PLAN.legs.map(({ id }) => id) as [string, string];
const addressOf = (party: string, contact: 'exchange' | 'privacy') =>
  PAIR_PLAN.parties.find(({ id }) => id === party)!.contacts[contact];

let room: PairRoom;

beforeAll(async () => {
  room = await startPairRoom();
  await room.agree();
  await room.local.remember();
}, 300_000);

afterAll(() => room.local.stop());

const letters = async () => (await room.registry.letters(PAIR_AGREEMENT).list()).map(({ id }) => id);
const mailed = async () =>
  Object.fromEntries(
    [...(await room.mail.read())].map(([address, got]) => [address, got.map(({ subject }) => subject)]),
  );
const breachOf = async (kind: string) =>
  (await room.registry.breaches(PAIR_AGREEMENT).list()).filter((breach) => breach.kind === kind);

/** Version 2 waits for signatures; of each dataset it has a column less. */
async function proposeFewerColumns(): Promise<void> {
  const next = { ...PAIR_PLAN, agreement: { ...PAIR_PLAN.agreement, version: 2 } };
  const record = await room.registry.versions(PAIR_AGREEMENT).read(1);
  const datasets = next.datasets.map((each) => ({ ...each, columns: each.columns.slice(0, -1) }));
  const plan = { ...(record!.plan as object), ...next, datasets };
  await room.registry.versions(PAIR_AGREEMENT).create({ ...record!, version: 2, plan });
  await room.registry.current(PAIR_AGREEMENT).change([], (current) => ({ ...current, proposed: 2 }));
}

describe('a year', () => {
  test('on the day of a delivery its giver is told, and nobody else', async () => {
    await room.deliver(0);
    await room.reconcile(`${DAY}T12:30:00Z`);
    expect(await mailed()).toEqual({
      [addressOf('retail', 'exchange')]: ['telco-retail-2026: delivery of purchases is due today'],
    });
  });

  test('when it is overdue both sides are, with the remedy; told once', async () => {
    await room.reconcile('2026-01-02T00:05:00Z');
    const [late] = await breachOf('late-delivery');
    expect(late).toMatchObject({ party: 'retail', leg: PURCHASES, taken: [{ do: 'warn', party: 'retail' }] });
    const got = await mailed();
    expect(Object.keys(got).sort()).toEqual(
      ['telco', 'retail'].flatMap((party) => [addressOf(party, 'exchange'), addressOf(party, 'privacy')]).sort(),
    );
    await room.reconcile('2026-01-02T00:10:00Z');
    expect(await mailed()).toEqual({});
  });

  test('and again when it suspends', async () => {
    await room.reconcile('2026-01-05T00:05:00Z');
    const [late] = await breachOf('late-delivery');
    expect(late?.taken.map(({ do: measure }) => measure)).toEqual(['warn', 'suspend-counterpart']);
    expect((await mailed())[addressOf('retail', 'exchange')]).toEqual(['telco-retail-2026: late delivery']);
  });

  test('when it has come, that is over; the product gets its data set, in the time that it takes', async () => {
    await room.deliver(1);
    for (let times = 0; times < 3; times += 1) await room.publish('2026-01-06T08:00:00Z');
    const looked = () => room.reconcile('2026-01-06T09:00:00Z');
    await expect(looked()).rejects.toThrow('Not reconciled');
    await looked();
    const { DataSetId: set } = [...room.local.exchange.state.revisions.values()][0]!;
    expect([...room.local.market.products.get(PRODUCT)!]).toEqual([expect.stringContaining(set)]);
    const granted = await room.registry.entitlements(PAIR_AGREEMENT).list();
    expect(granted.map(({ leg, state }) => `${leg} ${state}`)).toEqual([`${PURCHASES} granted`, `${USAGE} granted`]);
    expect((await mailed())[addressOf('telco', 'exchange')]).toEqual(['telco-retail-2026: over: late delivery']);
  });

  test('whoever is granted the data set is told of other columns by it', async () => {
    await proposeFewerColumns();
    await room.reconcile('2026-02-01T00:05:00Z');
    expect(room.local.exchange.state.notifications).toEqual([
      expect.objectContaining({ type: 'SCHEMA_CHANGE', comment: expect.stringContaining('Version 2') }),
    ]);
    await room.reconcile('2026-02-01T01:05:00Z');
    expect(room.local.exchange.state.notifications).toHaveLength(1);
  });

  test('an erasure is asked for, and a breach when its month is over, until it is confirmed', async () => {
    const releases = await room.registry.releases(PAIR_AGREEMENT).list();
    const request = {
      dataset: 'usage',
      subject: 'ab'.repeat(32),
      tokens: {},
      at: '2026-03-01T00:00:00Z',
    };
    const planned = planErasure(PAIR_PLAN, { releases, earlier: [] }, request);
    await room.registry.erasures(PAIR_AGREEMENT).create(planned);
    await room.reconcile('2026-03-01T12:00:00Z');
    expect(await mailed()).toMatchObject({
      [addressOf('retail', 'privacy')]: ['telco-retail-2026: erase a person by 2026-04-01'],
    });
    await room.reconcile('2026-04-01T00:05:00Z');
    expect(await breachOf('overdue-destruction')).toMatchObject([{ party: 'retail', leg: USAGE }]);
    const days = releases.flatMap(({ leg, round }) => (leg === USAGE ? [round] : []));
    const confirmation = confirmationOf(PAIR_PLAN, USAGE, planned.id, days);
    const released = { releases, attestations: [], releaseAttestations: [] };
    await room.registry
      .erasures(PAIR_AGREEMENT)
      .change([planned.id], (erasure) =>
        confirmErasure(erasure, USAGE, confirmation, released, '2026-04-02T00:00:00Z'),
      );
    await room.reconcile('2026-04-02T00:05:00Z');
    expect(await breachOf('overdue-destruction')).toMatchObject([{ resolvedAt: '2026-04-02T00:00:00Z' }]);
    await mailed();
  });

  test('at the end the product’s revisions are revoked, and every receiver is asked to destroy and attest', async () => {
    await room.reconcile('2027-01-01T00:05:00Z');
    expect([...room.local.exchange.state.revisions.values()].map(({ Revoked }) => Revoked)).toEqual([true]);
    expect(await letters()).toEqual(expect.arrayContaining([`exit:destroy:${USAGE}`, `exit:destroy:${PURCHASES}`]));
    const got = await mailed();
    for (const party of ['telco', 'retail'])
      expect(got[addressOf(party, 'privacy')]).toEqual([expect.stringContaining('destroy what you received')]);
    await room.reconcile('2027-01-01T00:35:00Z');
    expect(await mailed()).toEqual({});
  });

  test('who does not attest in time is in breach; when all have, it is settled, and they are told what is owed', async () => {
    await room.reconcile('2027-03-01T00:05:00Z');
    const overdue = (await breachOf('overdue-destruction')).filter(({ report }) => report.startsWith('not-destroyed'));
    expect(overdue.map(({ party }) => party).sort()).toEqual(['retail', 'telco']);
    for (const { id: leg } of PAIR_PLAN.legs)
      await room.registry.attestations(PAIR_AGREEMENT).create(attestationOf(PAIR_PLAN, leg, '2027-03-02T00:00:00Z'));
    await mailed();
    await room.reconcile('2027-03-02T00:05:00Z');
    expect((await room.registry.current(PAIR_AGREEMENT).read())?.state).toBe('settled');
    expect((await breachOf('overdue-destruction')).every(({ resolvedAt }) => resolvedAt !== undefined)).toBe(true);
    const [settled] = (await room.mail.read())
      .get(addressOf('telco', 'privacy'))!
      .filter(({ subject }) => subject.endsWith('settled'));
    expect(settled?.text).toContain('telco gave 10.0 and got 20.0 in worth: it owes 10.0.');
  });

  test('no function asked for more than its role has', () => {
    const { calls } = room.local.gateway;
    expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
  });
});

test('broken off at any call, throttled or unanswered, the same is on record, every letter came, and nothing is left over', async () => {
  await room.local.rewind();
  await room.reconcile();
  for (const leg of [0, 1]) await room.deliver(leg);
  for (let times = 0; times < 3; times += 1) await room.publish();
  await proposeFewerColumns();
  await mailed();
  const { end, runs } = await tryFaults({
    name: 'from a round that is published to an agreement that has ended',
    rooms: [room.local],
    steps: ['2026-01-02T00:05:00Z', '2026-01-02T00:20:00Z', '2026-01-02T00:35:00Z', '2027-01-01T00:05:00Z'].map(
      (now) => () => room.reconcile(now),
    ),
    look: seeEnd,
    apart: ['order'],
  });
  expect(end).toMatchObject({ state: 'ended', shown: 0, products: [1] });
  expect(end.notifications).toEqual(['SCHEMA_CHANGE']);
  expect(end.letters).toEqual(expect.arrayContaining([`exit:destroy:${USAGE}`, `exit:destroy:${PURCHASES}`]));
  expect(runs).toBeGreaterThan(20);
}, 1_800_000);

test('the same of a delivery that is late: whoever is granted its data set is told by it, and again by letter when it has come', async () => {
  await room.local.rewind();
  await room.reconcile();
  await room.deliver(1);
  await mailed();
  const { end, calls } = await tryFaults({
    name: 'from a delivery that is late to the round that it held up',
    rooms: [room.local],
    steps: [
      () => room.reconcile('2026-01-02T00:05:00Z'),
      () => room.reconcile('2026-01-02T00:20:00Z'),
      async () => {
        if ((await room.registry.releases(PAIR_AGREEMENT).list()).length === 1) await room.deliver(0);
        await room.reconcile('2026-01-02T12:00:00Z');
      },
    ],
    look: async () => ({
      ...(await seeEnd()),
      breaches: (await breachOf('late-delivery')).map(({ leg, resolvedAt }) => [leg, resolvedAt !== undefined]),
    }),
    apart: ['order'],
  });
  expect(end).toMatchObject({ state: 'active', notifications: ['DATA_DELAY'], breaches: [[USAGE, true]] });
  expect(calls.map(({ operation }) => operation)).toContain('SendDataSetNotification');
}, 1_800_000);

async function seeEnd() {
  const entitlements = await room.registry.entitlements(PAIR_AGREEMENT).list();
  const { state, history } = (await room.registry.current(PAIR_AGREEMENT).read())!;
  const got = await mailed();
  const shown = [...room.local.exchange.state.revisions.values()].filter(
    ({ Finalized, Revoked }) => Finalized && !Revoked,
  );
  return {
    state,
    history: history.map(({ act, clause }) => `${act} ${clause}`),
    entitlements: entitlements.map(({ leg, state: now, reason, clause }) => `${leg} ${now} ${reason} ${clause}`),
    letters: await letters(),
    // A letter may come twice.
    mail: Object.fromEntries(
      Object.entries(got).map(([address, subjects]) => [address, [...new Set(subjects)].sort()]),
    ),
    shown: shown.length,
    // Each is known again by its token.
    notifications: room.local.exchange.state.notifications.map(({ type }) => type),
    products: [...room.local.market.products.values()].map(({ size }) => size),
  };
}
