import type { Transition } from '../../../../lib/domain/agreement/lifecycle';
import { advanceAgreement } from '../../../../lib/domain/enforcement/registration/advance-agreement';
import {
  destructionDueOn,
  giveNotice,
  judgeDestruction,
  planExit,
  settle,
} from '../../../../lib/domain/exchange/entitlements/plan-exit';
import type { CurrentRecord } from '../../../../lib/domain/registry/agreement-records';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import { breachOf, conductOf, releaseOf } from '../../../fixtures/conduct';
import { attestationOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { NOTHING_MADE } from '../../../fixtures/registered';

const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
/** Everybody has received a release. */
const OUT = conductOf(PLAN, ['2026-01-01']);
const NOTICE = giveNotice(PLAN, 'telco', 'a better offer', '2026-03-02T09:00:00Z');

test('a notice runs from its day on, and never beyond the term', () => {
  expect(NOTICE).toMatchObject({ by: 'telco', lastDay: '2026-04-01', clause: 'term.exit.notice' });
  expect(giveNotice(PLAN, 'telco', 'late', '2026-12-20T09:00:00Z').lastDay).toBe('2026-12-31');
});

test('the way out, day by day', () => {
  expect(planExit(PLAN, { ...OUT, ending: NOTICE }).map((step) => [step.do, step.on])).toEqual([
    ['notice', '2026-03-02'],
    ['last-round', '2026-03-26'],
    ['revoke-all', '2026-04-02'],
    ['delete-keys', '2026-04-02'],
    ['ask-destruction', '2026-04-02'],
    ['destruction-due', '2026-05-02'],
    ['settle', '2026-05-02'],
  ]);
  expect(planExit(PLAN, OUT).find((step) => step.do === 'revoke-all')?.on).toBe('2027-01-01');
  expect(
    planExit(PLAN, { ...OUT, ending: NOTICE }).every(({ clause, concerns }) => clause !== '' && concerns.length > 0),
  ).toBe(true);
});

/** As `advanceAgreement` writes it. */
const endOf = (at: string, changed: Partial<Transition> = {}): Transition => ({
  ...{ act: 'end', from: 'active', to: 'ended', at, by: 'room' },
  ...{ reason: 'resharing by retail', clause: 'remedies[0]', ...changed },
});

test('what a remedy ends is taken back on that day, and destroyed as long after it as is agreed', () => {
  const ended = endOf('2026-03-02T14:00:00Z');
  const way = (conduct: Partial<Conduct>) =>
    planExit(PLAN, { ...OUT, ...conduct }).map((step) => `${step.do} ${step.on} ${step.clause}`);
  const early = [
    'last-round 2026-02-26 legs',
    'revoke-all 2026-03-02 remedies[0]',
    'delete-keys 2026-03-02 term.exit.destroyWithin',
    'ask-destruction 2026-03-02 term.exit.destroyWithin',
    'destruction-due 2026-04-02 term.exit.destroyWithin',
    'settle 2026-04-02 term.exit.destroyWithin',
  ];
  expect(way({ ended })).toEqual(early);
  expect(way({ ended, ending: NOTICE })).toEqual(['notice 2026-03-02 term.exit.notice', ...early]);
});

test.each(['2027-01-01T00:05:00Z', '2027-02-20T09:00:00Z'])(
  'who looks at the end of the term as late as %s moves nothing',
  (at) => {
    const late = { ...OUT, ended: endOf(at, { reason: 'its term is over', clause: 'term.ends' }) };
    expect(planExit(PLAN, late)).toEqual(planExit(PLAN, OUT));
    expect(destructionDueOn(PLAN, { ...late, ending: NOTICE })).toBe('2026-05-02');
  },
);

test('who keeps what it got under an agreement that a remedy ended is in breach when that time is over', () => {
  const judge = (now: string) =>
    judgeDestruction(PLAN, { ...OUT, ended: endOf('2026-03-02T14:00:00Z'), attestations: [attested(USAGE)] }, now);
  expect(judge('2026-04-01T23:59:59Z')).toEqual([]);
  expect(judge('2026-04-02T00:00:00Z')).toMatchObject([{ breach: 'overdue-destruction', leg: PURCHASES }]);
});

const attested = (leg: string) => attestationOf(PLAN, leg, '2026-04-20T00:00:00Z');

test('who has not attested in time is in breach', () => {
  const judge = (now: string) =>
    judgeDestruction(PLAN, { ...OUT, ending: NOTICE, attestations: [attested(USAGE)] }, now);
  expect(judge('2026-05-01T23:59:59Z')).toEqual([]);
  expect(judge('2026-05-02T00:00:00Z')).toMatchObject([
    { breach: 'overdue-destruction', party: 'telco', leg: PURCHASES },
  ]);
});

test('what is owed at the end is what was got and not given, in published rounds alone', () => {
  const days = ['2026-01-01', '2026-01-08'];
  const worth = (leg: string, day: string, value: number) => releaseOf(PLAN, leg, day, { value });
  const conduct = conductOf(PLAN, days.slice(0, 1), {
    releases: [worth(USAGE, days[0]!, 100), worth(PURCHASES, days[0]!, 80), worth(USAGE, days[1]!, 999)],
  });
  expect(settle(PLAN, conduct)).toEqual([
    { party: 'telco', gave: 100, got: 80, owes: -20 },
    { party: 'retail', gave: 80, got: 100, owes: 20 },
  ]);
});

describe('an agreement goes its way by itself', () => {
  const CURRENT: CurrentRecord = {
    agreement: PLAN.agreement.id,
    version: 1,
    state: 'signed',
    history: [],
    provisioned: NOTHING_MADE,
  };
  const all = [attested(USAGE), attested(PURCHASES)];

  test.each<[string, Partial<CurrentRecord>, string, ReturnType<typeof attested>[], string]>([
    ['waits for its first day', {}, '2025-12-31T23:59:59Z', [], 'signed'],
    ['begins', {}, '2026-01-01T00:00:00Z', [], 'active'],
    ['goes on', { state: 'active' }, '2026-12-31T23:59:59Z', [], 'active'],
    ['ends after its last day', { state: 'active' }, '2027-01-01T00:00:00Z', [], 'ended'],
    ['ends after a notice', { state: 'active', ending: NOTICE }, '2026-04-02T00:00:00Z', [], 'ended'],
    ['ends though it is suspended', { state: 'suspended' }, '2027-01-01T00:00:00Z', [], 'ended'],
    ['is not settled while one has to attest', { state: 'ended' }, '2027-03-01T00:00:00Z', all.slice(0, 1), 'ended'],
    ['is settled when all have', { state: 'ended' }, '2027-03-01T00:00:00Z', all, 'settled'],
    ['does all of it at once, had nobody looked', {}, '2027-03-01T00:00:00Z', all, 'settled'],
    ['never begins as a draft', { state: 'draft' }, '2026-06-01T00:00:00Z', all, 'draft'],
  ])('%s', (_, current, now, attestations, state) => {
    const after = advanceAgreement(PLAN, { ...CURRENT, ...current }, { ...OUT, attestations }, now);
    expect(after.state).toBe(state);
    for (const { clause, reason, by, at } of after.history)
      expect([clause !== '', reason !== '', by, at]).toEqual([true, true, 'room', now]);
  });

  test.each([
    ['nothing was received', conductOf(PLAN, []), 'nothing was received from here'],
    ['all was attested', { ...OUT, attestations: all }, 'everybody has attested that what it received is destroyed'],
  ])('what is settled says why: %s', (_, conduct, reason) => {
    const { state, history } = advanceAgreement(PLAN, CURRENT, conduct, '2027-03-01T00:00:00Z');
    expect(state).toBe('settled');
    expect(history.at(-1)).toMatchObject({ act: 'settle', reason, clause: 'term.exit.destroyWithin' });
  });

  test('a remedy may end it, by its clause', () => {
    const plan = { ...PLAN, remedies: [{ on: 'resharing' as const, do: 'terminate' as const }] };
    const breaches = [breachOf(plan, { trigger: 'resharing', party: 'retail' })];
    const after = advanceAgreement(plan, { ...CURRENT, state: 'active' }, { ...OUT, breaches }, '2026-03-02T00:00:00Z');
    expect(after).toMatchObject({
      state: 'ended',
      history: [{ act: 'end', reason: 'resharing by retail', clause: 'remedies[0]' }],
    });
  });
});
