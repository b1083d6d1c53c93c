import { binomialTail } from '../../../lib/domain/statistics/binomial-tail';
import { logFactorial } from '../../../lib/domain/statistics/log-factorial';

describe('binomialTail', () => {
  it.each([
    [10, 0.5, 5, 0.623046875],
    [10, 0.5, 10, 0.0009765625],
    [20, 0.1, 0, 1],
    [20, 0.1, 21, 0],
    [5, 0, 1, 0],
    [5, 1, 5, 1],
    [4, 0.25, 1, 0.68359375],
  ])('of %i trials at %f at least %i succeed', (trials, p, successes, expected) => {
    expect(binomialTail(trials, p, successes)).toBeCloseTo(expected, 12);
  });

  it('stays exact where the probability is tiny, and where the trials are many', () => {
    expect(binomialTail(30, 0.1, 30)).toBeCloseTo(1e-30, 40);
    expect(binomialTail(100_000, 0.5, 50_000)).toBeCloseTo(0.5 + 0.00126157, 6);
  });
});

test('logFactorial is continuous where the table ends', () => {
  expect(logFactorial(256) - logFactorial(255)).toBeCloseTo(Math.log(256), 11);
});
