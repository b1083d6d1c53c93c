import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { recordProcessing } from '../../../../lib/domain/audit/report/record-processing';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

function record(from: string, to: string, safeguardBy?: string, basisBy?: string) {
  const parties = PLAN.parties.map((party, at) => ({ ...party, jurisdiction: at === 0 ? from : to }));
  const legs = PLAN.legs.map((leg) => ({ ...leg, ...(safeguardBy !== undefined && { safeguardBy }) }));
  const datasets = PLAN.datasets.map((dataset) => ({ ...dataset, ...(basisBy !== undefined && { basisBy }) }));
  return recordOf({ ...PLAN, parties, legs, datasets });
}

function recordOf(plan: Plan) {
  return recordProcessing([{ plan, from: '2026-01-01T00:00:00Z', places: [], sftpUsers: {}, doors: [] }])[0];
}

test.each([
  ['DE', 'DE', undefined, 'same-jurisdiction'],
  ['DE', 'FR', undefined, 'within-eea'],
  ['DE', 'UK', undefined, 'adequate'],
  ['DE', 'UK', '7', 'adequate'],
  ['DE', 'US-CA', undefined, 'to-review'],
  ['DE', 'US-CA', '7', 'safeguarded'],
  ['US-CA', 'US-NY', undefined, 'to-review'],
  ['US-CA', 'DE', undefined, 'to-review'],
  ['US-CA', 'DE', '7', 'safeguarded'],
])('a disclosure from %s to %s, safeguard %s, is %s', (from, to, safeguard, kind) => {
  const transfer = record(from, to, safeguard)?.transfer;
  expect(transfer).toMatchObject({ kind, from, to, ...(safeguard === undefined ? {} : { safeguard }) });
  // What the law of one of the lists allows or asks for names it, and where the list is from.
  const isListed = from !== to && from === 'DE' && to !== 'FR';
  expect([transfer?.law, transfer?.source].every((text) => (text !== undefined) === isListed)).toBe(true);
});

test('the legal basis is the clause that the dataset names', () => {
  expect(record('DE', 'DE', undefined, '4.9')).toMatchObject({ basis: '4.9' });
  expect(record('DE', 'DE')).not.toHaveProperty('basis');
});

test('which kind of persons the data are about is what the agreement says, and nothing where it does not', () => {
  const [dataset] = PLAN.datasets;
  const told = recordOf({ ...PLAN, datasets: [{ ...dataset!, persons: 'customers with a contract' }] });
  expect(told).toMatchObject({ persons: 'customers with a contract', subjects: dataset?.subject });
  expect(recordOf(PLAN)).not.toHaveProperty('persons');
});
