import { planAgreement } from '../../../lib/domain/agreement/plan/plan-agreement';
import { starterAgreement } from '../../../lib/domain/agreement/starter-agreement';
import { parseText } from './agreement-cases';

test('the starter agreement is valid, stands alone and tells the editor its schema', () => {
  const reading = parseText(starterAgreement);
  expect(reading).toMatchObject({ kind: 'valid', warnings: [] });
  expect(reading.kind === 'valid' && reading.agreement.hierarchies.size).toBe(0);
  expect(starterAgreement.split('\n')[0]).toBe('# yaml-language-server: $schema=./agreement.schema.json');
});

test('it shows every section, and everything that its plan can be', () => {
  const reading = parseText(starterAgreement);
  if (reading.kind === 'invalid') throw new Error('not valid');
  const plan = planAgreement(reading.agreement);
  expect(plan.datasets.map(({ id }) => id)).toEqual(['visits', 'orders']);
  expect(plan.remedies).not.toEqual([]);
  expect(plan.fairness.tolerance).toBe(0.25);
  expect(new Set(plan.datasets.flatMap(({ columns }) => columns.map(({ role }) => role))).size).toBe(4);
});
