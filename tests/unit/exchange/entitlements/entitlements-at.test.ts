import { MEASURES, type Measure } from '../../../../lib/domain/agreement/plan/measures';
import type { Plan, PlannedLeg, PlannedRemedy } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { legsTouchedBy } from '../../../../lib/domain/enforcement/breaches/legs-touched-by';
import { listUntaken } from '../../../../lib/domain/enforcement/breaches/list-untaken';
import { entitlementsAt } from '../../../../lib/domain/exchange/entitlements/entitlements-at';
import { BREACH_KINDS, triggerOf } from '../../../../lib/domain/registry/breach-kinds';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import { breachOf, conductOf, placedFor, releaseOf, roundOf } from '../../../fixtures/conduct';
import { releaseAttestationsOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { signatureOf } from '../../../fixtures/registered';
import { makeRingPlan } from '../../../fixtures/sample-plan';

const NOW = '2026-03-10T10:00:00Z';
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const DAYS = ['2026-03-01', '2026-03-08'];

function at(conduct: Conduct, plan: Plan = PLAN, now = NOW) {
  return Object.fromEntries(entitlementsAt(plan, conduct, now).map(({ leg, ...rest }) => [leg, rest]));
}

test('what was agreed, signed, begun and published whole is granted, and says by what', () => {
  expect(at(conductOf(PLAN, DAYS))[USAGE]).toEqual({
    from: 'telco',
    party: 'retail',
    account: '444455556666',
    kind: 'data-grant',
    effect: 'grant',
    releases: DAYS,
    reason: 'agreed',
    clause: `legs.${USAGE}`,
  });
});

const bound = (control: string, id: string): Plan => ({
  ...PLAN,
  clauses: [{ id, text: 'So it is.', controls: [control], legalOnly: false }],
});

test.each<[string, Conduct, string, string, Plan]>([
  ['nobody signed', conductOf(PLAN, DAYS, { signatures: [] }), 'not-signed', '1.1', bound('access.signed', '1.1')],
  [
    'one has not signed',
    conductOf(PLAN, DAYS, { signatures: [signatureOf(PLAN, 'telco')] }),
    'not-signed',
    'parties',
    PLAN,
  ],
  [
    'something else was signed',
    conductOf(PLAN, DAYS, {
      signatures: ['telco', 'retail'].map((party) => signatureOf(PLAN, party, { content: '0'.repeat(64) })),
    }),
    'not-signed',
    'parties',
    PLAN,
  ],
  ['it has not begun', conductOf(PLAN, DAYS, { state: 'signed' }), 'not-active', 'term', PLAN],
  ['it was suspended', conductOf(PLAN, DAYS, { state: 'suspended' }), 'suspended', 'term', PLAN],
  ['it has ended', conductOf(PLAN, DAYS, { state: 'ended' }), 'not-active', '2', bound('access.term', '2')],
  ['its stack is gone', conductOf(PLAN, DAYS, { removed: true }), 'removed', 'parties', PLAN],
  ['no round was published', conductOf(PLAN), 'no-complete-round', '6.1', bound('escrow.all-or-none', '6.1')],
  [
    'a round is open',
    conductOf(PLAN, ['2026-03-01'], { rounds: [roundOf(PLAN, '2026-03-01', { state: 'open' })] }),
    'no-complete-round',
    `legs.${USAGE}`,
    PLAN,
  ],
  [
    'a round was taken back',
    conductOf(PLAN, ['2026-03-01'], { rounds: [roundOf(PLAN, '2026-03-01', { state: 'withheld' })] }),
    'no-complete-round',
    `legs.${USAGE}`,
    PLAN,
  ],
  [
    'the other gave nothing',
    conductOf(PLAN, ['2026-03-01'], { releases: [releaseOf(PLAN, USAGE, '2026-03-01')] }),
    'no-complete-round',
    `legs.${USAGE}`,
    PLAN,
  ],
])('nothing where %s', (_, conduct, reason, clause, plan) => {
  expect(at(conduct, plan)[USAGE]).toMatchObject({ effect: 'withhold', releases: [], reason, clause });
});

test.each([
  ['2025-12-31T23:59:59Z', 'before-term'],
  ['2027-01-01T00:00:00Z', 'after-term'],
])('nothing outside the term: %s', (now, reason) => {
  expect(at(conductOf(PLAN, DAYS), PLAN, now)[USAGE]).toMatchObject({ effect: 'withhold', reason });
});

test('both days of the term count, and a notice brings the last one forward', () => {
  const day = '2026-12-30';
  expect(at(conductOf(PLAN, [day]), PLAN, '2026-12-31T23:59:59Z')[USAGE]).toMatchObject({ effect: 'grant' });
  const ending = { by: 'telco', at: NOW, reason: 'done', lastDay: '2026-04-09', clause: '7' };
  const left = conductOf(PLAN, DAYS, { ending });
  expect(at(left, PLAN, '2026-04-09T23:00:00Z')[USAGE]).toMatchObject({ effect: 'grant' });
  expect(at(left, PLAN, '2026-04-10T00:00:00Z')[USAGE]).toMatchObject({ reason: 'after-term', clause: '7' });
});

test('a release is withdrawn when it may be kept no longer, the others stay', () => {
  const conduct = conductOf(PLAN, ['2026-01-01', '2026-06-01']);
  expect(at(conduct, PLAN, '2026-06-30T10:59:59Z')[USAGE]).toMatchObject({ releases: ['2026-01-01', '2026-06-01'] });
  expect(at(conduct, PLAN, '2026-06-30T11:00:00Z')[USAGE]).toMatchObject({ releases: ['2026-06-01'] });
  expect(at(conduct, PLAN, '2026-12-31T10:00:00Z')[USAGE]).toMatchObject({ effect: 'withhold', reason: 'withdrawn' });
});

test('what its receiver has signed to have destroyed is withdrawn at once, and of that leg alone', () => {
  const attested = (days: readonly string[]) =>
    at(conductOf(PLAN, DAYS, { releaseAttestations: releaseAttestationsOf(PLAN, USAGE, NOW, days) }));
  expect(attested(DAYS.slice(0, 1))[USAGE]).toMatchObject({ effect: 'grant', releases: DAYS.slice(1) });
  expect(attested(DAYS)[USAGE]).toMatchObject({ effect: 'withhold', reason: 'withdrawn', releases: [] });
  expect(attested(DAYS)[PURCHASES]).toMatchObject({ effect: 'grant', releases: DAYS });
});

describe('remedies', () => {
  const remedies: PlannedRemedy[] = [
    { on: 'late-delivery', after: 'P3D', do: 'suspend-counterpart' },
    { on: 'resharing', do: 'revoke' },
    { on: 'forbidden-access', after: 'P1D', do: 'terminate' },
  ];
  const plan = { ...PLAN, remedies };
  const late = breachOf(plan, { party: 'telco', leg: USAGE, round: '2026-02-28' });
  const reasons = (breach: object, now: string, given = plan) =>
    Object.values(at(conductOf(given, ['2026-02-21'], { breaches: [{ ...late, ...breach }] }), given, now)).map(
      ({ reason }) => reason,
    );

  test('who is late gets nothing from whom it owes, from the agreed time on and until it delivers', () => {
    expect(reasons({}, '2026-03-03T23:59:59Z')).toEqual(['agreed', 'agreed']);
    expect(reasons({}, '2026-03-04T00:00:00Z')).toEqual(['agreed', 'party-suspended']);
    const resolvedAt = '2026-03-06T08:00:00Z';
    expect(reasons({ resolvedAt }, '2026-03-06T07:59:59Z')).toEqual(['agreed', 'party-suspended']);
    expect(reasons({ resolvedAt }, resolvedAt)).toEqual(['agreed', 'agreed']);
  });

  test('it cites the clause that is bound to the interlock', () => {
    const clauses = [{ id: '8.2', text: 'Who is late waits.', controls: ['interlock.delivery'], legalOnly: false }];
    const conduct = conductOf(plan, ['2026-02-21'], { breaches: [late] });
    expect(at(conduct, { ...plan, clauses }, NOW)[PURCHASES]).toMatchObject({ clause: '8.2' });
    expect(at(conduct, plan, NOW)[PURCHASES]).toMatchObject({ clause: 'remedies[0]' });
  });

  test('what a person overruled has no effect, nor what names nobody', () => {
    const overruled = { by: 'A. Human', at: NOW, reason: 'a holiday' };
    expect(reasons({ overruled }, NOW)).toEqual(['agreed', 'agreed']);
    const { party: _, ...nobody } = late;
    const conduct = conductOf(plan, ['2026-02-21'], { breaches: [nobody] });
    expect(at(conduct, plan, NOW)[PURCHASES]).toMatchObject({ reason: 'agreed' });
  });

  test('resharing takes back what was there, not what comes after', () => {
    const breaches = [breachOf(plan, { kind: 'resharing', trigger: 'resharing', party: 'retail', leg: USAGE })];
    const conduct = conductOf(plan, ['2026-02-22', '2026-03-08'], { breaches });
    expect(at(conduct, plan)[USAGE]).toMatchObject({ releases: ['2026-03-08'] });
    expect(at(conduct, plan)[PURCHASES]).toMatchObject({ releases: ['2026-02-22', '2026-03-08'] });
  });

  /** Of the ring, in which the telco gives usage, gets visits, and has no part in purchases. */
  const RING = makeRingPlan();
  const [GIVEN, OTHERS, GOT] = RING.legs.map(({ id }) => id) as [string, string, string];
  const UNTOUCHED: ReadonlySet<Measure> = new Set(['warn', 'throttle']);
  const found = BREACH_KINDS.flatMap((kind) =>
    [GIVEN, GOT, OTHERS, undefined].flatMap((leg) => MEASURES.map((measure) => [measure, kind, leg] as const)),
  );
  test.each(found)('%s for %s at %s takes something, or is known to take nothing', (measure, kind, leg) => {
    const trigger = triggerOf(kind);
    const ring: Plan = { ...RING, remedies: [{ on: trigger, do: measure }] };
    const breach = breachOf(ring, { kind, trigger, party: 'telco', ...(leg === undefined ? {} : { leg }) });
    const [before, after] = [[], [breach]].map((breaches) => at(conductOf(ring, DAYS, { breaches }), ring));
    const changed = ring.legs.filter(({ id }) => JSON.stringify(after?.[id]) !== JSON.stringify(before?.[id]));
    const touched = legsTouchedBy(ring, { do: measure, party: 'telco', ...(leg === undefined ? {} : { leg }) }, []);
    expect(changed.map(({ id }) => id)).toEqual(touched);
    expect(listUntaken(ring, breach, NOW, [placedFor(ring)]).map((each) => each.do)).toEqual([measure]);
    // What others get is nobody's but theirs, unless the agreement ends.
    const expected = measure === 'terminate' ? RING.legs.map(({ id }) => id) : [GOT];
    expect(touched).toEqual(UNTOUCHED.has(measure) ? [] : expected);
  });

  test.each([
    ['at one that it gets, of that one', 'telco-retail-usage', ['telco-retail-usage']],
    [
      'at one that it gives, of all that it gets',
      'retail-telco-purchases',
      ['telco-retail-usage', 'bank-retail-usage'],
    ],
    ['at none, of all that it gets', undefined, ['telco-retail-usage', 'bank-retail-usage']],
  ])('a withdrawal for a breach %s', (_, leg, expected) => {
    const [usage, purchases] = PLAN.legs as [PlannedLeg, PlannedLeg];
    const legs = [usage, purchases, { ...usage, id: 'bank-retail-usage', from: 'bank' }];
    const breach = { do: 'revoke', party: 'retail', ...(leg === undefined ? {} : { leg }) } as const;
    expect(legsTouchedBy({ ...PLAN, legs }, breach, [])).toEqual(expected);
  });

  test.each([
    ['what it should have given', 'hub-telco-a', ['telco-hub-b']],
    ['what it got', 'telco-hub-b', ['telco-hub-b']],
    ['what it got of another', 'retail-hub-d', ['retail-hub-d']],
    ['what was for others, of whose data it is', 'retail-telco-e', ['retail-hub-d']],
    ['where it gets nothing of it', 'hub-bank-c', ['telco-hub-b', 'retail-hub-d']],
  ])('the counterpart of a party that failed another by %s', (_, leg, expected) => {
    const [usage] = PLAN.legs as [PlannedLeg, ...PlannedLeg[]];
    const legs = [
      { ...usage, id: 'hub-telco-a', from: 'hub', to: 'telco' },
      { ...usage, id: 'telco-hub-b', from: 'telco', to: 'hub' },
      { ...usage, id: 'hub-bank-c', from: 'hub', to: 'bank' },
      { ...usage, id: 'retail-hub-d', from: 'retail', to: 'hub' },
      { ...usage, id: 'retail-telco-e', from: 'retail', to: 'telco' },
    ];
    expect(legsTouchedBy({ ...PLAN, legs }, { do: 'suspend-counterpart', party: 'hub', leg }, [])).toEqual(expected);
  });

  describe('at a leg that a later version leaves out', () => {
    const [usage] = PLAN.legs as [PlannedLeg, ...PlannedLeg[]];
    const legOf = (from: string, to: string) => ({ ...usage, id: `${from}-${to}`, from, to, retain: 'P1Y' });
    const [gets, others] = [legOf('telco', 'bank'), legOf('telco', 'retail')];
    const kept = [legOf('retail', 'bank'), legOf('bank', 'telco')];
    const FEBRUARY = '2026-02-22';
    const judge = (left: PlannedLeg, remedy: Plan['remedies'][number], changed: Parameters<typeof breachOf>[1]) => {
      const first: Plan = { ...plan, legs: [gets, others, ...kept], remedies: [remedy] };
      const legs = first.legs.filter((leg) => leg !== left);
      const next: Plan = { ...first, agreement: { ...first.agreement, version: first.agreement.version + 1 }, legs };
      const breaches = [breachOf(first, { trigger: remedy.on, party: 'bank', leg: left.id, ...changed })];
      const earlier = [planForSide(first, { kind: 'hosted' })];
      const [before, after] = [conductOf(first, [FEBRUARY]), conductOf(next, [], { earlier, breaches })];
      const conduct = { ...after, rounds: before.rounds, releases: before.releases };
      const granted = entitlementsAt(next, conduct, NOW).filter(({ effect }) => effect === 'grant');
      return granted.map(({ leg }) => leg);
    };

    test.each([{}, { resolvedAt: '2026-03-02T00:00:00Z' }])('a withdrawal of it takes nothing else: %j', (over) => {
      const late = { on: 'late-delivery', do: 'revoke' } as const;
      expect(judge(gets, late, over)).toEqual(['telco-retail', 'retail-bank', 'bank-telco']);
    });

    test('what was for others still concerns whose data it was', () => {
      const forbidden = { on: 'forbidden-access', do: 'suspend-counterpart' } as const;
      const granted = judge(others, forbidden, { kind: 'other-partys-leg' });
      expect(granted).toEqual(['retail-bank', 'bank-telco']);
    });

    test('a withdrawal for what was never for it is still of all that it gets', () => {
      const forbidden = { on: 'forbidden-access', do: 'revoke' } as const;
      expect(judge(others, forbidden, { kind: 'other-partys-leg' })).toEqual(['bank-telco']);
    });
  });

  test('a withdrawal cites its remedy, and asked of one leg it is the same as asked of all', () => {
    const ring: Plan = { ...RING, remedies: [{ on: 'late-delivery', do: 'revoke' }] };
    const conduct = conductOf(ring, ['2026-03-01'], { breaches: [breachOf(ring, { party: 'telco', leg: GIVEN })] });
    expect(at(conduct, ring)[GOT]).toMatchObject({ effect: 'withhold', reason: 'withdrawn', clause: 'remedies[0]' });
    const all = entitlementsAt(ring, conduct, NOW);
    const each = ring.legs.flatMap((leg) => entitlementsAt(ring, conduct, NOW, [leg]));
    expect(each).toEqual(all);
  });

  test('a withdrawal takes what was out by its day, though its round is of a later one, and rounds up to it whenever they came out', () => {
    const ring: Plan = { ...RING, remedies: [{ on: 'late-delivery', do: 'revoke' }] };
    const breaches = [breachOf(ring, { party: 'telco', leg: GIVEN, since: '2026-03-05T09:00:00Z' })];
    const grantedOf = (round: string, outAt: string) => {
      const conduct = conductOf(ring, [round], { breaches });
      const releases = conduct.releases.map((release) => ({ ...release, at: outAt }));
      return at({ ...conduct, releases }, ring, '2026-03-20T00:00:00Z')[GOT]?.releases;
    };
    expect(grantedOf('2026-03-08', '2026-03-04T11:00:00Z')).toEqual([]);
    expect(grantedOf('2026-03-08', '2026-03-05T23:00:00Z')).toEqual([]);
    expect(grantedOf('2026-03-08', '2026-03-06T00:00:00Z')).toEqual(['2026-03-08']);
    expect(grantedOf('2026-03-05', '2026-03-06T11:00:00Z')).toEqual([]);
  });

  test('a termination closes everything at once', () => {
    expect(reasons({ kind: 'bulk-read', trigger: 'forbidden-access' }, '2026-03-02T00:00:00Z')).toEqual([
      'terminated',
      'terminated',
    ]);
  });

  test('in a ring, who is late gets nothing at all', () => {
    const ring = { ...makeRingPlan(), remedies };
    const breaches = [breachOf(ring, { party: 'telco', leg: 'telco-retail-usage' })];
    const granted = entitlementsAt(ring, conductOf(ring, ['2026-02-21'], { breaches }), NOW);
    expect(granted.filter(({ effect }) => effect === 'withhold').map(({ party }) => party)).toEqual(['telco']);
  });
});
