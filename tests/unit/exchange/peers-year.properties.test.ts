import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { recordNotice } from '../../../lib/domain/enforcement/breaches/record-notice';
import { pauseAgreement } from '../../../lib/domain/enforcement/words/pause-agreement';
import { isOutdated } from '../../../lib/domain/exchange/peers/find-amended';
import { listRounds } from '../../../lib/domain/exchange/rounds/list-rounds';
import { breachOf } from '../../fixtures/conduct';
import { type LossyBus, openLossyBus } from '../../fixtures/lossy-bus';
import { openPeerRoom, type PeerRoom } from '../../fixtures/peer-room';
import { EARLY } from '../../fixtures/registered';
import { seedRandom } from '../../fixtures/seed-random';
import { makeStoredRelease } from '../../fixtures/stored-release';
import { planSwaps } from '../../fixtures/swaps-of-four';

/*
 * A year of two or three peers' rooms on a seeded clock, each with a registry of its own and the functions that run there. Between
 * them words get lost, come twice, late and in another order. Parties deliver late, sign an amendment that comes into force in each
 * room at another hour, have the agreement stand still, find a breach that no other room can see and a person overrules, and leave.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RETAIN_DAYS = 80;
/** On which rounds are due. */
const MONTHS = [0, 3, 6, 9];
const REPORT = 'resharing:1';

function planYear(pairs: readonly (readonly [number, number])[], every: (leg: number) => string): Plan {
  const swaps = planSwaps(pairs);
  return {
    ...swaps,
    parties: swaps.parties.slice(0, new Set(pairs.flat()).size),
    term: { ...swaps.term, starts: '2026-01-01', ends: '2026-12-20', notice: 'P30D', destroyWithin: 'P30D' },
    legs: swaps.legs.map((leg, at) => ({
      ...leg,
      via: { kind: 'api' },
      every: every(at),
      retain: `P${RETAIN_DAYS}D`,
    })),
    remedies: [
      { on: 'late-delivery', after: 'P3D', do: 'suspend-counterpart' },
      { on: 'resharing', do: 'suspend-party' },
    ],
  };
}

const amended = (plan: Plan): Plan => ({
  ...plan,
  agreement: { ...plan.agreement, version: plan.agreement.version + 1, content: 'c'.repeat(64) },
  datasets: plan.datasets.map((each) => ({ ...each, version: each.version + 1 })),
});

interface World {
  readonly random: () => number;
  readonly versions: readonly [Plan, Plan];
  readonly rooms: readonly PeerRoom[];
  readonly bus: LossyBus;
  /** By round: who delivers days after it. */
  readonly late: ReadonlyMap<string, string>;
  /** Rounds in whose first hours rooms are of different versions. */
  readonly torn: ReadonlySet<string>;
  readonly counts: Record<'held' | 'late' | 'held back' | 'agreed on', number>;
}

const roundDay = (month: number) => new Date(Date.UTC(2026, month, 1)).toISOString().slice(0, 10);
const agreementOf = ({ versions }: World) => versions[0].agreement.id;

/** What is owed by now in a room, unless its party is late. */
async function deliver(world: World, { on, party, registry }: PeerRoom, now: string): Promise<void> {
  const { plan, conduct } = await on();
  if (conduct.state !== 'active') return;
  const version = world.versions.find(({ agreement }) => agreement.version === plan.agreement.version) ?? plan;
  const releases = registry.releases(plan.agreement.id);
  for (const { day, legs } of listRounds(conduct, now.slice(0, 10))) {
    const isLate = world.late.get(day) === party && Date.parse(now) < Date.parse(day) + 4 * DAY;
    const isOver = conduct.rounds.some((each) => each.day === day && each.state === 'withheld');
    if (isLate || isOver) continue;
    for (const leg of plan.legs.filter(({ id }) => legs.includes(id))) {
      const known = conduct.releases.find((each) => each.round === day && each.leg === leg.id);
      if (known !== undefined && !isOutdated(known, plan, conduct)) continue;
      const { record, value } = makeStoredRelease(version, leg, day);
      const release = { ...record, value, certified: now, at: now };
      if (!(await releases.create(release))) await releases.change([day, leg.id], () => release);
    }
  }
}

/** Nobody has what not all have promised to all, under one version, nor what the giver's room has not heard of, nor for longer than agreed. */
async function checkGranted(world: World, now: string): Promise<void> {
  const agreement = agreementOf(world);
  const promised = new Map<string, number>();
  for (const { party, registry } of world.rooms)
    for (const { leg, round, says, from, version } of await registry.commitments(agreement).list())
      if (from === party && says === 'committed') promised.set(`${leg} ${round}`, version);
  for (const room of world.rooms) {
    const { conduct } = await room.on();
    const heard = await room.registry.commitments(agreement).list();
    for (const { leg, releases } of await room.granted()) {
      const mustBe = (holds: boolean, promise: string) => {
        if (!holds) throw new Error(`${now}, ${leg} in the room of ${room.party}: ${promise}`);
      };
      const { from, to } = world.versions[0].legs.find(({ id }) => id === leg) ?? {};
      const stops = conduct.holders?.filter((by) => by === from || by === to) ?? [];
      mustBe(conduct.state === 'active' || conduct.state === 'suspended', 'the agreement is active, or paused');
      mustBe(stops.length === 0, `it does not stand still by ${stops.join(' and ')}`);
      for (const day of releases) {
        const round = conduct.rounds.find((each) => each.day === day);
        mustBe(round?.state === 'published', `the round of ${day} is published`);
        const under = round?.legs.map((each) => promised.get(`${each} ${day}`)) ?? [];
        mustBe(!under.includes(undefined), `all have promised the round of ${day}`);
        mustBe(new Set(under).size === 1, `all have promised the round of ${day} under one version`);
        const isHeard = round?.legs.every((each) =>
          heard.some((word) => word.leg === each && word.round === day && word.says === 'committed'),
        );
        mustBe(isHeard === true, `all promises of ${day} were heard here`);
        const release = conduct.releases.find((each) => each.round === day && each.leg === leg);
        const age = Date.parse(now) - Date.parse(release?.at ?? '');
        mustBe(age < RETAIN_DAYS * DAY, `the release of ${day} is as young as agreed`);
        world.counts.held += 1;
      }
    }
  }
}

/** Who has delivered on the day, and granted, is accused in no room, whatever got lost. */
async function checkAccused(world: World, now: string): Promise<void> {
  for (const room of world.rooms)
    for (const { kind, party = '', leg, round = '', since } of (await room.on()).conduct.breaches) {
      if (kind === 'resharing' || kind === 'overdue-destruction') continue;
      const isTrue = kind === 'late-delivery' && (world.late.get(round) === party || world.torn.has(round));
      if (!isTrue)
        throw new Error(`${now}: ${party} is accused by ${room.party} of ${kind} (${leg}, ${round}, ${since})`);
      world.counts.late += 1;
    }
}

/** From the breach on, its finder's room gives nothing to whom it was found of, and takes nothing either once both rooms know. */
async function checkHeldBack(world: World, now: string): Promise<void> {
  const [amber, birch] = world.rooms as readonly [PeerRoom, PeerRoom];
  const breach = (await amber.on()).conduct.breaches.find(({ report }) => report === REPORT);
  if (breach === undefined || breach.overruled !== undefined) return;
  const word = (await birch.on()).conduct.told?.find(({ report }) => report === REPORT);
  const knows = word?.state === 'stands' && word.measures.includes('suspend-party');
  const held = [await listGranted(world, amber, birch), knows ? await listGranted(world, birch, amber) : []].flat();
  if (held.length > 0) throw new Error(`${now}: ${held.join(', ')} is granted, and ${REPORT} stands`);
  if (knows) world.counts['held back'] += 1;
}

async function listGranted({ versions }: World, giver: PeerRoom, receiver: PeerRoom): Promise<readonly string[]> {
  const legs = versions[0].legs.filter(({ from, to }) => from === giver.party && to === receiver.party);
  return (await giver.granted()).map(({ leg }) => leg).filter((leg) => legs.some(({ id }) => id === leg));
}

/** Words have had days to arrive: what one room has published, all have. */
async function checkAgreed(world: World, now: string): Promise<void> {
  const seen = await Promise.all(
    world.rooms.map(async (room) => (await room.on()).conduct.rounds.map(({ day, state }) => `${day} ${state}`)),
  );
  for (const each of seen)
    if (each.join() !== seen[0]?.join()) throw new Error(`${now}: ${seen.map((all) => all.join(', ')).join(' | ')}`);
  world.counts['agreed on'] += seen[0]?.length ?? 0;
}

interface Story {
  /** When each room has all signatures on the amendment. */
  readonly amends: readonly number[];
  readonly found: number;
  readonly overruled: number;
  readonly leaves: boolean;
}

interface Act {
  readonly at: number;
  readonly act: () => Promise<unknown>;
}

const iso = (at: number) => new Date(at).toISOString();

/** What people do in the year, in each room, and when. */
function planActs(world: World, { amends, found, overruled, leaves }: Story): Act[] {
  const { rooms, random, versions } = world;
  const agreement = versions[0].agreement.id;
  const [amber, birch] = rooms as readonly [PeerRoom, PeerRoom];
  const pauser = rooms[Math.floor(random() * rooms.length)]?.party ?? '';
  const pause = (act: 'suspend' | 'resume', at: number) =>
    rooms.map(({ registry }, index) => ({
      at: at + index * 3 * HOUR,
      act: () =>
        pauseAgreement(registry, agreement, {
          ...{ act, by: pauser, reason: 'an audit of its own' },
          at: iso(at + index * 3 * HOUR),
        }),
    }));
  const leg = versions[0].legs.find(({ from, to }) => from === amber.party && to === birch.party);
  const breach = breachOf(versions[0], {
    ...{ report: REPORT, kind: 'resharing', trigger: 'resharing', party: birch.party, since: iso(found) },
    ...(leg === undefined ? {} : { leg: leg.id }),
  });
  const overruling = { by: amber.party, at: iso(overruled), reason: 'a bucket of a test' };
  const left = Date.UTC(2026, 8, 1, 9);
  return [
    ...rooms.map((room, index) => ({ at: amends[index]!, act: () => room.agree(versions[1], iso(amends[index]!)) })),
    ...pause('suspend', Date.UTC(2026, 0, 12, 9)),
    ...pause('resume', Date.UTC(2026, 0, 20, 9)),
    { at: found, act: () => amber.registry.breaches(agreement).create(breach) },
    {
      at: overruled,
      act: () => amber.registry.breaches(agreement).change([REPORT], (each) => ({ ...each, overruled: overruling })),
    },
    ...(leaves
      ? rooms.map(({ registry }) => ({
          at: left,
          act: () => recordNotice(registry, versions[1], pauser, 'a merger', iso(left)),
        }))
      : []),
  ];
}

/** Every two hours for a day after a round is due, after what is late comes, and after people have acted; else now and then. */
function listTimes(late: ReadonlyMap<string, string>, busy: readonly number[]): number[] {
  const rounds = MONTHS.map((month) => Date.UTC(2026, month, 1, 9));
  const dense = [...rounds, ...[...late.keys()].map((day) => Date.parse(`${day}T09:00:00Z`) + 4 * DAY), ...busy];
  const sparse = rounds.flatMap((nine) => [2, 4, 8, 12, 20, 30, 45, 79, 81].map((days) => nine + days * DAY));
  const times = dense.flatMap((from) => Array.from({ length: 13 }, (_, at) => from + at * 2 * HOUR));
  return [...new Set([...times, ...sparse, Date.UTC(2026, 11, 22, 9)])].sort((one, other) => one - other);
}

/** What differs from year to year. */
function drawStory(random: () => number, { parties }: Plan) {
  const isTorn = random() < 0.5;
  const isOnTheDay = random() < 0.5;
  const late = new Map<string, string>();
  for (const month of MONTHS)
    if (random() < 0.4) late.set(roundDay(month), parties[Math.floor(random() * parties.length)]?.id ?? '');
  // Days before the round of April, or in one room before it and in others after what that gives has been promised.
  const before = Date.UTC(2026, 2, 21, 9);
  const amends = parties.map((_, at) => before + at * 4 * HOUR + (isTorn && at > 0 ? 11 * DAY : 0));
  // In quiet days, or while rooms speak of a round.
  const [found, overruled] = isOnTheDay
    ? [Date.UTC(2026, 3, 1, 9 + Math.floor(random() * 24)), Date.UTC(2026, 6, 1, 9 + Math.floor(random() * 24))]
    : [Date.UTC(2026, 3, 20, 9), Date.UTC(2026, 7, 12, 9)];
  return { isTorn, late, amends, found, overruled, leaves: random() < 0.3 };
}

async function runYear(seed: number, plan: Plan): Promise<World> {
  const random = seedRandom(seed);
  let clock = Date.parse(EARLY);
  const bus = openLossyBus(random, () => clock);
  const versions = [plan, amended(plan)] as const;
  const rooms: PeerRoom[] = [];
  for (const { id } of plan.parties) rooms.push(await openPeerRoom(id, versions, bus, EARLY));
  const { isTorn, late, ...story } = drawStory(random, plan);
  const counts = { held: 0, late: 0, 'held back': 0, 'agreed on': 0 };
  const torn = new Set(isTorn ? [roundDay(3)] : []);
  const world: World = { random, versions, rooms, bus, late, torn, counts };
  let acts = planActs(world, story);
  for (const time of listTimes(late, [story.found, story.overruled])) {
    clock = time;
    const now = iso(time);
    for (const { act } of acts.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at)) await act();
    acts = acts.filter(({ at }) => at > time);
    for (const room of rooms) {
      await deliver(world, room, now);
      await room.tick(now);
    }
    for (const { to, event } of bus.take(time)) await rooms.find(({ party }) => party === to)?.hear(event, now);
    await checkGranted(world, now);
    await checkAccused(world, now);
    await checkHeldBack(world, now);
    if (new Date(time).getUTCDate() >= 12) await checkAgreed(world, now);
  }
  return world;
}

const PAIR = planYear(
  [
    [0, 1],
    [1, 0],
  ],
  () => 'P3M',
);
/** Of which the third gives every other time. */
const THREE = planYear(
  [
    [0, 1],
    [1, 0],
    [0, 2],
    [2, 0],
    [1, 2],
    [2, 1],
  ],
  (leg) => (leg === 3 || leg === 5 ? 'P6M' : 'P3M'),
);

/** How many years of each besides. */
const MORE = Number(process.env.PEER_YEARS ?? 0);
const YEARS = [
  ...[3, 5, 7, ...Array.from({ length: MORE }, (_, at) => 100 + at)].map((seed) => ['two', seed, PAIR] as const),
  ...[4, ...Array.from({ length: MORE }, (_, at) => 100 + at)].map((seed) => ['three', seed, THREE] as const),
];

test.each(YEARS)(
  'a year of %s peers’ rooms, by seed %p: nobody takes who does not give, nobody is accused for what got lost, and all come to one end',
  async (_, seed, plan) => {
    const { rooms, counts, bus } = await runYear(seed, plan);
    for (const [what, least] of [
      ['held', 50],
      ['held back', 10],
      ['agreed on', 50],
    ] as const)
      expect([what, counts[what] >= least]).toEqual([what, true]);
    expect(bus.counts.lost).toBeGreaterThan(40);
    for (const room of rooms) {
      expect((await room.on()).conduct.state).toBe('ended');
      expect(await room.granted()).toEqual([]);
      const { rounds } = (await room.on()).conduct;
      expect(rounds.filter(({ state }) => state === 'published').length).toBeGreaterThan(1);
    }
  },
  600_000,
);
