import { isEndless } from '../../../../lib/domain/agreement/periods/is-endless';

test.each([
  ['2026-01-01', '2026-12-31', false],
  ['2026-01-01', '2126-01-01', false],
  ['2026-01-01', '2126-01-02', true],
  ['2950-01-01', '2999-12-31', false],
  ['2950-01-01', '3000-01-01', true],
  ['0001-01-01', '0101-01-02', true],
  // Which way round they stand is told elsewhere.
  ['3500-01-01', '3400-01-01', false],
])('from %s to %s: %s', (starts, ends, expected) => {
  expect(isEndless(starts, ends)).toBe(expected);
});
