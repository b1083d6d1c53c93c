import { showDeliveries } from '../../../../lib/domain/enforcement/api/answers/list-deliveries';
import { deliveriesSchema } from '../../../../lib/domain/enforcement/api/api-schemas';
import type { RefusalRecord } from '../../../../lib/domain/registry/told-records';
import { conductOf, releaseOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const [USAGE] = PLAN.legs.map(({ id }) => id) as [string];
const DAY = PLAN.term.starts;
const show = (conduct: ReturnType<typeof conductOf>, refusals: readonly RefusalRecord[] = [], party = 'telco') => {
  const shown = showDeliveries(PLAN, conduct, refusals, party, DAY);
  expect(deliveriesSchema.safeParse(shown)).toMatchObject({ success: true });
  return shown;
};

const refusal = (changed: Partial<RefusalRecord>): RefusalRecord => ({
  ...{ id: 'run-1', agreement: PLAN.agreement.id, dataset: 'usage', file: 'march.csv' },
  ...{ error: 'GateNotPassed', at: '2026-03-10T09:00:00Z' },
  ...changed,
});

test.each(['prepared', 'final', 'revoked'] as const)('a delivery is as its release is: %s', (state) => {
  const conduct = conductOf(PLAN, [], { releases: [releaseOf(PLAN, USAGE, DAY, { state })] });
  expect(show(conduct).deliveries).toEqual([{ round: DAY, leg: USAGE, state, roundState: 'open' }]);
});

test('and awaited where there is none', () => {
  expect(show(conductOf(PLAN)).deliveries).toMatchObject([{ leg: USAGE, state: 'awaited' }]);
});

test.each<[string, Partial<RefusalRecord>, object]>([
  [
    'refused at the intake',
    { error: 'the delivery was refused: unreadable', problems: ['column "age" is missing.'] },
    { kind: 'refused', reason: 'unreadable', problems: ['column "age" is missing.'] },
  ],
  [
    'held back at a gate',
    { error: 'the release is withheld at the gate privacy' },
    { kind: 'failed', gate: 'privacy' },
  ],
  [
    'not certified',
    { problems: ['gate cleaning: too much.'] },
    { kind: 'failed', problems: ['gate cleaning: too much.'] },
  ],
  ['in a step that broke off', { error: 'Glue.JobFailed: row 7: Alice' }, { kind: 'broken', problems: [] }],
])('what went no further is told to its giver alone: %s', (_, changed, told) => {
  const { refused } = show(conductOf(PLAN), [refusal(changed)]);
  expect(refused).toEqual([expect.objectContaining({ run: 'run-1', dataset: 'usage', file: 'march.csv', ...told })]);
  expect(JSON.stringify(refused)).not.toContain('Alice');
  expect(show(conductOf(PLAN), [refusal(changed)], 'retail').refused).toEqual([]);
});
