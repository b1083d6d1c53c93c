import { judgeTransfer } from '../../../../lib/domain/agreement/checks/judge-transfer';
import { TRANSFER_REGIMES } from '../../../../lib/domain/agreement/checks/transfer-regimes';

test.each([
  ['DE', 'DE', 'same-jurisdiction', undefined],
  ['US-CA', 'US-CA', 'same-jurisdiction', undefined],
  ['UK', 'GB-SCT', 'same-jurisdiction', undefined],
  ['CH-ZH', 'CH-GE', 'same-jurisdiction', undefined],
  ['DE', 'FR', 'within-eea', undefined],
  ['EU', 'DE-BY', 'within-eea', undefined],
  ['NO', 'EL', 'within-eea', undefined],
  ['DE', 'UK', 'adequate', 'GDPR, chapter V'],
  ['IE', 'CH', 'adequate', 'GDPR, chapter V'],
  ['UK', 'EU', 'adequate', 'UK GDPR, chapter V'],
  ['UK', 'GI', 'adequate', 'UK GDPR, chapter V'],
  ['CH', 'LI', 'adequate', 'Swiss FADP, art. 16'],
  ['DE', 'GI', 'restricted', 'GDPR, chapter V'],
  ['DE', 'US-CA', 'restricted', 'GDPR, chapter V'],
  ['UK', 'JP', 'restricted', 'UK GDPR, chapter V'],
  ['CH', 'KR', 'restricted', 'Swiss FADP, art. 16'],
  ['CH', 'IN', 'restricted', 'Swiss FADP, art. 16'],
  ['US-CA', 'US-NY', 'unknown', undefined],
  ['US-CA', 'DE', 'unknown', undefined],
])('from %s to %s: %s', (from, to, kind, law) => {
  expect(judgeTransfer(from, to)).toMatchObject({ kind, ...(law === undefined ? {} : { law }) });
});

test('some receivers there need no safeguard: who says which', () => {
  expect(judgeTransfer('DE', 'US-CA')).toMatchObject({ onlyTo: 'participants in the EU-US Data Privacy Framework' });
  expect(judgeTransfer('DE', 'IN')).not.toHaveProperty('onlyTo');
});

test('a name that every object has is no country', () => {
  expect(judgeTransfer('constructor', 'DE').kind).toBe('unknown');
  expect(judgeTransfer('DE', 'constructor')).not.toHaveProperty('onlyTo');
});

test('each list has a source and a day, and no country in two of its parts', () => {
  for (const { area, adequate, partly, source } of TRANSFER_REGIMES) {
    expect(source).toMatch(/, as of \d{4}-\d{2}-\d{2}$/);
    const all = [...area, ...adequate, ...Object.keys(partly)];
    expect(new Set(all).size).toBe(all.length);
  }
});
