import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { overruleBreach } from '../../../../lib/domain/enforcement/breaches/overrule-breach';
import { pauseAgreement } from '../../../../lib/domain/enforcement/words/pause-agreement';
import { breachOf } from '../../../fixtures/conduct';
import { at, heardIn, openPeerWorld, type PeerWorld, type Put, planPeers } from '../../../fixtures/peer-world';

/* Rooms of peers as they run, where something stands in the way: nobody honest is accused, and who takes gives. */

const PAIR = [
  [0, 1],
  [1, 0],
] as const;
const TRIANGLE = [...PAIR, [0, 2], [2, 0], [1, 2], [2, 1]] as const;
const PUBLISHED = { pamber: '2026-01-01 published', pbirch: '2026-01-01 published', pcedar: '2026-01-01 published' };

/** pcedar passes on to pamber nothing of what pbirch has promised to it. */
const keepFromPamber = ({ from, to, event }: Put) => {
  if (from !== 'pcedar' || to !== 'pamber') return event;
  const copy = JSON.parse(JSON.stringify(event));
  copy.detail.heard = heardIn(event).filter((word) => word.from !== 'pbirch');
  return copy;
};

test('while a third has it stand still, nobody owes a grant', async () => {
  const plan = planPeers(TRIANGLE);
  const world = await openPeerWorld(plan);
  // pbirch’s promise to pcedar, and all that pcedar says: pamber cannot publish.
  world.pass = (put) => (put.from === 'pcedar' && put.to === 'pamber' ? undefined : put.event);
  await world.run(9, 10, 0.25);
  for (const party of ['pamber', 'pbirch', 'pcedar'])
    await pauseAgreement(world.of(party).registry, plan.agreement.id, {
      ...{ act: 'suspend', by: 'pcedar', reason: 'a leak is looked into', at: at(10.1) },
    });
  await world.run(10.25, 40, 3);
  expect((await world.breaches()).filter((said) => said.includes('committed-not-granted'))).toEqual([]);
});

test('what a remedy withheld is not owed in the minute in which the remedy ends', async () => {
  const plan = planPeers([...PAIR, [1, 0]], {}, 'P10D');
  const legs = plan.legs.map((leg, index) => (index === 2 ? { ...leg, every: 'P1M' } : leg));
  const world = await openPeerWorld({ ...plan, legs });
  let isLate = true;
  // On the first of February pbirch owes by one leg, on the tenth by another.
  world.late = (party, day) => party === 'pbirch' && day === '2026-02-01' && isLate;
  for (const day of [0, 10, 20, 30, 31, 32, 40, 42]) await world.run(day * 24 + 9, day * 24 + 10, 0.5);
  expect(await world.of('pamber').granted()).toEqual([]);
  isLate = false;
  await world.run(43 * 24 + 9, 43 * 24 + 12, 0.25);
  const rounds = (await world.of('pamber').granted()).flatMap(({ releases }) => releases);
  expect(rounds).toContain('2026-02-10');
  expect(await world.breaches()).toEqual([
    'pamber: pbirch late-delivery 2026-02-01',
    'pbirch: pbirch late-delivery 2026-02-01',
  ]);
});

test('what its receiver passes on is a promise, where its giver reaches that one alone', async () => {
  const world = await openPeerWorld(planPeers([...PAIR, [2, 0], [1, 2]]));
  world.pass = ({ from, to, event }) => (from === 'pcedar' && to === 'pbirch' ? undefined : event);
  await world.run(9, 12, 0.25);
  await world.run(13, 60, 4);
  expect(await world.rounds()).toEqual(PUBLISHED);
  // Of itself pcedar says nothing to pbirch, which is told by pamber alone what pcedar gave.
  expect((await world.breaches()).filter((said) => !said.includes('pcedar committed-not-granted'))).toEqual([]);
});

describe('an amendment that leaves a leg out, and comes in while a round is half published', () => {
  const plan = planPeers(TRIANGLE);
  const versioned = (version: number, legs = plan.legs) => {
    const agreement = { ...plan.agreement, version, content: `c${version}`.repeat(32) };
    return { ...plan, agreement, legs };
  };
  const [without, again] = [versioned(4, plan.legs.slice(1)), versioned(5)];
  const [left = ''] = plan.legs.map(({ id }) => id);
  const rest = plan.legs.slice(1).map(({ id }) => id);
  const shown = async (world: Awaited<ReturnType<typeof openPeerWorld>>) => {
    const all = await Promise.all(['pamber', 'pbirch', 'pcedar'].map((party) => world.of(party).granted()));
    return all.flat().map(({ leg }) => leg);
  };

  test('takes nothing but that leg: who is last gives the rest, and nobody the leg, be it agreed again', async () => {
    const world = await openPeerWorld(plan, without, again);
    // pamber does not hear that pcedar believes pbirch, nor that it granted, and waits; the others have published.
    world.pass = ({ from, to, event }) => {
      if (to !== 'pamber') return event;
      const isPassedOn = heardIn(event).some((word) => word.from === 'pbirch');
      if (from === 'pcedar' && isPassedOn) return undefined;
      const copy = JSON.parse(JSON.stringify(event));
      copy.detail.heard = heardIn(event).filter(({ says }) => says !== 'granted');
      return copy;
    };
    await world.run(9, 11, 0.25);
    expect(await world.rounds()).toEqual({ ...PUBLISHED, pamber: '2026-01-01 open' });
    await world.agree(without, 11.1);
    world.pass = ({ event }) => event;
    await world.run(11.25, 13, 0.25);
    await world.run(14, 60, 23);
    expect(await world.rounds()).toEqual(PUBLISHED);
    expect((await shown(world)).sort()).toEqual(rest.toSorted());
    await world.agree(again, 61.1);
    await world.run(61.25, 120, 29);
    expect((await shown(world)).sort()).toEqual(rest.toSorted());
    expect(await world.breaches()).toEqual([]);
  });

  test('holds who is last to the rest', async () => {
    const world = await openPeerWorld(plan, without);
    await world.run(0.25, 0.25, 1);
    world.grants = (party) => party !== 'pamber';
    await world.run(9, 11, 0.25);
    await world.agree(without, 11.1);
    await world.run(11.25, 60, 12);
    expect(await world.breaches()).toEqual(['pcedar: pamber committed-not-granted 2026-01-01']);
  });

  test('and where its promise had not come to one room, that room asks for it', async () => {
    const world = await openPeerWorld(plan, without);
    // Of the leg that will go, pcedar hears nothing: at first not of who gives it either.
    let isCut = true;
    world.pass = ({ to, name, event }) => {
      if (to !== 'pcedar') return event;
      if (isCut && name.startsWith(`${left} `)) return undefined;
      const copy = JSON.parse(JSON.stringify(event));
      copy.detail.heard = heardIn(event).filter((word) => word.leg !== left);
      return copy;
    };
    await world.run(9, 11, 0.25);
    expect(await world.rounds()).toEqual({ ...PUBLISHED, pcedar: '2026-01-01 open' });
    await world.agree(without, 11.1);
    await world.run(11.25, 12, 0.25);
    isCut = false;
    await world.run(12.25, 13, 0.25);
    expect(await world.rounds()).toEqual(PUBLISHED);
    await world.run(14, 60, 23);
    expect(await world.breaches()).toEqual([]);
  });

  test('while it was not promised ends the round everywhere, and nobody is late', async () => {
    const world = await openPeerWorld(plan, without);
    world.late = (party) => party === 'pamber';
    await world.run(9, 11, 0.25);
    await world.agree(without, 11.1);
    await world.run(11.25, 60, 8);
    const withheld = '2026-01-01 withheld';
    expect(await world.rounds()).toEqual({ pamber: withheld, pbirch: withheld, pcedar: withheld });
    expect((await world.breaches()).filter((said) => !said.startsWith('pamber: pamber'))).toEqual([]);
    expect(await shown(world)).toEqual([]);
  });
});

test('who leaves out what others have promised to it keeps nobody from granting', async () => {
  const world = await openPeerWorld(planPeers(TRIANGLE));
  world.pass = keepFromPamber;
  await world.run(9, 10, 0.25);
  await world.run(11, 60, 4);
  expect(await world.rounds()).toEqual(PUBLISHED);
  expect(await world.breaches()).toEqual([]);
});

test('who has granted, and was not heard for a day, is accused until it is asked once more', async () => {
  const plan = planPeers(PAIR);
  const world = await openPeerWorld(plan);
  world.pass = ({ from, name, event }) => (from === 'pamber' && name.endsWith('granted') ? undefined : event);
  await world.run(9, 10, 0.25);
  await world.run(11, 35, 2);
  expect(await world.breaches()).toEqual(['pbirch: pamber committed-not-granted 2026-01-01']);
  world.pass = ({ event }) => event;
  await world.run(36, 38, 0.25);
  const [breach] = await world.of('pbirch').registry.breaches(plan.agreement.id).list();
  expect(breach?.resolvedAt).toBe(at(36));
});

test('who takes each round, and says a word instead of giving, is in breach after the second', async () => {
  const plan = planPeers(PAIR, {}, 'P1M');
  const world = await openPeerWorld(plan);
  await world.run(0.25, 0.25, 1);
  world.grants = (party) => party !== 'pamber';
  const { registry } = world.of('pamber');
  const leg = plan.legs[0]!.id;
  const taken = { do: 'suspend-party', party: 'pbirch', clause: 'remedies[1]' } as const;
  for (let month = 0; month < 5; month += 1) {
    const begin = (Date.UTC(2026, month, 1) - Date.UTC(2026, 0, 1)) / 3_600_000 + 1;
    if (month > 0) {
      const word = { by: 'pamber', at: at(begin - 1.5), reason: 'a test bucket' };
      await overruleBreach(registry, plan.agreement.id, `resharing:${month - 1}`, word);
      await world.run(begin - 1.25, begin - 1, 0.25);
    }
    await world.run(begin, begin + 1, 0.25);
    const since = at(begin + 1);
    await registry.breaches(plan.agreement.id).create(
      breachOf(plan, {
        ...{ report: `resharing:${month}`, kind: 'resharing', trigger: 'resharing', party: 'pbirch', leg, since },
        taken: [{ ...taken, at: since }],
      }),
    );
    await world.run(begin + 1.25, begin + 1.5, 0.25);
    await world.run(begin + 24, begin + 26 * 24, 48);
  }
  const rounds = new Set((await world.of('pbirch').granted()).flatMap(({ releases }) => releases));
  expect(await world.breaches()).toContain('pbirch: pamber committed-not-granted 2026-01-01');
  expect([...rounds].filter((day) => day > '2026-02-01')).toEqual([]);
});

/** pamber finds, rightly or not, that pbirch shared what it gave, and is by that no more to give it anything. */
async function accusePbirch(world: PeerWorld, plan: Plan, number: number, hours: number): Promise<void> {
  const [about, since] = [{ party: 'pbirch', leg: plan.legs[0]!.id }, at(hours)];
  await world
    .of('pamber')
    .registry.breaches(plan.agreement.id)
    .create(
      breachOf(plan, {
        ...{ report: `resharing:${number}`, kind: 'resharing', trigger: 'resharing', ...about, since },
        taken: [{ do: 'suspend-party', party: 'pbirch', clause: 'remedies[1]', at: since }],
      }),
    );
}

async function overrule(world: PeerWorld, plan: Plan, number: number, hours: number): Promise<void> {
  const word = { by: 'pamber', at: at(hours), reason: 'it was the other leg' };
  await overruleBreach(world.of('pamber').registry, plan.agreement.id, `resharing:${number}`, word);
}

test('who takes a word back and says another at once withholds rightly still', async () => {
  const plan = planPeers(PAIR);
  const world = await openPeerWorld(plan);
  const pbirch = world.of('pbirch');
  const { hear } = pbirch;
  let heard = 0;
  // Each word is heard by a call of its own, and the clock goes on meanwhile.
  pbirch.hear = (event, now) => {
    heard += 1;
    return hear(event, new Date(Date.parse(now) + 200 * (heard % 100)).toISOString());
  };
  await world.run(0.25, 0.25, 1);
  await accusePbirch(world, plan, 0, 0.3);
  await world.run(0.5, 12, 0.25);
  await accusePbirch(world, plan, 1, 12.1);
  await overrule(world, plan, 0, 12.15);
  // What stands arrives after what is over: a bus keeps no order.
  let last: unknown;
  world.pass = ({ to, event, name }) => {
    if (to !== 'pbirch' || name !== 'resharing:1 stands') return event;
    last = event;
    return undefined;
  };
  await world.run(12.25, 12.25, 1);
  world.pass = ({ event }) => event;
  await pbirch.hear(last, at(12.3));
  await world.run(12.5, 14, 0.25);
  await world.run(15, 60, 3);
  const told = await pbirch.registry.toldBreaches(plan.agreement.id).list();
  expect(told.map(({ report, state }) => `${report} ${state}`)).toEqual([
    'resharing:0 overruled',
    'resharing:1 stands',
  ]);
  expect(await world.breaches()).toEqual(['pamber: pbirch resharing', 'pamber: pbirch resharing']);
});

/* pamber has its word stand whenever a round comes out, and takes it back for so many minutes. */
test.each<[number, readonly string[], readonly string[]]>([
  [1, ['2026-01-01'], []],
  [14, ['2026-01-01'], []],
  [20, ['2026-01-01', '2026-02-01'], ['pbirch: pamber committed-not-granted 2026-01-01']],
])('who takes a word back for %p minutes, and gives nothing, has got the rounds of %p', async (gap, rounds, said) => {
  const plan = planPeers(PAIR, {}, 'P1M');
  const world = await openPeerWorld(plan);
  await world.run(0.25, 0.25, 1);
  world.grants = (party) => party !== 'pamber';
  const got = new Set<string>();
  const run = async (...looks: readonly [number, number, number]) => {
    await world.run(...looks);
    for (const { releases } of await world.of('pbirch').granted()) for (const day of releases) got.add(day);
  };
  await run(0.5, 2, 0.25);
  await accusePbirch(world, plan, 0, 2.1);
  await run(2.25, 3, 0.25);
  for (let month = 1; month < 4; month += 1) {
    const begin = (Date.UTC(2026, month, 1) - Date.UTC(2026, 0, 1)) / 3_600_000;
    await run(begin, begin + 2, 0.25);
    await overrule(world, plan, month - 1, begin + 2.1);
    await run(begin + 2.25, begin + 2.25, 1);
    const again = begin + 2.25 + gap / 60;
    for (let now = begin + 2.5; now < again; now += 0.25) await run(now, now, 1);
    await accusePbirch(world, plan, month, again);
    await run(again, again, 1);
    await run(begin + 3, begin + 6, 0.25);
    await run(begin + 24, begin + 26 * 24, 48);
  }
  expect([...got].sort()).toEqual(rounds);
  expect((await world.breaches()).filter((each) => each.includes('not-granted')).slice(0, 1)).toEqual(said);
});

test('who passes nothing on to one, and says to it that it granted to another, owes that one', async () => {
  const world = await openPeerWorld(planPeers(TRIANGLE));
  world.pass = (put) =>
    put.from === 'pcedar' && put.name.startsWith('pcedar-pamber') && put.name.endsWith('granted')
      ? undefined
      : keepFromPamber(put);
  await world.run(9, 10, 0.25);
  await world.run(11, 60, 12);
  expect(await world.rounds()).toEqual(PUBLISHED);
  expect(await world.breaches()).toContain('pamber: pcedar committed-not-granted 2026-01-01');
  expect((await world.breaches()).filter((said) => !said.includes(': pcedar '))).toEqual([]);
});

test('who has granted to one, and neither says so to another nor passes anything on to it, keeps nobody from granting', async () => {
  const world = await openPeerWorld(planPeers(TRIANGLE));
  world.pass = (put) =>
    put.from === 'pcedar' && put.to === 'pamber' && put.name.endsWith('granted') ? undefined : keepFromPamber(put);
  await world.run(9, 10, 0.25);
  await world.run(11, 60, 4);
  expect(await world.rounds()).toEqual(PUBLISHED);
  // Of what it gives to pamber itself, it has that one’s word alone.
  expect(await world.breaches()).toEqual(['pamber: pcedar committed-not-granted 2026-01-01']);
});

test('who takes a round, and then has the agreement stand still for good, is in breach', async () => {
  const plan = planPeers(PAIR);
  const world = await openPeerWorld(plan);
  await world.run(0.25, 0.25, 1);
  world.grants = (party) => party !== 'pamber';
  await world.run(0.5, 2, 0.5);
  for (const party of ['pamber', 'pbirch'])
    await pauseAgreement(world.of(party).registry, plan.agreement.id, {
      ...{ act: 'suspend', by: 'pamber', reason: 'a leak is looked into', at: at(2.1) },
    });
  await world.run(3, 40, 12);
  expect(await world.breaches()).toEqual(['pbirch: pamber committed-not-granted 2026-01-01']);
});
