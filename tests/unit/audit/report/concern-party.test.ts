import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../../../lib/domain/agreement/plan/side';
import { concernParty } from '../../../../lib/domain/audit/report/concern-party';
import { tellAuditStory } from '../../../fixtures/audit-story';
import { describeSubject } from '../../../fixtures/audit-story-frame';
import { wordOf } from '../../../fixtures/party-keys';
import { makeRingPlan } from '../../../fixtures/sample-plan';
import { conductOfSwaps, planSwaps } from '../../../fixtures/swaps-of-four';

test('that the room took the role of a party is told to that party alone', () => {
  const plan = makeRingPlan();
  const [first, second] = plan.parties.map(({ id }) => id) as [string, string];
  const { agreements } = describeSubject(plan);
  const [row] = tellAuditStory({ accesses: 0 }).rows;
  const explained = (agreement: string) =>
    ({ kind: 'unattributed', reason: 'operator-as-party', as: { party: first, agreement } }) as const;
  const own = (party: string, agreement: string) =>
    concernParty(
      plan.agreement.id,
      party,
      agreements.map(({ inForce }) => inForce),
    ).isOwn({
      ...row!,
      actor: { kind: 'account', name: 'arn:aws:sts::1:assumed-role/Administrator/anna', account: '1' },
      resource: { kind: 'other', name: 'a role' },
      explained: explained(agreement),
    });
  expect([own(first, plan.agreement.id), own(second, plan.agreement.id), own(first, 'another')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('of decisions a party is told its own, and those on its legs: none on what others swap', () => {
  const plan = planSwaps([
    [0, 1],
    [1, 0],
    [1, 2],
  ]);
  const { agreement, legs } = plan;
  const { isOwnDecision } = concernParty(
    agreement.id,
    'pamber',
    describeSubject(plan).agreements.map((each) => each.inForce),
  );
  const decided = legs.flatMap(({ id: leg, from, to }) => [from, to].map((party) => ({ party, leg, agreement })));
  expect(decided.filter(isOwnDecision).map(({ leg }) => leg)).toEqual(
    [legs[0]!, legs[0]!, legs[1]!, legs[1]!].map(({ id }) => id),
  );
  expect(isOwnDecision({ party: 'pamber', leg: legs[0]!.id, agreement: { ...agreement, id: 'another' } })).toBe(false);
});

describe('why a round was withheld', () => {
  const plan = planSwaps([
    [0, 1],
    [1, 0],
    [1, 2],
  ]);
  const reasonFor = (party: string, reason: string) => {
    const inForce = describeSubject(plan).agreements.map((each) => each.inForce);
    const { selectConduct } = concernParty(plan.agreement.id, party, inForce);
    return selectConduct(conductOfSwaps(plan, [reason])).rounds.map((round) => round.reason);
  };
  const others = 'for a reason that concerns legs between other parties';

  test.each<[string, string, string]>([
    ['its own leg’s', 'pamber', `${plan.legs[0]!.id}: no certificate`],
    ['its own balance', 'pamber', 'pamber gets 30 % less than it gives'],
    ['what names nobody', 'pamber', 'the file is not the one on record'],
    ['all of its own legs', 'pbirch', 'pcedar gets 30 % less than it gives; pbirch too'],
  ])('is told of %s', (_, party, reason) => {
    expect(reasonFor(party, reason)).toEqual([reason]);
  });

  test.each<[string, string, string]>([
    ['a leg between others', 'pamber', `${plan.legs[2]!.id}: no certificate`],
    ['the balance of its partner with another', 'pamber', 'pbirch gets 30 % less than it gives'],
    ['a party that it has no leg with', 'pamber', 'pamber gives less than pcedar gets'],
  ])('is not told of %s', (_, party, reason) => {
    expect(reasonFor(party, reason)).toEqual([others]);
  });

  test('who has no leg in a round is told of no round', () => {
    expect(reasonFor('pdelta', 'the file is not the one on record')).toEqual([]);
  });
});

describe('a word on a breach', () => {
  const plan = planSwaps([
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
    [2, 3],
  ]);
  const [at, heard] = ['2026-03-02T07:00:00Z', '2026-03-02T08:00:00Z'];
  const said = { from: 'pamber', party: 'pbirch', at };
  const [leg] = plan.legs.filter(({ from, to }) => from === 'pbirch' && to === 'pcedar').map(({ id }) => id);
  const words = [
    { ...wordOf(plan, said, { report: 'of-none' }), heard },
    { ...wordOf(plan, said, { report: 'of-leg', leg: leg! }), heard },
    { ...wordOf(plan, said, { report: 'of-another', agreement: 'another' }), heard },
  ];
  const told = (party: string, side: Side) => {
    const inForce = describeSubject(planForSide(plan, side)).agreements.map((each) => each.inForce);
    const { selectConduct } = concernParty(plan.agreement.id, party, inForce);
    return selectConduct({ ...conductOfSwaps(plan, []), told: words }).told.map(({ report }) => report);
  };

  test.each<[string, string, readonly string[]]>([
    ['who says it', 'pamber', ['of-none', 'of-leg']],
    ['whom it is about', 'pbirch', ['of-none', 'of-leg']],
    ['who has the leg', 'pcedar', ['of-leg']],
    ['nobody else', 'pdelta', []],
  ])('is told to %s', (_, party, reports) => {
    expect(told(party, { kind: 'hosted' })).toEqual(reports);
  });

  test('is told to the party whose room it is, and to no other for that', () => {
    const side = { kind: 'peer', party: 'pdelta' } as const;
    expect([told('pdelta', side), told('pcedar', side).includes('of-none')]).toEqual([['of-none', 'of-leg'], false]);
  });
});
