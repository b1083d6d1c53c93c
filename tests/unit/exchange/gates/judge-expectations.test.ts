import { judgeExpectations } from '../../../../lib/domain/exchange/gates/judge-expectations';
import type { ReleaseFigures } from '../../../../lib/domain/exchange/gates/release-figures';

const FOUND: ReleaseFigures = { subjects: 1_200, completeness: 0.9, loss: 0.25 };

test('nothing is judged where nothing is expected', () => {
  expect(judgeExpectations({ to: 'retail' }, FOUND)).toBeUndefined();
});

test.each([
  [{ subjects: 1_200 }],
  [{ completeness: 0.9 }],
  [{ lossAtMost: 0.25 }],
  [{ subjects: 1, completeness: 0, lossAtMost: 1 }],
])('%j is met: a bound itself is enough', (expects) => {
  expect(judgeExpectations({ to: 'retail', expects }, FOUND)).toEqual({
    gate: 'expectation',
    passed: true,
    finding: 'It holds what retail expects: 1,200 subjects, 90 % of the cells with a value, 25 % of the detail lost.',
  });
});

test.each([
  [{ subjects: 1_201 }, '1,200 of at least 1,201 subjects'],
  [{ completeness: 0.95 }, '90 % of the cells hold a value, of at least 95 %'],
  [{ lossAtMost: 0.2 }, '25 % of the detail is lost, of at most 20 %'],
  [
    { subjects: 2_000, completeness: 1, lossAtMost: 0 },
    '1,200 of at least 2,000 subjects; 90 % of the cells hold a value, of at least 100 %; 25 % of the detail is lost, of at most 0 %',
  ],
])('%j is missed, and the finding says by how much', (expects, missed) => {
  expect(judgeExpectations({ to: 'retail', expects }, FOUND)).toMatchObject({
    passed: false,
    finding: `It falls short of what retail expects: ${missed}.`,
    remedy: expect.stringContaining('`expects`'),
  });
});
