import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../../../lib/domain/agreement/plan/side';
import { concernParty } from '../../../../lib/domain/audit/report/concern-party';
import { showAgreement } from '../../../../lib/domain/enforcement/api/answers/show-agreement';
import { listConcerned } from '../../../../lib/domain/enforcement/breaches/list-concerned';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { tellAuditStory } from '../../../fixtures/audit-story';
import { describeSubject } from '../../../fixtures/audit-story-frame';
import { wordOf } from '../../../fixtures/party-keys';
import { registerSigned } from '../../../fixtures/registered';
import { makeRingPlan } from '../../../fixtures/sample-plan';
import { conductOfSwaps, planSwaps } from '../../../fixtures/swaps-of-four';
import { sha256 } from '../sha256';

/** From and to, by place among the parties. */
const THREE_LEGS = [
  [0, 1],
  [1, 0],
  [1, 2],
] as const;
const FIVE_LEGS = [...THREE_LEGS, [2, 1], [2, 3]] as const;

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

test('where nobody known was is told to whose leg it is, and nobody else', () => {
  const plan = makeRingPlan();
  const [own, , others] = plan.legs;
  const [row] = tellAuditStory({ accesses: 0 }).rows;
  const agreements = describeSubject(plan).agreements.map(({ inForce }) => inForce);
  const { narrowRow } = concernParty(plan.agreement.id, own!.from, agreements);
  const { id, version } = plan.agreement;
  const at = (leg: string, agreement = id) =>
    narrowRow({
      ...row!,
      explained: {
        kind: 'unattributed',
        reason: 'no-agreement-then',
        reached: { agreement: { id: agreement, version }, leg, dataset: 'usage' },
      },
    }).explained;
  const foreign = plan.legs.find(({ from, to }) => ![from, to].includes(own!.from)) ?? others;
  expect(at(own!.id)).toHaveProperty('reached.leg', own!.id);
  const untold = { kind: 'unattributed', reason: 'no-agreement-then' };
  expect([at(foreign!.id), at(own!.id, 'another')]).toEqual([untold, untold]);
});

test('of decisions a party is told its own, and those on its legs: none on what others swap', () => {
  const plan = planSwaps(THREE_LEGS);
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
  const plan = planSwaps(THREE_LEGS);
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
  const swaps = planSwaps(FIVE_LEGS);
  const [at, heard] = ['2026-03-02T07:00:00Z', '2026-03-02T08:00:00Z'];
  const said = { from: 'pamber', party: 'pbirch', at };
  const leg = swaps.legs.find(({ from, to }) => from === 'pbirch' && to === 'pcedar')!.id;
  const of = (version: number, without: string): Plan => ({
    ...swaps,
    agreement: { ...swaps.agreement, version },
    parties: swaps.parties.filter(({ id }) => id !== without),
    legs: swaps.legs.filter(({ from, to }) => from !== without && to !== without),
  });
  // pecho was left out before anything was said, pcedar since.
  const pecho = { ...swaps.parties[0]!, id: 'pecho' };
  const plans = [{ ...of(1, 'pdelta'), parties: [...of(1, 'pdelta').parties, pecho] }, of(2, ''), of(3, 'pcedar')];
  const about = { version: 2, since: at };
  const words = [
    wordOf(swaps, said, { ...about, report: 'of-none' }),
    wordOf(swaps, said, { ...about, report: 'of-leg', leg }),
    wordOf(swaps, said, { ...about, report: 'of-no-leg-there-is', leg: 'pbirch-pdelta-nothing' }),
    wordOf(swaps, said, { ...about, report: 'of-first', version: 1 }),
    wordOf(swaps, said, { ...about, report: 'of-last', version: 3 }),
  ];

  /** By its own pack, and by what the room answers it. */
  const told = async (party: string, side: Side) => {
    const sides = plans.map((plan) => planForSide(plan, side));
    const inForce = sides.flatMap((plan) => describeSubject(plan).agreements.map((each) => each.inForce));
    const { selectConduct } = concernParty(swaps.agreement.id, party, inForce);
    const another = { ...words[0]!, agreement: 'another' };
    const reported = [...words, another].map((word) => ({ ...word, heard }));
    const pack = selectConduct({ ...conductOfSwaps(swaps, []), told: reported }).told.map(({ report }) => report);
    const [plan, ...earlier] = sides.toReversed();
    const { registry, agreement } = await registerSigned(plans[0]!, [], side);
    const on = await readConduct(registry, agreement);
    const conduct = { ...on!.conduct, told: words, earlier: earlier.toReversed() };
    const asked = { ...on!, plan: plan!, conduct, agreement, own: new Set<string>(), party, now: heard };
    const shown = await showAgreement({ ...asked, parts: { registry, sha256 } });
    expect(shown.told?.map(({ report }) => report)).toEqual(pack);
    return pack;
  };
  const all = words.map(({ report }) => report);

  test.each<[string, string, readonly string[]]>([
    ['who says it', 'pamber', all],
    ['whom it is about', 'pbirch', all],
    ['who has the leg, though left out since, and was a party then', 'pcedar', ['of-none', 'of-leg', 'of-first']],
    ['all parties where it names no leg, who came since too', 'pdelta', ['of-none', 'of-first', 'of-last']],
    ['nobody who was left out before', 'pecho', ['of-first']],
  ])('is told to %s', async (_, party, reports) => {
    expect(await told(party, { kind: 'peer', party: 'pamber' })).toEqual(reports);
  });

  test.each([
    ['pdelta', all],
    ['pamber', all],
    ['pbirch', all],
    ['pcedar', ['of-none', 'of-leg', 'of-first']],
  ])('is told to the party whose room it is, and to no other for that: %s', async (party, reports) => {
    expect(await told(party, { kind: 'peer', party: 'pdelta' })).toEqual(reports);
  });
});

describe('a breach, and a problem that is reported', () => {
  const all = planSwaps(FIVE_LEGS);
  const left = all.legs.find(({ from, to }) => from === 'pbirch' && to === 'pcedar')!.id;
  const without = (version: number, party: string): Plan => ({
    ...all,
    agreement: { ...all.agreement, version },
    parties: all.parties.filter(({ id }) => id !== party),
    legs: all.legs.filter(({ from, to }) => from !== party && to !== party),
  });
  // pcedar is left out by the second version, from April on.
  const plans = [{ ...all, agreement: { ...all.agreement, version: 1 } }, without(2, 'pcedar')];
  const change = '2026-04-01T00:00:00Z';
  const inForce = plans.flatMap((plan, at) =>
    describeSubject(plan).agreements.map((each) => {
      const { to: _, ...rest } = each.inForce;
      return at === 0 ? { ...rest, to: change } : { ...rest, from: change };
    }),
  );
  const parties = all.parties.map(({ id }) => id).toSorted();
  const conduct = conductOfSwaps(all, []);
  const toldInPacks = (about: { readonly party?: string; readonly leg?: string }, at: string) => {
    const { party: _, leg: __, ...breach } = conduct.breaches[0]!;
    const problem = { id: 'problem', agreement: all.agreement.id, party: about.party ?? 'nobody', text: 'x', at };
    const record = { breaches: [{ ...breach, ...about, at }], problems: [{ ...problem, ...about }] };
    return parties.filter((party) => {
      const told = concernParty(all.agreement.id, party, inForce).selectConduct({ ...conduct, ...record });
      const elsewhere = { ...record, breaches: [{ ...record.breaches[0]!, agreement: 'another' }] };
      const { selectConduct } = concernParty(all.agreement.id, party, inForce);
      expect(selectConduct({ ...conduct, ...elsewhere, problems: [] }).breaches).toEqual([]);
      expect(told.problems.length).toBe(told.breaches.length);
      return told.breaches.length > 0;
    });
  };
  const [before, after] = ['2026-03-02T07:00:00Z', '2026-04-02T07:00:00Z'];

  test.each([
    ['of no leg: all', { party: 'pamber' }, parties],
    ['of no leg, by whom is not known: all', {}, parties],
    ['of a leg: its parties', { party: 'pbirch', leg: left }, ['pbirch', 'pcedar']],
    ['of a leg, by another: its parties, and that one', { party: 'pdelta', leg: left }, ['pbirch', 'pcedar', 'pdelta']],
    ['of a leg that no version has: who is said to have done it', { party: 'pdelta', leg: 'none' }, ['pdelta']],
    ['of a leg that no version has, by nobody known: nobody', { leg: 'none' }, []],
  ])('is told in their own packs to those who have a letter about it: %s', (_, about, told) => {
    expect(toldInPacks(about, before)).toEqual(told);
    expect(listConcerned(plans[0]!, about).toSorted()).toEqual(told);
  });

  test.each([
    ['of no leg: all who are left', {}, ['pamber', 'pbirch', 'pdelta']],
    ['of no leg, by who was left out: it, too', { party: 'pcedar' }, parties],
    ['of a leg that was left out: its parties', { leg: left }, ['pbirch', 'pcedar']],
  ])('since a version left somebody out is told %s', (_, about, told) => {
    expect(toldInPacks(about, after)).toEqual(told);
    expect(listConcerned(plans[1]!, about, plans.slice(0, 1)).toSorted()).toEqual(told);
  });
});
