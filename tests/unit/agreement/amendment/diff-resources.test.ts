import { diffResources, listStepsAnew } from '../../../../lib/domain/agreement/amendment/diff-resources';
import type { Delivery, Plan, PlannedParty } from '../../../../lib/domain/agreement/plan/plan';
import { TELCO_RETAIL_PLAN as GRANT } from '../../../fixtures/plan';

/*
 * What AWS draws of it is held against the stacks in tests/templates/list-resources.test.ts. Here: what is granted beside, and
 * what a receiver does for it.
 */

const LEG = 'telco-retail-usage';
const by = (via: Delivery): Plan => ({ ...GRANT, legs: [{ ...GRANT.legs[0]!, via }, GRANT.legs[1]!] });
const retail = (changed: Partial<PlannedParty>, from = GRANT): Plan => ({
  ...from,
  parties: [from.parties[0]!, { ...from.parties[1]!, ...changed }],
});
const LAKE = by({ kind: 'lake-formation' });
const INBOX = by({ kind: 'sftp' });
const LINKS = by({ kind: 'api' });
const MOVED = { account: '777788889999' };
const gcs = (bucket: string) => by({ kind: 'gcs', bucket, serviceAccountSubjectId: '1' });

test.each<[string, Plan, Plan, readonly string[], readonly string[]]>([
  ['nothing', GRANT, structuredClone(GRANT), [], []],
  ['a leg granted in place of queries', LAKE, GRANT, ['removed share', 'added data grant'], ['accepts the data grant']],
  ['queries in place of it', GRANT, LAKE, ['removed data grant', 'added share'], ['accepts the share of tables']],
  ['queries in place alone', LAKE, by({ kind: 'query-only' }), ['replaced share'], ['accepts the share of tables']],
  ['an inbox', GRANT, INBOX, ['removed data grant', 'added inbox'], ['fetches from its inbox by SFTP']],
  ['links', INBOX, LINKS, ['removed inbox', 'added links'], ["fetches by the room's API"]],
  [
    'a product',
    LINKS,
    by({ kind: 'product', productId: 'prod-1' }),
    ['removed links', 'added place in the product'],
    ['subscribes to the product'],
  ],
  ['another warehouse', gcs('one'), gcs('other'), ['changed warehouse role'], ['sets up its warehouse']],
  ['a receiver that moves', GRANT, retail(MOVED), ['replaced data grant'], ['accepts the data grant']],
  ['a receiver of queries', LAKE, retail(MOVED, LAKE), ['replaced share'], ['accepts the share of tables']],
  ['a leg that goes', GRANT, { ...GRANT, legs: GRANT.legs.slice(1) }, ['removed data grant'], []],
])('%s', (_, old, next, told, steps) => {
  const resources = diffResources(old, next);
  const granted = resources.filter(({ what, id }) => id === LEG && WAYS.test(what));
  expect(granted.map(({ change, what }) => `${change} ${what}`)).toEqual(told);
  expect(listStepsAnew(resources, next)).toEqual(steps.map((does) => ({ party: 'retail', leg: LEG, does })));
});

const WAYS = /^(?:data grant|share|inbox|links|place in the product|warehouse role)$/;
