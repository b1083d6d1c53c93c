import { judgeTreatment } from '../../../../lib/domain/agreement/amendment/judge-treatment';
import type { Treatment } from '../../../../lib/domain/privacy/treatments/treatment';

const mask = (keepFirst: number, keepLast: number): Treatment => ({ kind: 'mask', keepFirst, keepLast });

test.each<[string, Treatment, Treatment, 'loosens' | 'tightens']>([
  ['a hidden value whose first is shown', mask(0, 0), mask(4, 0), 'loosens'],
  ['a hidden value whose last is shown', mask(0, 0), mask(0, 4), 'loosens'],
  ['a token in place of what shows nothing', mask(0, 0), { kind: 'token' }, 'loosens'],
  ['what shows nothing in place of a token', { kind: 'token' }, mask(0, 0), 'tightens'],
  ['what shows the last in place of a token', { kind: 'token' }, mask(0, 4), 'loosens'],
  ['what is left out', { kind: 'token' }, { kind: 'drop' }, 'tightens'],
])('%s', (_, before, after, effect) => {
  expect(judgeTreatment(before, after)).toBe(effect);
});
