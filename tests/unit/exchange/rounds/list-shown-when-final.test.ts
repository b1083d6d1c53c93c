import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { listShownWhenFinal } from '../../../../lib/domain/exchange/rounds/list-shown-when-final';
import { conductOf, placedFor, releaseOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const DAY = '2026-03-01';

/** @param ways of its legs, in their order */
function versionOf(version: number, ways: readonly ('data-grant' | 'sftp' | 'lake-formation')[]): Plan {
  const legs = TELCO_RETAIL_PLAN.legs.map((leg, at) => ({ ...leg, via: { kind: ways[at] ?? 'sftp' } }));
  return { ...TELCO_RETAIL_PLAN, agreement: { ...TELCO_RETAIL_PLAN.agreement, version }, legs };
}

test('a release is seen by being final, or not, as the version said it by which it was made', () => {
  const [before, now] = [versionOf(1, ['data-grant', 'sftp']), versionOf(2, ['lake-formation', 'data-grant'])];
  const on = {
    plan: planForSide(now, { kind: 'hosted' }),
    conduct: conductOf(now, [], { versions: [before, now].map((plan) => placedFor(plan)) }),
  };
  const releases = [before, now].flatMap((plan) => plan.legs.map(({ id }) => releaseOf(plan, id, DAY)));
  const shown = listShownWhenFinal(on, releases).map(({ leg, version }) => `${leg} ${version}`);
  const [first, second] = TELCO_RETAIL_PLAN.legs.map(({ id }) => id);
  expect(shown).toEqual([`${first} 1`, `${second} 2`]);
});
