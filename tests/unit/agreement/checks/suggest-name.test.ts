import { suggestName } from '../../../../lib/domain/agreement/checks/suggest-name';

test.each([
  ['treatmnet', ['treatment', 'type'], 'treatment'],
  ['TYPE', ['type', 'title'], 'type'],
  ['kep', ['keep', 'token'], 'keep'],
  ['dya', ['day', 'age'], 'day'],
  ['colour', ['columns', 'title'], undefined],
  ['z', ['a', 'b'], undefined],
  ['Z', ['z', 'b'], 'z'],
  ['4.2', ['4.1'], undefined],
  ['', ['a'], undefined],
  ['x'.repeat(1000), ['x'.repeat(999)], undefined],
])('%s → %s', (word, candidates, expected) => {
  expect(suggestName(word, candidates)).toBe(expected);
});
