import { writeCommitment } from '../../../lib/domain/exchange/peers/commitment';
import { readPeerEvent } from '../../../lib/domain/exchange/peers/read-peer-event';
import {
  DAY,
  type PeerRoom,
  type PeerRooms,
  startPeerRooms,
  TRIO_AGREEMENT,
  TRIO_PLAN,
} from '../../local-cloud/peer-rooms';
import { tryFaults } from '../../local-cloud/try-faults';

/* Three rooms have an agreement by which each gives to the next. */

describe('where a party stands by while two others swap', () => {
  let rooms: PeerRooms;
  let three: readonly PeerRoom[];
  const [TO_RETAIL] = TRIO_PLAN.legs.map(({ id }) => id) as [string];
  const partyOf = (account: string) => TRIO_PLAN.parties.find((party) => party.account === account)?.id;

  beforeAll(async () => {
    rooms = await startPeerRooms();
    three = await rooms.gather();
  }, 600_000);

  afterAll(() => rooms.stop());

  test('it hears that they are ready, and gets nothing of what they swap', async () => {
    for (const room of three) await room.deliver();
    const told: { readonly to: string | undefined; readonly leg: string; readonly hasCertificate: boolean }[] = [];
    for (let time = 0; time < 6; time += 1) {
      for (const room of three) await room.publish();
      for (const { event, account } of rooms.carrier.waiting) {
        const message = readPeerEvent(event);
        if (message === undefined) continue;
        const { certificate, commitment } = message;
        told.push({ to: partyOf(account), leg: commitment.leg, hasCertificate: certificate !== undefined });
      }
      await rooms.carrier.deliver();
      for (const room of three) await room.reconcile();
    }
    const said = TRIO_PLAN.legs.flatMap(({ id }) => [`${id} committed`, `${id} granted`]).sort();
    for (const room of three) {
      const { leg, registry, local } = room;
      const seen = await room.look();
      expect([seen.round, [...seen.said].sort()]).toEqual(['published', said]);
      const receiver = TRIO_PLAN.parties.find(({ id }) => id === leg.to)!.account;
      const files = [`${DAY}/certificate.json`, `${DAY}/part-0.parquet`, `${DAY}/part-1.parquet`];
      expect(seen.granted).toEqual(leg.via.kind === 'data-grant' ? [receiver] : files);
      // Of every other leg there is a word here, and nothing else: no file, no key, no data set.
      const others = (await registry.releases(TRIO_AGREEMENT).list()).filter((each) => each.leg !== leg.id);
      expect(others.map(({ place, state }) => [place, state])).toEqual([
        ['', 'final'],
        ['', 'final'],
      ]);
      const { provisioned } = (await registry.current(TRIO_AGREEMENT).read())!;
      expect(Object.keys(provisioned.legKeys)).toEqual([leg.id]);
      expect(await registry.breaches(TRIO_AGREEMENT).list()).toEqual([]);
      const { calls } = local.gateway;
      expect(calls.flatMap(({ caller, refused }) => refused.map((need) => ({ caller, ...need })))).toEqual([]);
    }
    expect(new Set(told.map(({ to, leg }) => `${to} ${leg}`)).size).toBe(6);
    for (const { to, leg, hasCertificate } of told)
      if (hasCertificate) expect(to).toBe(TRIO_PLAN.legs.find(({ id }) => id === leg)!.to);
    expect(rooms.carrier.dead).toEqual([]);
  }, 600_000);

  test('it gives nothing for what a receiver did not hear, and accuses nobody of that', async () => {
    await rooms.rewind();
    const clinic = three[2]!;
    for (const room of three) await room.deliver();
    rooms.carrier.forge(async ({ account, event }) => {
      const { commitment } = readPeerEvent(event) ?? {};
      return commitment?.leg === TO_RETAIL && partyOf(account) === 'retail' ? {} : undefined;
    });
    const turn = async (now?: string) => {
      for (const room of three) await room.publish(now);
      await rooms.carrier.deliver(now);
      for (const room of three) await room.reconcile(now);
    };
    for (let time = 0; time < 3; time += 1) await turn();
    const told = await clinic.look();
    expect(told.said.filter((each) => each.endsWith(' committed'))).toHaveLength(3);
    expect([told.round, told.granted]).toEqual(['open', []]);
    await clinic.reconcile('2026-01-03T12:00:00Z');
    expect(await clinic.registry.breaches(TRIO_AGREEMENT).list()).toEqual([]);
    rooms.carrier.forge(undefined);
    for (let time = 0; time < 5; time += 1) await turn();
    const states = await Promise.all(three.map((room) => room.look()));
    expect(states.map(({ round }) => round)).toEqual(['published', 'published', 'published']);
  }, 600_000);

  /** Of what telco gives, the clinic hears another word than its receiver. */
  async function tellOtherwise(to: string | undefined, event: unknown) {
    const message = readPeerEvent(event);
    const { commitment } = message ?? {};
    const isToldOtherwise = commitment?.leg === TO_RETAIL && commitment.says === 'committed';
    if (!isToldOtherwise || to !== 'clinic') return undefined;
    const other = { ...commitment, sha256: 'f'.repeat(64) };
    const { sign } = await three[0]!.signer();
    return { ...message, commitment: { ...other, signature: await sign(writeCommitment(other)) } };
  }

  test('a giver that tells it otherwise than the receiver is found out by both, from what they pass on', async () => {
    await rooms.rewind();
    const deceived = three.slice(1);
    for (const room of three) await room.deliver();
    rooms.carrier.forge(async ({ account, event }) => tellOtherwise(partyOf(account), event));
    const found = () => Promise.all(deceived.map(({ registry }) => registry.equivocations(TRIO_AGREEMENT).list()));
    for (let time = 0; time < 4 && (await found()).some(({ length }) => length === 0); time += 1) {
      for (const room of three) await room.publish();
      await rooms.carrier.deliver();
      for (const room of three) await room.reconcile();
    }
    rooms.carrier.forge(undefined);
    for (const [{ words } = { words: [] }] of await found())
      expect(words.map(({ sha256 }) => sha256.startsWith('ffff')).sort()).toEqual([false, true]);
    for (const { reconcile, registry } of deceived) {
      await reconcile();
      const breaches = await registry.breaches(TRIO_AGREEMENT).list();
      expect(breaches.map(({ kind, party, leg }) => [kind, party, leg])).toEqual([
        ['equivocation', 'telco', TO_RETAIL],
      ]);
    }
    expect(rooms.carrier.dead).toEqual([]);
  }, 600_000);

  const look = () => Promise.all(three.map((room) => room.look()));
  const flow = () => ({
    rooms: three.map(({ local }) => local),
    others: [rooms.carrier],
    steps: [
      ...three.map((room) => () => room.publish()),
      () => rooms.carrier.deliver(),
      ...three.map((room) => () => room.reconcile()),
    ],
    stride: 120,
  });
  const breaches = () => Promise.all(three.map(({ registry }) => registry.breaches(TRIO_AGREEMENT).list()));

  test('broken off at any call, a round of the three comes to the same end', async () => {
    await rooms.rewind();
    for (const room of three) await room.deliver();
    const isOver = async () => (await look()).every(({ round, said }) => round === 'published' && said.length === 6);
    const { end } = await tryFaults({
      name: 'a round between three rooms',
      ...flow(),
      turns: 6,
      isOver,
      look: async () => ({ seen: await look(), breaches: await breaches(), dead: rooms.carrier.dead }),
    });
    expect(end.seen.map(({ round, said, granted }) => [round, said.length, granted.length])).toEqual([
      ['published', 6, 1],
      ['published', 6, 3],
      ['published', 6, 3],
    ]);
    expect(end).toMatchObject({ breaches: [[], [], []], dead: [] });
  }, 3_600_000);

  test('broken off at any call, who tells two otherwise is found out by both', async () => {
    await rooms.rewind();
    for (const room of three) await room.deliver();
    rooms.carrier.forge(async ({ account, event }) => tellOtherwise(partyOf(account), event));
    const words = () => Promise.all(three.map(({ registry }) => registry.equivocations(TRIO_AGREEMENT).list()));
    const { end } = await tryFaults({
      name: 'a giver that tells two rooms otherwise',
      ...flow(),
      turns: 4,
      isOver: async () => (await breaches()).filter(({ length }) => length > 0).length === 2,
      look: async () => ({
        seen: (await look()).map(({ round, granted, shown }) => ({ round, granted, shown })),
        words: (await words()).map((each) => each.map((found) => [found.leg, found.words.length])),
        breaches: (await breaches()).map((each) => each.map(({ kind, party, leg }) => [kind, party, leg])),
        dead: rooms.carrier.dead,
      }),
    });
    rooms.carrier.forge(undefined);
    const [found, blamed] = [
      [TO_RETAIL, 2],
      ['equivocation', 'telco', TO_RETAIL],
    ];
    expect(end).toMatchObject({ words: [[], [found], [found]], breaches: [[], [blamed], [blamed]], dead: [] });
    // Who lied gave what it promised; of what the clinic was to give for it, it gets nothing.
    expect(end.seen.map(({ granted }) => granted.length)).toEqual([1, 3, 0]);
  }, 3_600_000);
});
