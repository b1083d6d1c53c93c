import type { Plan, PlannedLeg } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { draftCommitment } from '../../../../lib/domain/exchange/peers/commitment';
import { findAccepted, listPassedOn, listUnaccepted } from '../../../../lib/domain/exchange/peers/find-accepted';
import { findAmended } from '../../../../lib/domain/exchange/peers/find-amended';
import { NO_GRANTS_SEEN } from '../../../../lib/domain/exchange/peers/find-granted';
import { judgePeerRounds } from '../../../../lib/domain/exchange/peers/judge-peer-rounds';
import { listMissingPeers } from '../../../../lib/domain/exchange/peers/list-missing-peers';
import { listOwedGrants } from '../../../../lib/domain/exchange/peers/list-owed-grants';
import { planPublication } from '../../../../lib/domain/exchange/rounds/plan-publication';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import type { CommitmentRecord } from '../../../../lib/domain/registry/round-records';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../../fixtures/conduct';
import { signatureOf } from '../../../fixtures/registered';
import { makeRingPlan } from '../../../fixtures/sample-plan';

/* Each gives to the next: the clinic's room stands by while the telco gives to the retailer. */

const DAY = '2026-03-01';
const LATE = '2026-03-02T13:00:00Z';
const ring = makeRingPlan();
const PLAN: Plan = {
  ...ring,
  legs: ring.legs.map((leg) => ({ ...leg, every: 'P1M', retain: 'P1Y', via: { kind: 'sftp' } })),
};
const [USAGE, PURCHASES, VISITS] = PLAN.legs.map(({ id }) => id) as [string, string, string];
const accountOf = (party: string) => PLAN.parties.find(({ id }) => id === party)!.account;
const clinic = planForSide(PLAN, { kind: 'peer', party: 'clinic' });
const OPEN = roundOf(PLAN, DAY, { state: 'open' });
const conduct = conductOf(PLAN, [], { rounds: [OPEN] });

const word = (leg: string, changed: Partial<CommitmentRecord> = {}): CommitmentRecord => {
  const draft = draftCommitment(
    { plan: clinic },
    releaseOf(PLAN, leg, DAY, { value: 1 }),
    'committed',
    `${DAY}T10:00:00Z`,
  );
  const { algorithm, publicKey, signature } = signatureOf(PLAN, draft.from);
  return { ...draft, algorithm, publicKey, signature, heardAt: `${DAY}T10:00:00Z`, ...changed };
};
const wordsOf = (commitments: readonly CommitmentRecord[]) => ({ commitments, equivocations: [] });
const GRANTS = { says: 'granted' } as const;
const WORDS = PLAN.legs.map(({ id }) => word(id));
const ACCEPTED = WORDS.map((each) => (each.leg === USAGE ? { ...each, acceptedAt: `${DAY}T12:00:00Z` } : each));

describe('what is promised to another', () => {
  const find = (heard: readonly CommitmentRecord[], account = accountOf('retail'), known = WORDS) =>
    findAccepted({ plan: clinic, conduct }, { heard, account }, known).map(({ leg }) => leg);

  test('stands once its receiver’s room has passed the same word on', () => {
    expect(find([word(USAGE)])).toEqual([USAGE]);
  });

  test.each<[string, Parameters<typeof find>]>([
    ['its giver says so again', [[word(USAGE)], accountOf('telco')]],
    ['somebody else says so', [[word(USAGE)], '999999999999']],
    ['its receiver has heard nothing', [[]]],
    ['its receiver has heard another word', [[word(USAGE, { sha256: 'f'.repeat(64) })]]],
    ['its receiver has heard two', [[word(USAGE), word(USAGE, { value: 2 })]]],
    ['its receiver has heard of another round', [[word(USAGE, { round: '2026-04-01' })]]],
    ['its receiver has heard that it is granted', [[word(USAGE, GRANTS)]]],
    ['it is granted', [[word(USAGE, GRANTS)], accountOf('retail'), [word(USAGE, GRANTS)]]],
    ['it is known already', [[word(USAGE)], accountOf('retail'), ACCEPTED]],
    ['it is unknown here', [[word(USAGE)], accountOf('retail'), []]],
    ['it is promised to this room itself', [[word(PURCHASES)], accountOf('clinic')]],
  ])('does not where %s', (_, given) => {
    expect(find(...given)).toEqual([]);
  });
});

describe('until the receiver of a leg stands behind what was promised to it', () => {
  const releases = PLAN.legs.map(({ id }) => releaseOf(PLAN, id, DAY, { state: 'prepared' }));
  const kindBy = (
    commitments: readonly CommitmentRecord[],
    equivocations: Parameters<typeof listUnaccepted>[3] = [],
  ) => {
    const unaccepted = listUnaccepted({ plan: clinic, conduct }, commitments, OPEN, equivocations).map(({ id }) => id);
    const side = { gives: [VISITS], promised: commitments.map(({ leg }) => leg), unaccepted };
    const amended = findAmended(clinic, conduct, OPEN, releases, { ...side, now: LATE });
    const { kind, missing } = planPublication(OPEN, releases, amended, [], side);
    return { kind, missing };
  };

  test('a bystander gives nothing', () => {
    expect(kindBy(WORDS)).toEqual({ kind: 'waits', missing: [USAGE] });
    expect(kindBy(ACCEPTED)).toEqual({ kind: 'publish', missing: [] });
  });

  test('or has granted what it gives in that round, but not where its giver has said two things', () => {
    const granted = [...WORDS, word(PURCHASES, GRANTS)];
    expect(kindBy(granted)).toEqual({ kind: 'publish', missing: [] });
    expect(kindBy(granted, [{ round: DAY, leg: USAGE }])).toEqual({ kind: 'waits', missing: [USAGE] });
    for (const other of [
      { round: '2026-02-01', leg: USAGE },
      { round: DAY, leg: PURCHASES },
    ])
      expect(kindBy(granted, [other])).toEqual({ kind: 'publish', missing: [] });
    const before = [...WORDS, word(PURCHASES, { ...GRANTS, round: '2026-02-01' })];
    expect(kindBy(before)).toEqual({ kind: 'waits', missing: [USAGE] });
  });

  test('and holds nobody to a grant; from then on there is a day for it', () => {
    const owed = (commitments: readonly CommitmentRecord[]) =>
      listOwedGrants({ plan: clinic, conduct }, wordsOf(commitments), LATE).map(({ leg, since }) => [leg.id, since]);
    expect(owed(WORDS)).toEqual([]);
    expect(owed(ACCEPTED)).toEqual([[PURCHASES, '2026-03-02T12:00:00.000Z']]);
    const judge = (commitments: readonly CommitmentRecord[]) =>
      judgePeerRounds({ plan: clinic, conduct }, wordsOf(commitments), NO_GRANTS_SEEN, LATE).broken;
    expect(judge(WORDS)).toEqual([]);
    expect(judge(ACCEPTED)).toMatchObject([{ breach: 'committed-not-granted', party: 'retail', leg: PURCHASES }]);
  });

  test('but who keeps back what was promised to itself, and has granted to others, owes the rest', () => {
    const owed = (...granted: readonly CommitmentRecord[]) =>
      listOwedGrants({ plan: clinic, conduct }, wordsOf([...WORDS, ...granted]), '2026-03-03T00:00:00Z').map(
        ({ leg, since }) => [leg.id, since],
      );
    const heardAt = `${DAY}T15:00:00.000Z`;
    const byRetail = { ...word(PURCHASES), ...GRANTS, leg: 'to-another', heardAt };
    expect(owed(byRetail)).toEqual([[PURCHASES, '2026-03-02T15:00:00.000Z']]);
    expect(owed({ ...byRetail, heardAt: `${DAY}T09:00:00.000Z` })).toEqual([[PURCHASES, '2026-03-02T10:00:00.000Z']]);
    expect(owed({ ...byRetail, from: 'telco' })).toEqual([]);
    expect(owed({ ...byRetail, round: '2026-02-01' })).toEqual([]);
    // What another keeps back is none of its doing.
    const legs = [...PLAN.legs, { ...PLAN.legs[1]!, id: 'extra', to: 'telco' }];
    const plan = planForSide({ ...PLAN, legs }, { kind: 'peer', party: 'clinic' });
    const rounds = [{ ...OPEN, legs: legs.map(({ id }) => id) }];
    const words = [...WORDS, { ...word(PURCHASES), leg: 'extra' }, byRetail];
    expect(listOwedGrants({ plan, conduct: { ...conduct, rounds } }, wordsOf(words), LATE)).toEqual([]);
  });

  test('nor while others have the agreement stand still, when nothing is published; that puts it off', () => {
    const judge = (changed: Partial<Conduct>, now = LATE) =>
      judgePeerRounds(
        { plan: clinic, conduct: { ...conduct, ...changed } },
        wordsOf(ACCEPTED),
        NO_GRANTS_SEEN,
        now,
      ).broken.map(({ party, since }) => [party, since]);
    for (const holders of [['telco'], ['operator'], ['retail', 'clinic'], []])
      expect(judge({ state: 'suspended', holders })).toEqual([]);
    // Who alone has it so puts off nothing of its own, but where its room has ended it.
    const byGiver = { state: 'suspended', holders: ['retail'] } as const;
    expect(judge(byGiver)).toEqual([['retail', '2026-03-02T12:00:00.000Z']]);
    const breach = breachOf(PLAN, { report: 'r', kind: 'resharing', trigger: 'resharing', party: 'telco' });
    const said = { ...word(PURCHASES), report: 'r', party: breach.party ?? '', kind: breach.kind, since: DAY };
    const told: Conduct['told'] = [{ ...said, state: 'stands', measures: ['terminate'], heardAt: LATE }];
    expect(judge({ ...byGiver, told })).toEqual([]);
    const pauses = [{ from: '2026-03-02T11:00:00Z', to: LATE, by: ['telco'] }];
    expect(judge({ pauses })).toEqual([]);
    expect(judge({ pauses }, '2026-03-02T14:00:00Z')).toEqual([['retail', '2026-03-02T14:00:00.000Z']]);
    const own = [{ from: '2026-03-02T11:00:00Z', to: LATE, by: ['retail'] }];
    expect(judge({ pauses: own })).toEqual([['retail', '2026-03-02T12:00:00.000Z']]);
  });

  test.each<[string, readonly ((leg: PlannedLeg) => readonly PlannedLeg[])[], boolean]>([
    ['changes nothing of it', [(leg) => [leg]], true],
    ['leaves a leg of it out', [() => []], false],
    ['leaves a leg of it out, and a later one has it again', [() => [], (leg) => [leg]], false],
    ['has a leg go another way', [(leg) => [{ ...leg, via: { kind: 'api' } }]], false],
    [
      'has a leg go another way, and a later one as before',
      [(leg) => [{ ...leg, via: { kind: 'api' } }], (leg) => [leg]],
      false,
    ],
  ])('and what was promised before an amendment that %s is owed, but for that leg', (_, changes, isOwed) => {
    const owedWhere = (left: string) => listOwedSince(changes, left);
    expect(owedWhere(USAGE)).toEqual([PURCHASES]);
    expect(owedWhere(VISITS)).toEqual([PURCHASES]);
    expect(owedWhere(PURCHASES)).toEqual(isOwed ? [PURCHASES] : []);
  });

  function listOwedSince(changes: readonly ((leg: PlannedLeg) => readonly PlannedLeg[])[], left: string) {
    const amended = changes.map((change, at): Plan => {
      const agreement = { ...PLAN.agreement, version: PLAN.agreement.version + 1 + at, content: `c${at}`.repeat(32) };
      return { ...PLAN, agreement, legs: PLAN.legs.flatMap((leg) => (leg.id === left ? change(leg) : [leg])) };
    });
    const plans = [PLAN, ...amended];
    const begins = plans.map((plan, at) => (at === 0 ? plan.term.starts : `2026-03-0${at + 1}`));
    const versions = plans.map((plan, at) =>
      placedFor(plan, {
        from: `${begins[at]}T00:00:00.000Z`,
        ...(begins[at + 1] === undefined ? {} : { to: `${begins[at + 1]}T00:00:00.000Z` }),
      }),
    );
    const since = conductOf(plans.at(-1)!, [], { rounds: [OPEN], versions, earlier: plans.slice(0, -1) });
    const plan = planForSide(plans.at(-1)!, { kind: 'peer', party: 'clinic' });
    const owed = listOwedGrants({ plan, conduct: since }, wordsOf(ACCEPTED), '2026-03-05T13:00:00Z');
    return owed.map(({ leg }) => leg.id);
  }

  test('also of a leg that is left out since, and its receiver passes that on still', () => {
    const agreement = { ...PLAN.agreement, version: PLAN.agreement.version + 1 };
    const next = { ...PLAN, agreement, legs: PLAN.legs.filter(({ id }) => id !== USAGE) };
    const on = { plan: planForSide(next, { kind: 'peer', party: 'clinic' }), conduct: { ...conduct, earlier: [PLAN] } };
    const unaccepted = (plan = on.plan) => listUnaccepted({ ...on, plan }, WORDS, OPEN, []).map(({ id }) => id);
    expect(unaccepted()).toEqual([USAGE]);
    const asks = (words: readonly CommitmentRecord[], plan = on.plan) =>
      listMissingPeers({ ...on, plan }, OPEN, [...words, word(PURCHASES, GRANTS)], [], LATE);
    expect(asks(WORDS.slice(1))).toEqual(['telco']);
    expect(asks(ACCEPTED)).toEqual([]);
    const heard = { heard: [word(USAGE)], account: accountOf('retail') };
    expect(findAccepted(on, heard, WORDS).map(({ leg }) => leg)).toEqual([USAGE]);
    expect(listPassedOn(on, heard, WORDS.slice(1)).map(({ giver }) => giver)).toEqual([accountOf('telco')]);
    // Who is no party any more passes nothing on.
    const without = (party: string) => ({ ...on.plan, parties: on.plan.parties.filter(({ id }) => id !== party) });
    expect(unaccepted(without('retail'))).toEqual([]);
    expect(asks(WORDS.slice(1), without('telco'))).toEqual(['retail']);
  });

  test('but nobody waits for who gives nothing in the round, and has no word there to pass anything on with', () => {
    const round = roundOf(PLAN, DAY, { state: 'open', legs: [USAGE, VISITS] });
    const words = WORDS.filter(({ leg }) => round.legs.includes(leg));
    const prepared = releases.filter(({ leg }) => round.legs.includes(leg));
    const unaccepted = listUnaccepted({ plan: clinic, conduct }, words, round, []).map(({ id }) => id);
    expect(unaccepted).toEqual([]);
    const side = { gives: [VISITS], promised: round.legs, unaccepted };
    const amended = findAmended(clinic, conduct, round, prepared, { ...side, now: LATE });
    expect(planPublication(round, prepared, amended, [], side).kind).toBe('publish');
    expect(listMissingPeers({ plan: clinic, conduct }, round, [...words, word(USAGE, GRANTS)], [], LATE)).toEqual([]);
  });

  test('what has begun goes on', () => {
    const begun = roundOf(PLAN, DAY, { state: 'publishing' });
    const side = { gives: [VISITS], promised: [USAGE, PURCHASES, VISITS], unaccepted: [USAGE] };
    const amended = findAmended(clinic, conduct, begun, releases, { ...side, now: LATE });
    expect(planPublication(begun, releases, amended, [], side).kind).toBe('publish');
  });

  test('and asks that receiver, whatever it has said itself', () => {
    const granted = PLAN.legs.map(({ id }) => word(id, GRANTS));
    const asks = (commitments: readonly CommitmentRecord[]) =>
      listMissingPeers({ plan: clinic, conduct }, OPEN, [...commitments, ...granted], [], LATE);
    expect(asks(WORDS)).toEqual(['retail']);
    expect(asks(ACCEPTED)).toEqual([]);
  });
});

test('who is late to one owes its due from another, and is owed what the agreement does not withhold', () => {
  const [first] = PLAN.legs as [Plan['legs'][number]];
  const legs = [
    ['telco', 'retail'],
    ['retail', 'telco'],
    ['telco', 'clinic'],
    ['clinic', 'telco'],
  ].map(([from, to]) => ({ ...first, id: `${from}-${to}`, from: from!, to: to! }));
  const swaps: Plan = { ...PLAN, legs, remedies: [{ on: 'late-delivery', do: 'suspend-counterpart' }] };
  const plan = planForSide(swaps, { kind: 'peer', party: 'telco' });
  const round = roundOf(swaps, DAY, { legs: ['telco-retail', 'retail-telco'] });
  const late = breachOf(swaps, {
    party: 'telco',
    leg: 'telco-clinic',
    round: '2026-02-01',
    since: '2026-02-02T00:00:00Z',
  });
  const said = legs.slice(0, 2).map(({ id, from }) => word(USAGE, { leg: id, from }));
  const owed = (breaches: readonly (typeof late)[]) =>
    listOwedGrants({ plan, conduct: conductOf(swaps, [], { breaches, rounds: [round] }) }, wordsOf(said), LATE);
  for (const breaches of [[], [late]]) expect(owed(breaches).map(({ leg }) => leg.id)).toEqual(['retail-telco']);
});
