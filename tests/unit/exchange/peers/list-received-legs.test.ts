import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { listExitLetters } from '../../../../lib/domain/enforcement/letters/list-exit-letters';
import { advanceAgreement } from '../../../../lib/domain/enforcement/registration/advance-agreement';
import { judgeDestruction, planExit, settle } from '../../../../lib/domain/exchange/entitlements/plan-exit';
import { planErasure } from '../../../../lib/domain/exchange/erasure/plan-erasure';
import { listAllParties } from '../../../../lib/domain/exchange/list-all-parties';
import { listReceivedLegs } from '../../../../lib/domain/exchange/peers/list-received-legs';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import type { ReleaseRecord } from '../../../../lib/domain/registry/round-records';
import { conductOf, releaseOf, roundOf } from '../../../fixtures/conduct';
import { attestationOf } from '../../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as FIRST } from '../../../fixtures/plan';
import { NOTHING_MADE } from '../../../fixtures/registered';

const [USAGE, PURCHASES] = FIRST.legs.map(({ id }) => id) as [string, string];
const bank = { ...FIRST.parties[0]!, id: 'bank', account: '555566667777' };
const toBank = { ...FIRST.legs[0]!, id: 'telco-bank-usage', to: 'bank' };
const versionOf = (version: number, changed: Partial<Plan>): Plan => ({
  ...FIRST,
  agreement: { ...FIRST.agreement, version },
  ...changed,
});
const WITH_BANK = versionOf(2, { parties: [...FIRST.parties, bank], legs: [...FIRST.legs, toBank] });
/** Neither the bank nor the leg to the telco is left. */
const LAST = versionOf(3, { legs: FIRST.legs.slice(0, 1) });
const EARLIER = [FIRST, WITH_BANK];
const release = (leg: string, round: string, state: ReleaseRecord['state'] = 'final') =>
  releaseOf(FIRST, leg, round, { state, value: 10 });
const ALL = [release(USAGE, '2026-01-08'), release(USAGE, '2026-01-01', 'revoked'), release(PURCHASES, '2026-01-01')];
const conduct = (releases: readonly ReleaseRecord[], changed: Partial<Conduct> = {}): Conduct =>
  conductOf(LAST, [], { earlier: EARLIER, releases, ...changed });

test.each<[string, Plan, readonly Plan[], readonly ReleaseRecord[], readonly (readonly unknown[])[]]>([
  ['nothing was received', LAST, EARLIER, [], []],
  ['what waits in escrow is not received', LAST, EARLIER, [release(USAGE, '2026-01-01', 'prepared')], []],
  ['of the version in force', FIRST, [], [release(USAGE, '2026-01-01')], [[USAGE, 1, ['2026-01-01']]]],
  [
    'rounds in their order, those taken back too; a leg that was left out, under the version in force of its party',
    LAST,
    EARLIER,
    ALL,
    [
      [USAGE, 3, ['2026-01-01', '2026-01-08']],
      [PURCHASES, 3, ['2026-01-01']],
    ],
  ],
  [
    'a party that was left out, under the last version that names it',
    LAST,
    EARLIER,
    [release(toBank.id, '2026-02-01')],
    [[toBank.id, 2, ['2026-02-01']]],
  ],
  [
    'a leg that came back is in force',
    versionOf(4, {}),
    [...EARLIER, LAST],
    [release(PURCHASES, '2026-01-01')],
    [[PURCHASES, 4, ['2026-01-01']]],
  ],
])('%s', (_, plan, earlier, releases, expected) => {
  const received = listReceivedLegs(plan, { earlier, releases });
  expect(
    received.map(({ leg, under, releases: own }) => [leg.id, under.agreement.version, own.map(({ round }) => round)]),
  ).toEqual(expected);
});

describe('a leg that was left out is followed like any other', () => {
  const ENDED = conduct([...ALL, release(toBank.id, '2026-02-01')], { state: 'ended' });
  const late = '2027-06-01T00:00:00Z';
  const attested = [attestationOf(FIRST, USAGE, late), attestationOf(FIRST, PURCHASES, late)];

  test('its receiver is asked to destroy, by the contacts that it had', () => {
    const letters = listExitLetters(LAST, ENDED, '2027-01-02T00:00:00Z');
    expect(letters.map(({ id, to }) => [id, to])).toEqual([
      [`exit:destroy:${USAGE}`, ['retail:exchange', 'retail:privacy']],
      [`exit:destroy:${PURCHASES}`, ['telco:exchange', 'telco:privacy']],
      [`exit:destroy:${toBank.id}`, ['bank:exchange', 'bank:privacy']],
    ]);
  });

  test('it is in breach when it does not, and nothing is settled until it has', () => {
    const judged = judgeDestruction(LAST, { ...ENDED, attestations: attested }, late);
    expect(judged).toMatchObject([{ report: `not-destroyed:${toBank.id}`, party: 'bank' }]);
    const current = { agreement: 'a', version: 3, state: 'ended', history: [], provisioned: NOTHING_MADE } as const;
    const stateWith = (attestations: Conduct['attestations']) =>
      advanceAgreement(LAST, { ...current, history: [] }, { ...ENDED, attestations }, late).state;
    expect(stateWith(attested)).toBe('ended');
    expect(stateWith([...attested, attestationOf(WITH_BANK, toBank.id, late)])).toBe('settled');
  });

  test('who never received anything is not asked', () => {
    expect(judgeDestruction(LAST, conduct([], { state: 'ended' }), late)).toEqual([]);
    expect(listExitLetters(LAST, conduct([], { state: 'ended' }), late)).toEqual([]);
  });

  test('its receiver stands in the way out, and in the settlement', () => {
    const steps = planExit(LAST, ENDED);
    expect(steps.find((step) => step.do === 'destruction-due')?.concerns).toEqual(['retail', 'telco', 'bank']);
    expect(steps.find((step) => step.do === 'delete-keys')?.concerns).toEqual([USAGE, PURCHASES, toBank.id]);
    const rounds = ['2026-01-01', '2026-02-01'].map((day) => roundOf(WITH_BANK, day));
    expect(settle(LAST, { ...ENDED, rounds })).toEqual([
      { party: 'telco', gave: 20, got: 10, owes: -10 },
      { party: 'retail', gave: 10, got: 10, owes: 0 },
      { party: 'bank', gave: 0, got: 10, owes: 10 },
    ]);
  });

  test('a person is erased from what it brought', () => {
    const request = { dataset: 'usage', subject: 'ab'.repeat(32), tokens: {}, at: '2026-03-01T00:00:00Z' };
    expect(
      planErasure(LAST, ENDED, request).receivers.map(({ leg, party, releases }) => [leg, party, releases]),
    ).toEqual([
      [USAGE, 'retail', ['2026-01-08', '2026-01-01']],
      [toBank.id, 'bank', ['2026-02-01']],
    ]);
  });
});

test('parties are those in force, and who was left out as it was named last', () => {
  expect(listAllParties(LAST, EARLIER).map(({ id }) => id)).toEqual(['telco', 'retail', 'bank']);
  const moved = { ...bank, account: '1'.repeat(12) };
  const again = versionOf(3, { parties: [...FIRST.parties, moved] });
  expect(listAllParties(versionOf(4, {}), [...EARLIER, again]).at(-1)).toBe(moved);
});
