import { DPV_PURPOSES } from '../../../../lib/domain/agreement/schema/dpv-purposes';
import { formatFinding } from '../../../../lib/domain/agreement/yaml/finding';
import { parseText, readCase } from '../agreement-cases';

const AGREEMENT = readCase('valid', 'ring-of-three.yaml');

function parseWithPurpose(purpose: string) {
  return parseText(AGREEMENT.replace('purposes: [CommercialResearch]', `purposes: ["${purpose}"]`));
}

test('the terms are sorted, distinct and 121', () => {
  expect([...DPV_PURPOSES]).toEqual([...new Set(DPV_PURPOSES)].sort());
  expect(DPV_PURPOSES).toHaveLength(121);
});

test.each(DPV_PURPOSES)('%s is accepted', (purpose) => {
  expect(parseWithPurpose(purpose).kind).toBe('valid');
});

test.each([
  ['CustomerRelationManagement', 'CustomerRelationshipManagement'],
  ['customerrelationshipmanagement', 'CustomerRelationshipManagement'],
  ['CommercialResaerch', 'CommercialResearch'],
  ['dpv:Marketing', 'Marketing'],
  ['https://w3id.org/dpv#AcademicResearch', 'AcademicResearch'],
  ['ServiceOptimization', 'ServiceOptimisation'],
  ['Personalization', 'Personalisation'],
  ['FraudPrevention', undefined],
  ['World domination', undefined],
  ['Purpose', undefined],
])('%s suggests %s', (written, suggested) => {
  const reading = parseWithPurpose(written);
  const text = reading.kind === 'invalid' ? reading.findings.map(formatFinding).join('\n') : '';
  expect(text).toContain(`\`${written}\` is not possible here (legs[0].purposes[0])`);
  expect(/Did you mean `(\w+)`\?/.exec(text)?.[1]).toBe(suggested);
});
