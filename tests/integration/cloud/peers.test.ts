import {
  AcceptDataGrantCommand,
  DataExchangeClient,
  ListReceivedDataGrantsCommand,
} from '@aws-sdk/client-dataexchange';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { overruleBreach } from '../../../lib/domain/enforcement/breaches/overrule-breach';
import { recordBreach } from '../../../lib/domain/enforcement/breaches/record-breach';
import { PEER_EVENTS } from '../../../lib/domain/enforcement/room-events';
import { writeCommitment } from '../../../lib/domain/exchange/peers/commitment';
import { readPeerEvent } from '../../../lib/domain/exchange/peers/read-peer-event';
import { CERTIFICATE } from '../../../lib/domain/privacy/certificate/hash-files';
import type { Commitment } from '../../../lib/domain/registry/round-records';
import { namePartnerBus } from '../../../lib/domain/room/room-names';
import { makeStoredRelease } from '../../fixtures/stored-release';
import {
  DAY,
  PEER_AGREEMENT,
  PEER_PLAN,
  type PeerRoom,
  type PeerRooms,
  startPeerRooms,
  UNEVEN_AGREEMENT,
} from '../../local-cloud/peer-rooms';
import { tryFaults } from '../../local-cloud/try-faults';

/* Rooms in accounts of their own, each with its own functions, roles, key and buses, keep one escrow by what they sign. */

const [USAGE, PURCHASES] = PEER_PLAN.legs.map(({ id }) => id) as [string, string];
const ACCOUNTS = Object.fromEntries(PEER_PLAN.parties.map(({ id, account }) => [id, account]));
const SAID = [`${PURCHASES} committed`, `${PURCHASES} granted`, `${USAGE} committed`, `${USAGE} granted`];
const TELCO = { round: 'published', said: SAID, granted: [ACCOUNTS.retail], shown: 1 };
const RETAIL = {
  round: 'published',
  said: SAID,
  granted: [`${DAY}/certificate.json`, `${DAY}/part-0.parquet`, `${DAY}/part-1.parquet`],
  shown: 0,
};
const CHANGES = /^(Create|Put|Delete|Update|Batch|Start|Revoke|Copy|Send|Sign)/;

let rooms: PeerRooms;

const ended = async () => [await rooms.telco.look(), await rooms.retail.look()];

beforeAll(async () => {
  rooms = await startPeerRooms();
  await rooms.agree();
}, 300_000);

afterAll(() => rooms.stop());

async function prepare(...delivers: readonly PeerRoom[]): Promise<void> {
  await rooms.rewind();
  for (const room of delivers) await room.deliver();
}

/** As schedules and events have it until nothing is left to do; whoever fails is called again. */
async function run(times = 6, now?: string): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    if (JSON.stringify(await ended()) === JSON.stringify([TELCO, RETAIL])) return;
    for (const room of rooms.all) await room.publish(now).catch(() => room.publish(now));
    await rooms.carrier.deliver(now);
    for (const room of rooms.all) await room.reconcile(now).catch(() => room.reconcile(now));
  }
}

/** As a person does in the receiver's account. */
async function acceptGrants(): Promise<void> {
  const client = new DataExchangeClient(rooms.retail.local.clientConfig);
  const AcceptanceState = ['PENDING_RECEIVER_ACCEPTANCE' as const];
  const { DataGrantSummaries = [] } = await client.send(new ListReceivedDataGrantsCommand({ AcceptanceState }));
  for (const { Arn } of DataGrantSummaries) await client.send(new AcceptDataGrantCommand({ DataGrantArn: Arn }));
}

/** What is on record in both rooms as seen of AWS. */
async function listSeen(): Promise<readonly string[]> {
  const all = await Promise.all(rooms.all.map(({ registry }) => registry.seenGrants(PEER_AGREEMENT).list()));
  return all.flat().map(({ leg, round }) => `${leg} ${round}`);
}

describe('undisturbed', () => {
  beforeAll(() => prepare());

  test('nobody grants, and nothing is said, before something is ready', async () => {
    await run(1);
    for (const room of rooms.all) expect(await room.look()).toEqual({ round: 'open', said: [], granted: [], shown: 0 });
  });

  test('one that is ready says so, signed by its own key, and waits', async () => {
    await rooms.telco.deliver();
    await run(2);
    for (const room of rooms.all)
      expect(await room.look()).toEqual({ round: 'open', said: [`${USAGE} committed`], granted: [], shown: 0 });
  });

  test('when both have committed, both grant, and say so', async () => {
    await rooms.retail.deliver();
    await run();
    expect(await ended()).toEqual([TELCO, RETAIL]);
  });

  test('what the other gives is on record with its worth, and lies nowhere here', async () => {
    expect(await rooms.telco.registry.releases(PEER_AGREEMENT).read(DAY, PURCHASES)).toMatchObject({
      state: 'final',
      place: '',
      value: 7 * (PEER_PLAN.fairness.weights[PEER_PLAN.legs.find(({ id }) => id === PURCHASES)!.dataset] ?? 1),
    });
  });

  test('then nothing more is said or written', async () => {
    const describe = ({ caller, operation }: { caller: string; operation: string }) => `${caller}: ${operation}`;
    const calls = () => rooms.all.flatMap(({ local }) => local.gateway.calls);
    const before = rooms.all.map(({ local }) => local.gateway.calls.length);
    for (const room of rooms.all) await room.publish();
    await rooms.carrier.deliver();
    for (const room of rooms.all) await room.reconcile();
    const since = rooms.all.flatMap(({ local }, index) => local.gateway.calls.slice(before[index]));
    expect(since.filter(({ operation }) => CHANGES.test(operation)).map(describe)).toEqual([]);
    expect(calls().flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
  });
});

describe('what is refused', () => {
  let good: Commitment;

  beforeEach(async () => {
    await prepare(rooms.retail);
    await rooms.retail.publish();
    good = (await rooms.retail.registry.commitments(PEER_AGREEMENT).read(DAY, PURCHASES, 'committed'))!;
    rooms.carrier.waiting.length = 0;
  });

  const tell = async (
    commitment: Commitment,
    certificate: unknown = {},
    from = ACCOUNTS.retail!,
    heard: readonly Commitment[] = [],
  ) => {
    const answer = rooms.carrier.put(from, {
      Source: PEER_EVENTS.source,
      DetailType: PEER_EVENTS.commitment,
      Detail: JSON.stringify({ commitment, certificate, asks: false, heard }),
      EventBusName: `arn:aws:events:eu-central-1:${ACCOUNTS.telco}:event-bus/${namePartnerBus(PEER_AGREEMENT)}`,
    });
    await rooms.carrier.deliver();
    return answer;
  };
  const signed = async (changed: Partial<Commitment>): Promise<Commitment> => {
    const { sign } = await rooms.retail.signer();
    const said = { ...good, ...changed };
    return { ...said, signature: await sign(writeCommitment(said)) };
  };
  const certificate = () => {
    const { record, objects } = makeStoredRelease(PEER_PLAN, rooms.retail.leg, DAY);
    return JSON.parse(objects.get(`${record.place}${CERTIFICATE}`) ?? '');
  };
  const decided = async () =>
    (await rooms.telco.registry.decisions(PEER_AGREEMENT).list()).map(({ effect, reason, leg }) => [
      effect,
      leg,
      reason,
    ]);

  test.each<[string, string, (commitment: Commitment) => Partial<Commitment>, boolean]>([
    ['forged: other hashes than were signed', 'not-genuine', () => ({ sha256: 'f'.repeat(64) }), false],
    ['replayed for another round', 'not-genuine', () => ({ round: '2026-02-01' }), false],
    ['of a day on which nothing is due', 'not-due', () => ({ round: '2026-02-01' }), true],
    ['of another version', 'other-version', () => ({ version: 9 }), true],
    ['of other terms', 'other-version', () => ({ content: '0'.repeat(64) }), true],
    ['of a leg that it does not give', 'not-the-giver', () => ({ leg: USAGE }), true],
    ['of no leg', 'unknown-leg', () => ({ leg: 'telco-bank-usage' }), true],
    ['granted before it was committed', 'not-committed-yet', () => ({ says: 'granted' }), true],
    ['claiming no worth', 'other-worth', () => ({ value: undefined }), true],
    ['with a certificate that does not fit', 'other-certificate', () => ({}), true],
  ])('%s', async (_, reason, change, isSigned) => {
    const changed = change(good);
    await tell(isSigned ? await signed(changed) : { ...good, ...changed });
    expect(await decided()).toEqual([['forbid', changed.leg ?? PURCHASES, reason]]);
    expect((await rooms.telco.look()).said).toEqual([]);
  });

  test('claiming more than its certificate supports', async () => {
    await tell(await signed({ value: (good.value ?? 0) + 1 }), certificate());
    expect(await decided()).toEqual([['forbid', PURCHASES, 'other-worth']]);
    expect(await rooms.telco.registry.releases(PEER_AGREEMENT).list()).toEqual([]);
    await tell(good, certificate());
    expect((await rooms.telco.look()).said).toEqual([`${PURCHASES} committed`]);
  });

  test('in another party’s name: refused as the account’s that said it', async () => {
    await tell(await signed({ from: 'telco', leg: USAGE }));
    const decisions = await rooms.telco.registry.decisions(PEER_AGREEMENT).list();
    expect(decisions).toMatchObject([{ effect: 'forbid', party: 'retail', leg: USAGE, reason: 'other-account' }]);
  });

  test('signed with another key', async () => {
    const { publicKey, sign } = await rooms.telco.signer();
    const said = { ...good, publicKey };
    await tell({ ...said, signature: await sign(writeCommitment(said)) });
    expect(await decided()).toEqual([['forbid', PURCHASES, 'other-key']]);
  });

  test('from an account that is no party’s, by the bus itself', async () => {
    expect(await tell(good, {}, '999999999999')).toEqual({ ErrorCode: 'NotAuthorizedForSourceException' });
    expect(await decided()).toEqual([]);
  });

  test('two that differ: the first stands', async () => {
    await rooms.telco.deliver();
    await run(1);
    await tell(await signed({ sha256: 'f'.repeat(64) }));
    expect(await decided()).toEqual(expect.arrayContaining([['forbid', PURCHASES, 'contradicts']]));
    const kept = await rooms.telco.registry.releases(PEER_AGREEMENT).read(DAY, PURCHASES);
    expect(kept?.sha256).toBe(good.sha256);
  });

  describe('two words of one giver', () => {
    const evidence = async () =>
      (await rooms.telco.registry.equivocations(PEER_AGREEMENT).list()).map(({ words }) => words);
    const blamed = async () =>
      (await rooms.telco.registry.breaches(PEER_AGREEMENT).list()).map(({ kind, party, leg }) => [kind, party, leg]);

    test('that differ are its breach, with both on record', async () => {
      await tell(good, certificate());
      const other = await signed({ value: 1 });
      await tell(other);
      await rooms.telco.reconcile();
      expect(await evidence()).toMatchObject([[{ signature: good.signature }, { signature: other.signature }]]);
      expect(await blamed()).toEqual([['equivocation', 'retail', PURCHASES]]);
    });

    test('are found though another passes the second on, and not by a word that was changed on the way', async () => {
      await tell(good, certificate());
      const other = await signed({ value: 1 });
      await tell(good, certificate(), undefined, [{ ...other, value: 2 }, good]);
      expect(await evidence()).toEqual([]);
      await tell(good, certificate(), undefined, [other]);
      await rooms.telco.reconcile();
      expect(await evidence()).toMatchObject([[{ signature: good.signature }, { signature: other.signature }]]);
      expect(await blamed()).toEqual([['equivocation', 'retail', PURCHASES]]);
    });

    test('are not what rooms pass on of one another in an honest round', async () => {
      await rooms.telco.deliver();
      const passedOn = new Set<string>();
      for (let time = 0; time < 6; time += 1) {
        for (const room of rooms.all) await room.publish();
        for (const { event } of rooms.carrier.waiting)
          for (const { leg } of readPeerEvent(event)?.heard ?? []) passedOn.add(leg);
        await rooms.carrier.deliver();
        for (const room of rooms.all) await room.reconcile();
      }
      expect(await ended()).toEqual([TELCO, RETAIL]);
      expect([...passedOn].sort()).toEqual([PURCHASES, USAGE].sort());
      for (const { registry } of rooms.all) expect(await registry.equivocations(PEER_AGREEMENT).list()).toEqual([]);
    });
  });

  test('too late: the agreement has ended', async () => {
    await rooms.telco.reconcile('2027-01-01T00:05:00Z');
    await tell(good);
    expect(await decided()).toEqual([['forbid', PURCHASES, 'not-active']]);
  });

  test('what cannot be read', async () => {
    await tell({ ...good, sha256: 'not a hash' });
    expect(await decided()).toEqual([]);
    expect((await rooms.telco.look()).said).toEqual([]);
    expect(rooms.carrier.dead).toEqual([]);
  });
});

describe('a room that commits and does not grant', () => {
  beforeAll(async () => {
    await prepare(...rooms.all);
    // The other room stands still after its commitment.
    await rooms.retail.publish();
    await rooms.carrier.deliver();
    await rooms.telco.publish();
    rooms.carrier.waiting.length = 0;
    await rooms.telco.reconcile();
  });
  const breaches = async () =>
    (await rooms.telco.registry.breaches(PEER_AGREEMENT).list()).map(({ kind, party, leg, resolvedAt }) => ({
      kind,
      party,
      leg,
      resolvedAt,
    }));

  test('has a day for it', async () => {
    await rooms.telco.reconcile('2026-01-02T11:59:00Z');
    expect(await breaches()).toEqual([]);
  });

  test('is in breach then, by the agreement', async () => {
    await rooms.telco.reconcile('2026-01-02T12:00:30Z');
    expect(await breaches()).toEqual([{ kind: 'committed-not-granted', party: 'retail', leg: PURCHASES }]);
  });

  test('until it grants', async () => {
    const late = '2026-01-02T13:00:00Z';
    await run(3, late);
    const [breach] = await breaches();
    expect(breach?.resolvedAt).toBeDefined();
    expect((await rooms.retail.look()).said).toEqual(SAID);
  });
});

describe('a data grant, which AWS tells its receiver of', () => {
  const LATE = '2026-01-02T12:00:30Z';
  /** Until telco has granted, and before anybody has looked; it says so where it is let. */
  const grant = async (says: boolean) => {
    await prepare(...rooms.all);
    // What is lost on the way is nothing that can be read.
    rooms.carrier.forge(async ({ event }) => (!says && isWordOfGrant(event) ? {} : undefined));
    for (let time = 0; time < 3; time += 1) {
      await rooms.retail.publish();
      await rooms.carrier.deliver();
      await rooms.telco.publish();
      await rooms.carrier.deliver();
      await rooms.telco.reconcile();
    }
    rooms.carrier.forge(undefined);
    rooms.carrier.waiting.length = 0;
  };
  const isWordOfGrant = (event: unknown) => {
    const { commitment } = readPeerEvent(event) ?? {};
    return commitment?.leg === USAGE && commitment.says === 'granted';
  };
  const told = async () => {
    const breaches = await rooms.retail.registry.breaches(PEER_AGREEMENT).list();
    const release = await rooms.retail.registry.releases(PEER_AGREEMENT).read(DAY, USAGE);
    const seen = await rooms.retail.registry.seenGrants(PEER_AGREEMENT).list();
    return {
      breaches: breaches.map(({ kind, party, leg, resolvedAt }) => [kind, party, leg, resolvedAt !== undefined]),
      release: release?.state,
      seen: seen.map(({ leg, round }) => [leg, round]),
    };
  };
  const says = async () =>
    (await rooms.retail.registry.commitments(PEER_AGREEMENT).read(DAY, USAGE, 'granted')) !== undefined;
  const grants = () => rooms.telco.local.exchange.state.grants;
  const revisions = () => rooms.telco.local.exchange.state.revisions;
  const BROKEN = ['committed-not-granted', 'telco', USAGE] as const;

  test('and that was only said is its giver’s breach, until it is made', async () => {
    await grant(true);
    expect(await says()).toBe(true);
    grants().clear();
    await rooms.retail.reconcile('2026-01-02T11:59:00Z');
    expect((await told()).breaches).toEqual([]);
    await rooms.retail.reconcile(LATE);
    expect(await told()).toEqual({ breaches: [[...BROKEN, false]], release: 'final', seen: [] });
    await rooms.telco.reconcile(LATE);
    await rooms.retail.reconcile(LATE);
    expect((await told()).breaches).toEqual([[...BROKEN, true]]);
  });

  test('and that nobody has spoken of is given all the same, and asked for no more', async () => {
    await grant(false);
    expect(await says()).toBe(false);
    await acceptGrants();
    await rooms.retail.reconcile(LATE);
    expect(await told()).toEqual({ breaches: [], release: 'final', seen: [[USAGE, DAY]] });
    await rooms.retail.publish(LATE);
    expect(rooms.carrier.waiting.filter(({ event }) => readPeerEvent(event)?.asks)).toEqual([]);
    const before = rooms.retail.local.gateway.calls.length;
    await rooms.retail.reconcile(LATE);
    const since = rooms.retail.local.gateway.calls.slice(before);
    expect(since.filter(({ operation }) => operation === 'ListReceivedDataGrants')).toEqual([]);
  });

  test('and that shows nothing once it is accepted is none', async () => {
    await grant(true);
    await acceptGrants();
    for (const revision of revisions().values()) revision.Revoked = true;
    await rooms.retail.reconcile(LATE);
    expect(await told()).toEqual({ breaches: [[...BROKEN, false]], release: 'final', seen: [] });
  });

  test('and that could not be asked for accuses nobody, and is alarmed on', async () => {
    await grant(true);
    grants().clear();
    const { exchange } = rooms.retail.local;
    const { answer } = exchange;
    exchange.answer = async (request) =>
      request.url.pathname.endsWith('/received-data-grants')
        ? { status: 400, body: '{}', error: 'AccessDeniedException' }
        : answer(request);
    await expect(rooms.retail.reconcile(LATE)).rejects.toThrow(/NotReconciled|Not reconciled/);
    exchange.answer = answer;
    expect((await told()).breaches).toEqual([]);
    await rooms.retail.reconcile(LATE);
    expect((await told()).breaches).toEqual([[...BROKEN, false]]);
  });
});

describe('an amendment of which one room learns before the other', () => {
  const NEXT: Plan = { ...PEER_PLAN, agreement: { ...PEER_PLAN.agreement, version: 2, content: 'c'.repeat(64) } };
  const WEEK_LATER = '2026-01-08T12:00:00Z';
  const accused = async () => {
    for (const room of rooms.all) await room.reconcile(WEEK_LATER);
    return Promise.all(rooms.all.map(({ registry }) => registry.breaches(PEER_AGREEMENT).list()));
  };

  test('after all have promised keeps no round back, and what is granted under it is believed', async () => {
    await prepare(...rooms.all);
    for (const room of rooms.all) await room.publish();
    await rooms.amend(NEXT, rooms.retail);
    await run(2);
    await rooms.amend(NEXT, rooms.telco);
    await run();
    expect(await ended()).toEqual([TELCO, RETAIL]);
    const words = await rooms.telco.registry.commitments(PEER_AGREEMENT).list();
    expect(words.map(({ says, leg, version }) => `${leg} ${says} ${version}`).sort()).toEqual(
      [`${PURCHASES} committed 1`, `${PURCHASES} granted 2`, `${USAGE} committed 1`, `${USAGE} granted 1`].sort(),
    );
    await acceptGrants();
    expect(await accused()).toEqual([[], []]);
  });

  test('between two promises has both take the round back, and accuses nobody', async () => {
    await prepare(rooms.telco);
    await run(1);
    await rooms.amend(NEXT, rooms.retail);
    await rooms.retail.deliver(NEXT);
    await run(2);
    // Telco cannot believe it yet, and keeps what it has promised.
    expect((await rooms.telco.look()).round).toBe('open');
    await rooms.amend(NEXT, rooms.telco);
    await run(3);
    const states = await Promise.all(rooms.all.map(({ registry }) => registry.rounds(PEER_AGREEMENT).read(DAY)));
    const reason = `an amendment came between the promises: ${PURCHASES} under version 2, ${USAGE} under version 1`;
    expect(states).toMatchObject(rooms.all.map(() => ({ state: 'withheld', reason })));
    for (const room of rooms.all) expect(await room.look()).toMatchObject({ granted: [], shown: 0 });
    expect(await accused()).toEqual([[], []]);
    expect(rooms.carrier.dead).toEqual([]);
  });

  test('between two promises does so wherever that breaks off', async () => {
    await prepare(rooms.telco);
    await run(2);
    await rooms.amend(NEXT, rooms.retail);
    await rooms.retail.deliver(NEXT);
    await rooms.amend(NEXT, rooms.telco);
    const states = () => Promise.all(rooms.all.map(({ registry }) => registry.rounds(PEER_AGREEMENT).read(DAY)));
    const { end } = await tryFaults({
      name: 'an amendment between two promises',
      rooms: rooms.all.map(({ local }) => local),
      others: [rooms.carrier],
      steps: [
        ...rooms.all.map((room) => () => room.publish()),
        () => rooms.carrier.deliver(),
        ...rooms.all.map((room) => () => room.reconcile()),
      ],
      turns: 5,
      stride: 6,
      isOver: async () => (await states()).every((round) => round?.state === 'withheld'),
      look: async () => ({
        rounds: (await states()).map((round) => [round?.state, round?.reason]),
        seen: (await ended()).map(({ said, granted, shown }) => ({ said, granted, shown })),
        breaches: await Promise.all(rooms.all.map(({ registry }) => registry.breaches(PEER_AGREEMENT).list())),
        dead: rooms.carrier.dead,
      }),
    });
    const reason = `an amendment came between the promises: ${PURCHASES} under version 2, ${USAGE} under version 1`;
    const said = [`${PURCHASES} committed`, `${USAGE} committed`];
    expect(end).toEqual({
      rounds: rooms.all.map(() => ['withheld', reason]),
      seen: rooms.all.map(() => ({ said, granted: [], shown: 0 })),
      breaches: [[], []],
      dead: [],
    });
  }, 3_600_000);
});

test('what is told twice, or in another order, changes nothing', async () => {
  await prepare(...rooms.all);
  for (let time = 0; time < 6; time += 1) {
    for (const room of rooms.all) await room.publish();
    rooms.carrier.waiting.push(...rooms.carrier.waiting);
    rooms.carrier.waiting.reverse();
    await rooms.carrier.deliver();
    for (const room of rooms.all) await room.reconcile();
  }
  expect(await ended()).toEqual([TELCO, RETAIL]);
});

test('what is lost on the way is asked for', async () => {
  await prepare(...rooms.all);
  for (let lost = 0; lost < 2; lost += 1) {
    for (const room of rooms.all) await room.publish();
    rooms.carrier.waiting.length = 0;
  }
  await run(6);
  expect(await ended()).toEqual([TELCO, RETAIL]);
});

test('broken off at any call of any function, throttled or unanswered, the round ends as if it had not been', async () => {
  await prepare(...rooms.all);
  const { carrier, all } = rooms;
  const { end, runs } = await tryFaults({
    name: 'a round between two rooms',
    rooms: all.map(({ local }) => local),
    others: [carrier],
    steps: [
      ...all.map((room) => () => room.publish()),
      () => carrier.deliver(),
      acceptGrants,
      ...all.map((room) => () => room.reconcile()),
    ],
    turns: 6,
    isOver: async () =>
      JSON.stringify(await ended()) === JSON.stringify([TELCO, RETAIL]) && (await listSeen()).length === 1,
    look: async () => ({
      seen: await ended(),
      grants: await listSeen(),
      breaches: await Promise.all(all.map(({ registry }) => registry.breaches(PEER_AGREEMENT).list())),
      dead: carrier.dead,
    }),
  });
  expect(end).toEqual({ seen: [TELCO, RETAIL], grants: [`${USAGE} ${DAY}`], breaches: [[], []], dead: [] });
  expect(runs).toBeGreaterThan(40);
}, 3_600_000);

describe('a breach that telco finds', () => {
  const AT = `${DAY}T13:00:00Z`;
  const REPORT = `resharing:retail:${USAGE}:${DAY}`;
  const find = () =>
    recordBreach(rooms.telco.registry, {
      ...{ report: REPORT, agreement: PEER_AGREEMENT, breach: 'resharing', party: 'retail', leg: USAGE },
      reportedAt: `${DAY}T12:30:00Z`,
    });
  const overrule = (at: string) =>
    overruleBreach(rooms.telco.registry, PEER_AGREEMENT, REPORT, { by: 'telco', at, reason: 'a bucket of a test' });
  const reached = async () => (await ended()).map(({ granted }) => granted.length);
  /** As schedules have it: who finds something tells it, who hears it looks at what is granted. */
  const turn = async (now: string) => {
    await rooms.telco.reconcile(now);
    await rooms.telco.publish(now);
    await rooms.carrier.deliver(now);
  };
  const blamed = () => Promise.all(rooms.all.map(({ registry }) => registry.breaches(PEER_AGREEMENT).list()));

  test('is told to retail’s room, which withholds from telco while telco does, and blames nobody', async () => {
    await prepare(...rooms.all);
    await run();
    expect(await reached()).toEqual([1, 3]);
    await find();
    await turn(AT);
    expect(await rooms.retail.registry.toldBreaches(PEER_AGREEMENT).list()).toMatchObject([
      { from: 'telco', party: 'retail', kind: 'resharing', measures: ['suspend-party'], state: 'stands' },
    ]);
    expect(await reached()).toEqual([0, 0]);
    for (const room of rooms.all) await room.reconcile('2026-01-03T12:00:00Z');
    expect((await blamed()).map((each) => each.map(({ report }) => report))).toEqual([[REPORT], []]);
    await overrule('2026-01-03T13:00:00Z');
    await turn('2026-01-03T13:00:00Z');
    // What both withheld by its word retail gives a quarter of an hour later.
    expect(await reached()).toEqual([1, 0]);
    await rooms.retail.reconcile('2026-01-03T13:15:00Z');
    expect(await reached()).toEqual([1, 3]);
    const { calls } = rooms.retail.local.gateway;
    expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
    expect(rooms.carrier.dead).toEqual([]);
  });

  test('is told in the end, wherever telling it breaks off', async () => {
    await prepare(...rooms.all);
    await run();
    await find();
    await rooms.telco.reconcile(AT);
    const words = () => Promise.all(rooms.all.map(({ registry }) => registry.toldBreaches(PEER_AGREEMENT).list()));
    const { end, runs } = await tryFaults({
      name: 'a breach told between two rooms',
      rooms: rooms.all.map(({ local }) => local),
      others: [rooms.carrier],
      callers: new Set(['publish-round', 'hear-peer']),
      steps: [() => rooms.telco.publish(AT), () => rooms.carrier.deliver(AT)],
      turns: 4,
      isOver: async () =>
        JSON.stringify(await reached()) === '[0,0]' &&
        (await words()).flat().every(({ heardAt, sentAt }) => heardAt ?? sentAt),
      look: async () => ({
        reached: await reached(),
        told: (await words()).map((each) => each.map(({ measures, state }) => [measures, state])),
        blamed: (await blamed()).map((each) => each.map(({ report }) => report)),
        dead: rooms.carrier.dead,
      }),
    });
    const told = [[['suspend-party'], 'stands']];
    expect(end).toEqual({ reached: [0, 0], told: [told, told], blamed: [[REPORT], []], dead: [] });
    expect(runs).toBeGreaterThan(8);
  }, 3_600_000);
});

test('broken off at any call, a round in which one gives nothing comes to the same end', async () => {
  await rooms.rewind();
  const [telco, retail] = (await rooms.agreeUneven()) as [PeerRoom, PeerRoom];
  await telco.deliver();
  const both = [telco, retail];
  const said = [`${USAGE} committed`, `${USAGE} granted`];
  const inbox = [`${DAY}/certificate.json`, `${DAY}/part-0.parquet`, `${DAY}/part-1.parquet`];
  const over = [
    { round: 'published', said, granted: inbox, shown: 0 },
    { round: 'published', said, granted: [], shown: 0 },
  ];
  const look = () => Promise.all(both.map((room) => room.look()));
  const { end } = await tryFaults({
    name: 'a round between two rooms, of which one gives nothing',
    rooms: both.map(({ local }) => local),
    others: [rooms.carrier],
    steps: [
      ...both.map((room) => () => room.publish()),
      () => rooms.carrier.deliver(),
      ...both.map((room) => () => room.reconcile()),
    ],
    turns: 6,
    isOver: async () => JSON.stringify(await look()) === JSON.stringify(over),
    look: async () => ({
      seen: await look(),
      breaches: await Promise.all(both.map(({ registry }) => registry.breaches(UNEVEN_AGREEMENT).list())),
      dead: rooms.carrier.dead,
    }),
  });
  expect(end).toEqual({ seen: over, breaches: [[], []], dead: [] });
}, 3_600_000);
