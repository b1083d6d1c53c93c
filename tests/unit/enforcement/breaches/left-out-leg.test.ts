import type { Measure } from '../../../../lib/domain/agreement/plan/measures';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide, type SidePlan } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { reportBreach } from '../../../../lib/domain/audit/report/report-conduct';
import { whenGrantIsDue } from '../../../../lib/domain/enforcement/breaches/when-grant-is-due';
import { listLetters } from '../../../../lib/domain/enforcement/letters/list-letters';
import { compilePolicies } from '../../../../lib/domain/enforcement/policies/compile-policies';
import { decide, NOTHING_USED } from '../../../../lib/domain/enforcement/policies/decide';
import type { EntitlementRecord } from '../../../../lib/domain/registry/round-records';
import { openCedarEngine } from '../../../../lib/policy/cedar-engine';
import { breachOf, conductOf, placedFor } from '../../../fixtures/conduct';
import { wordOf } from '../../../fixtures/party-keys';
import { planSwaps } from '../../../fixtures/swaps-of-four';

/*
 * A breach at a leg that the version in force has left out: whom it concerns, and what its remedy takes, goes by the last version
 * that had it. pcedar gave to pbirch, and pbirch to pdelta; pbirch still gets from pamber and pdelta.
 */

const EARLIER = planSwaps([
  [0, 1],
  [1, 0],
  [3, 1],
  [1, 3],
  [2, 1],
]);
const idOf = (from: string, to: string) => EARLIER.legs.find((leg) => leg.from === from && leg.to === to)!.id;
const LEFT_OUT = idOf('pcedar', 'pbirch');
const FAILED = idOf('pbirch', 'pdelta');
const NOW = '2026-01-20T12:00:00.000Z';
const DAY = '2026-01-05';
const GOT = [idOf('pamber', 'pbirch'), idOf('pdelta', 'pbirch')] as const;

function planWith(measure: Measure): SidePlan {
  const legs = EARLIER.legs
    .filter(({ id }) => id !== LEFT_OUT && id !== FAILED)
    .map((leg) => ({ ...leg, via: { kind: 'product', productId: `prod-${leg.dataset}` } as const }));
  const agreement = { ...EARLIER.agreement, version: 2 };
  const plan: Plan = { ...EARLIER, agreement, legs, remedies: [{ on: 'resharing', do: measure }] };
  return planForSide(plan, { kind: 'hosted' });
}

const about = (leg: string) =>
  ({ kind: 'resharing', trigger: 'resharing', party: 'pbirch', leg, since: '2026-01-10T00:00:00.000Z' }) as const;

function conductWith(plan: SidePlan, leg: string, taken: readonly Measure[] = []) {
  const clause = 'remedies[0]';
  const measures = taken.map((measure) => ({ do: measure, party: 'pbirch', leg, clause, at: about(leg).since }));
  const breaches = [breachOf(plan, { ...about(leg), taken: measures, overruled: OVERRULED })];
  return conductOf(plan, [DAY], { breaches, earlier: [EARLIER] });
}

const OVERRULED = { by: 'A. Human', at: '2026-01-12T00:00:00.000Z', reason: 'agreed by telephone' };

const write = (plan: SidePlan, leg: string, taken: readonly Measure[]) =>
  listLetters(
    { plan, conduct: conductWith(plan, leg, taken) },
    { erasures: [], refusals: [], problems: [], history: [] },
    NOW,
  ).filter(({ id }) => id.startsWith('breach:'));

test('is told to the parties of that leg alone', () => {
  const [letter] = write(planWith('warn'), LEFT_OUT, ['warn']);
  const told = new Set(letter?.to.map((contact) => contact.split(':')[0]));
  expect([...told].sort()).toEqual(['pbirch', 'pcedar']);
});

test.each([
  [LEFT_OUT, []],
  [GOT[0], [`What a product showed of ${GOT[0]} stays revoked.`]],
])('what was revoked for it stays revoked where it was granted: %s', (leg, lines) => {
  const [letter] = write(planWith('revoke'), leg, ['revoke']);
  expect(letter?.text.split('\n').filter((line) => line.includes('stays revoked'))).toEqual(lines);
});

test.each([
  [LEFT_OUT, 'P90D', 'permit', 'agreed', 'legs'],
  [LEFT_OUT, 'P1D', 'forbid', 'withdrawn', 'legs'],
  [GOT[0], 'P90D', 'forbid', 'withdrawn', 'remedies[0]'],
])(
  'what is revoked for it is nothing that its receiver gets by others: %s, kept for %s',
  (leg, retain, ...expected) => {
    const revoking = planWith('revoke');
    const plan = { ...revoking, legs: revoking.legs.map((each) => ({ ...each, retain })) };
    const policies = compilePolicies(plan);
    const conduct = conductOf(plan, [DAY], { breaches: [breachOf(plan, about(leg))], earlier: [EARLIER] });
    const operands = { round: DAY, purpose: plan.legs[0]!.purposes[0]!, ip: '192.0.2.7' };
    const request = { id: 'request-1', operation: 'read-release', party: 'pbirch', about: GOT[0], operands };
    const context = { plan, policies, conduct, used: NOTHING_USED, now: NOW };
    const { effect, reason, clause } = decide(request, context, openCedarEngine(policies));
    expect([effect, reason, clause.split('.')[0]]).toEqual(expected);
  },
);

test.each([
  [LEFT_OUT, 'done'],
  [GOT[0], 'due'],
])('the report does not wait for others to be withdrawn: %s', (leg, state) => {
  const plan = planWith('revoke');
  const { id: agreement, version } = plan.agreement;
  const entitlements = GOT.map(
    (each): EntitlementRecord => ({
      ...{ agreement, version, leg: each, party: 'pbirch', kind: 'product', releases: [DAY], state: 'granted' },
      ...{ clause: 'legs', reason: 'agreed', at: NOW },
    }),
  );
  const reported = reportBreach(plan, breachOf(plan, about(leg)), {
    current: { history: [] },
    entitlements,
    earlier: [EARLIER],
    versions: [placedFor(plan)],
    now: NOW,
  });
  expect(reported.remedies.map((remedy) => remedy.state)).toEqual([state]);
});

test.each([
  [FAILED, '2026-01-02T00:00:00.000Z'],
  [idOf('pbirch', 'pamber'), '2026-01-02T06:15:00.000Z'],
])('by a peer’s word the counterpart of that leg alone withholds, so that no other has more time: %s', (leg, due) => {
  const plan = planWith('suspend-counterpart');
  const held = { from: '2026-01-01T06:00:00.000Z', withheldFrom: '2026-01-01T06:00:00.000Z' };
  const word = wordOf(plan, { from: 'pamber', party: 'pbirch', at: held.from }, { leg, kind: 'resharing' });
  const told = [
    {
      ...word,
      measures: ['suspend-counterpart' as const],
      state: 'over' as const,
      held: { ...held, to: '2026-01-01T12:00:00.000Z' },
    },
  ];
  const given = plan.legs.find(({ from, to }) => from === 'pamber' && to === 'pbirch')!;
  const conduct = { breaches: [], told, earlier: [EARLIER], versions: [] };
  expect(whenGrantIsDue(plan, conduct, given, { begin: '2026-01-01T00:00:00.000Z', span: 'P1D' })).toBe(due);
});
