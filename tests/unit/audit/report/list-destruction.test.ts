import { listDestruction } from '../../../../lib/domain/audit/report/list-destruction';
import { destructionDueOn } from '../../../../lib/domain/exchange/entitlements/plan-exit';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const LEG = PLAN.legs[0]!.id;
const RELEASES = [{ agreement: PLAN.agreement, leg: LEG, state: 'final' } as const];

/** Of one version that held until then. */
function list(produced: string, to?: string) {
  const held = { plan: PLAN, from: '2026-01-01T00:00:00Z', places: [], sftpUsers: {}, doors: [] };
  const agreements = [{ ...held, ...(to === undefined ? {} : { to }) }];
  const duties = listDestruction(agreements, { attestations: [], releases: RELEASES }, produced);
  const { due, state } = duties.find(({ leg }) => leg === LEG)!;
  return [due, state];
}

test.each([
  ['at the end of its term', '2027-01-01T00:00:00.000Z', destructionDueOn(PLAN, {})],
  ['by a remedy, on its day', '2026-03-02T10:11:12.000Z', '2026-04-02'],
  ['by a notice, with its last day', '2026-06-01T00:00:00.000Z', '2026-07-01'],
])('destruction is due as the agreement has it, where it ended %s', (_, to, due) => {
  const before = new Date(Date.parse(`${due}T00:00:00Z`) - 1).toISOString();
  expect([list(before, to), list(`${due}T00:00:00Z`, to)]).toEqual([
    [due, 'not-due'],
    [due, 'overdue'],
  ]);
});

test('without a record it ends with its term', () => {
  expect(list('2026-12-01T00:00:00Z')).toEqual([destructionDueOn(PLAN, {}), 'not-due']);
});
