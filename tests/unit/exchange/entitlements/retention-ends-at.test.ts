import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { listHeldVersions, retentionEndsAt } from '../../../../lib/domain/exchange/entitlements/retention-ends-at';
import type { Conduct } from '../../../../lib/domain/registry/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const [LEG] = TELCO_RETAIL_PLAN.legs as [Plan['legs'][number]];
const OUT = '2026-01-10T00:00:00Z';

/** A version by which a release is kept for so long. */
function planOf(version: number, retain: string): Plan {
  return {
    ...TELCO_RETAIL_PLAN,
    term: { ...TELCO_RETAIL_PLAN.term, starts: '2026-01-01' },
    agreement: { ...TELCO_RETAIL_PLAN.agreement, version },
    legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, retain })),
  };
}

type Held = Pick<Conduct['versions'][number], 'plan' | 'from' | 'to'>;
const held = (version: number, retain: string, from: string, to?: string): Held => ({
  plan: planOf(version, retain),
  from: `${from}T00:00:00Z`,
  ...(to === undefined ? {} : { to: `${to}T00:00:00Z` }),
});

/* Of what came out on 10 January: when its time is over, as it is seen on a day. */
test.each<[string, readonly Held[], string, string]>([
  ['by one version', [held(1, 'P30D', '2026-01-01')], '2026-01-20', '2026-02-09'],
  [
    'by a version that is to hold for longer, once it does',
    [held(1, 'P30D', '2026-01-01', '2026-02-01'), held(2, 'P60D', '2026-02-01')],
    '2026-02-02',
    '2026-03-11',
  ],
  [
    'by the version that holds, while one that shortens it is still to come',
    [held(1, 'P30D', '2026-01-01', '2026-01-25'), held(2, 'P5D', '2026-01-25')],
    '2026-01-20',
    '2026-02-09',
  ],
  [
    'by one that shortens it, no earlier than that holds',
    [held(1, 'P30D', '2026-01-01', '2026-01-25'), held(2, 'P5D', '2026-01-25')],
    '2026-01-26',
    '2026-01-25',
  ],
  [
    'by the version before, where it was over then',
    [held(1, 'P5D', '2026-01-01', '2026-02-01'), held(2, 'P60D', '2026-02-01')],
    '2026-02-02',
    '2026-01-15',
  ],
  [
    'at the very moment at which the next begins',
    [held(1, 'P5D', '2026-01-01', '2026-01-15'), held(2, 'P60D', '2026-01-15')],
    '2026-02-02',
    '2026-03-11',
  ],
  // All signed when the term had begun: what came out of it before then has the same time.
  ['by the first version, which nothing was agreed before', [held(1, 'P5D', '2026-01-20')], '2026-01-21', '2026-01-15'],
])('is over %s', (_, versions, day, over) => {
  const now = `${day}T12:00:00Z`;
  const inForce = versions.filter(({ from }) => from <= now).at(-1)!.plan;
  const told = versions.map((each) => ({ ...each, content: each.plan.agreement.content }));
  expect(retentionEndsAt(OUT, LEG, listHeldVersions(inForce, { versions: told }, now))).toBe(`${over}T00:00:00.000Z`);
});

test('before anything is on record as signed it is over as the plan says', () => {
  const plan = planOf(1, 'P30D');
  const versions = listHeldVersions(plan, { versions: [] }, '2026-01-20T12:00:00Z');
  expect(retentionEndsAt(OUT, LEG, versions)).toBe('2026-02-09T00:00:00.000Z');
});
