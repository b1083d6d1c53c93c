import { recordProcessing } from '../../../../lib/domain/audit/report/record-processing';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

test.each([
  ['DE', 'DE', 'same-jurisdiction'],
  ['DE', 'FR', 'within-eea'],
  ['EU', 'DE-BY', 'within-eea'],
  ['NO', 'IS', 'within-eea'],
  ['DE', 'UK', 'to-review'],
  ['DE', 'CH', 'to-review'],
  ['US-CA', 'US-NY', 'to-review'],
  ['US-CA', 'DE', 'to-review'],
])('a disclosure from %s to %s is %s', (from, to, kind) => {
  const parties = PLAN.parties.map((party, at) => ({ ...party, jurisdiction: at === 0 ? from : to }));
  const held = { plan: { ...PLAN, parties }, from: '2026-01-01T00:00:00Z', places: [], sftpUsers: {}, doors: [] };
  const [record] = recordProcessing([held]);
  expect(record?.transfer).toEqual({ kind, from, to });
});
