import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { findUnfair } from '../../../../lib/domain/exchange/fairness/find-unfair';
import { versionOfRound } from '../../../../lib/domain/exchange/peers/version-of-word';
import { conductOf, placedFor, releaseOf, roundOf } from '../../../fixtures/conduct';
import { makeRingPlan } from '../../../fixtures/sample-plan';

const DAY = '2026-01-01';
const RING: Plan = { ...makeRingPlan(), fairness: { tolerance: 0.2, outside: 'withhold', weights: {} } };
const [FIRST] = RING.legs;

/** What the leg of each giver is worth. */
const judge = (worth: (giver: string) => number, plan: Plan, party?: string) => {
  const releases = plan.legs.map((leg) => ({ ...releaseOf(plan, leg.id, DAY), value: worth(leg.from) }));
  const side = planForSide(plan, party === undefined ? { kind: 'hosted' } : { kind: 'peer', party });
  return findUnfair(side, roundOf(plan, DAY), releases);
};

describe.each([undefined, ...RING.parties.map(({ id }) => id)])('in a ring, by the room of %s', (party) => {
  test('what is even goes out', () => {
    expect(judge(() => 100, RING, party)).toBeUndefined();
  });

  test.each(RING.legs.map(({ from, to }) => [from, to] as const))(
    'where %s gives too little, it is %s that loses, between whomever that is',
    (giver, loser) => {
      expect(judge((from) => (from === giver ? 50 : 100), RING, party)).toContain(
        `${loser} gets 50 % less than it gives`,
      );
    },
  );
});

test('what nobody knows the worth of is not taken for fair', () => {
  const releases = RING.legs.slice(1).map((leg) => ({ ...releaseOf(RING, leg.id, DAY), value: 100 }));
  const { value: _, ...unvalued } = releaseOf(RING, FIRST!.id, DAY);
  const judged = (plan: Plan) =>
    findUnfair(planForSide(plan, { kind: 'hosted' }), roundOf(plan, DAY), [unvalued, ...releases]);
  expect(judged(RING)).toMatch(new RegExp(`^nobody knows what ${FIRST!.id} is worth`));
  expect(judged({ ...RING, fairness: { ...RING.fairness, outside: 'warn' } })).toBeUndefined();
});

test('an agreement that only warns, or sets no tolerance, withholds nothing', () => {
  const worth = (from: string) => (from === FIRST!.from ? 50 : 100);
  for (const fairness of [
    { tolerance: 0.2, outside: 'warn', weights: {} },
    { outside: 'withhold', weights: {} },
  ] as const)
    expect(judge(worth, { ...RING, fairness })).toBeUndefined();
});

test('a round of peers is judged by the version under which all have promised it, in every room', () => {
  const next: Plan = {
    ...RING,
    agreement: { ...RING.agreement, version: 4 },
    fairness: { outside: 'warn', weights: {} },
  };
  const from = `${DAY}T06:00:00.000Z`;
  const conduct = conductOf(next, [], { versions: [placedFor(RING, { to: from }), placedFor(next, { from })] });
  const peer = { plan: planForSide(next, { kind: 'peer', party: 'telco' }), conduct };
  const [old, young] = [RING, next].map((plan) => RING.legs.map(({ id }) => releaseOf(plan, id, DAY)));
  expect(versionOfRound(peer, old!)).toBe(RING);
  expect(versionOfRound(peer, young!)).toBe(peer.plan);
  expect(versionOfRound(peer, [...old!.slice(0, 1), ...young!.slice(1)])).toBe(peer.plan);
  const hosted = { plan: planForSide(next, { kind: 'hosted' }), conduct };
  expect(versionOfRound(hosted, old!)).toBe(hosted.plan);
});
