import { listRecordedDecisions } from '../../../../lib/domain/audit/attribution/list-recorded-decisions';
import type { DecisionRecord } from '../../../../lib/domain/registry/door-records';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const [USAGE] = PLAN.legs.map(({ id }) => id) as [string, string];

function recordOf(changed: Partial<DecisionRecord>): DecisionRecord {
  return {
    id: 'r',
    agreement: { id: PLAN.agreement.id, version: 1 },
    effect: 'permit',
    door: 'api',
    operation: 'read-release',
    party: 'retail',
    clause: '4',
    reason: 'agreed',
    policy: 'p',
    at: '2026-03-01T00:00:00Z',
    ...changed,
  };
}

test.each<[string, Partial<DecisionRecord>, readonly string[]]>([
  ['a permission to read explains reads of its leg', { leg: USAGE }, ['permit retail']],
  [
    'that it is not granted explains why they are none',
    { leg: USAGE, effect: 'forbid', policy: `entitlement:${USAGE}` },
    ['forbid retail'],
  ],
  [
    'a refused request forbids nothing else',
    { leg: USAGE, effect: 'forbid', reason: 'purpose', policy: 'forbid:purpose:read-release:retail' },
    [],
  ],
  ['nor does one that no policy permits', { leg: USAGE, effect: 'forbid', policy: 'none' }, []],
  ['a reading of no leg explains nothing', {}, []],
  ['a session explains what its party hands in', { operation: 'connect-sftp', party: 'telco' }, ['permit telco']],
  ['so does a link', { operation: 'request-upload', party: 'telco', dataset: 'usage' }, ['permit telco']],
  ['not for another dataset', { operation: 'request-upload', party: 'telco', dataset: 'purchases' }, []],
  ['a refused session forbids nothing else', { operation: 'connect-sftp', party: 'telco', effect: 'forbid' }, []],
  ['a certificate is no data', { operation: 'read-certificate', leg: USAGE }, []],
  ['an attestation does not end what is read', { operation: 'attest-destruction', leg: USAGE }, []],
  ['publishing is the giver’s', { operation: 'publish-release', party: 'telco', leg: USAGE }, []],
])('%s', (_, changed, expected) => {
  const found = listRecordedDecisions(PLAN, [recordOf(changed)]);
  expect(found.map(({ effect, party }) => `${effect} ${party}`)).toEqual(expected);
  expect(found.every(({ leg }) => leg === USAGE)).toBe(true);
});
