import { planForSide } from '../../../../lib/domain/agreement/plan/plan-for-side';
import { listDataSetNotices } from '../../../../lib/domain/exchange/report/list-data-set-notices';
import { breachOf, conductOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const VIAS = [{ kind: 'data-grant' }, { kind: 'sftp' }] as const;
const PLAN = { ...TELCO_RETAIL_PLAN, legs: TELCO_RETAIL_PLAN.legs.map((leg, at) => ({ ...leg, via: VIAS[at]! })) };
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const plan = planForSide(PLAN, { kind: 'hosted' });
const late = (leg: string) => breachOf(PLAN, { report: `late:${leg}:2026-03-01`, leg, round: '2026-03-01' });
const conduct = conductOf(PLAN, [], { breaches: [late(USAGE), late(PURCHASES)] });
const NOW = '2026-03-03T10:00:00Z';

test('a delay is told by the data set that it concerns, and while it lasts', () => {
  const notices = listDataSetNotices({ plan, conduct }, undefined, NOW);
  expect(notices).toMatchObject([
    { id: `data-set:delay:late:${USAGE}:2026-03-01`, leg: USAGE, about: { kind: 'delay' } },
  ]);
  const over = { ...conduct, breaches: [{ ...late(USAGE), resolvedAt: NOW }] };
  expect(listDataSetNotices({ plan, conduct: over }, undefined, NOW)).toEqual([]);
  expect(listDataSetNotices({ plan, conduct: { ...conduct, state: 'ended' } }, undefined, NOW)).toEqual([]);
});

test('a proposed version tells which released columns it adds, removes and changes, and takes no effect in the past', () => {
  const quiet = { ...conduct, breaches: [] };
  const [usage, purchases] = PLAN.datasets as [(typeof PLAN.datasets)[0], (typeof PLAN.datasets)[0]];
  const released = usage.columns.filter(({ releasedAs }) => releasedAs !== undefined);
  const [first, second] = released as [(typeof released)[0], (typeof released)[0]];
  const columns = [
    ...usage.columns.filter(({ name }) => name !== first.name && name !== second.name),
    { ...second, releasedAs: { kind: 'timestamp' as const } },
    { ...first, name: 'added' },
  ];
  const next = { ...PLAN, agreement: { ...PLAN.agreement, version: 2 }, datasets: [{ ...usage, columns }, purchases] };
  const [notice, ...more] = listDataSetNotices({ plan, conduct: quiet }, next, NOW);
  expect(more).toEqual([]);
  expect(notice).toMatchObject({ leg: USAGE, about: { kind: 'schema-change', at: '2026-03-04T00:00:00Z' } });
  const { changes } = notice!.about as { changes: readonly object[] };
  expect(new Set(changes)).toEqual(
    new Set([
      { column: first.name, change: 'remove' },
      { column: second.name, change: 'modify' },
      { column: 'added', change: 'add' },
    ]),
  );
  expect(listDataSetNotices({ plan, conduct: quiet }, { ...PLAN, agreement: next.agreement }, NOW)).toEqual([]);
});
