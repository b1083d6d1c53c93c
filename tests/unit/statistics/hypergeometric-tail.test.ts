import { hypergeometricTail } from '../../../lib/domain/statistics/hypergeometric-tail';

describe('hypergeometricTail', () => {
  it.each([
    [10, 3, 4, 0, 35 / 210],
    [10, 3, 4, 1, 35 / 210 + 105 / 210],
    [10, 3, 4, 3, 1],
    [10, 0, 4, 0, 1],
    [5, 5, 3, 2, 0],
    [100, 10, 50, 0, 0.000593],
  ])('of %i with %i marked, %i drawn: at most %i', (all, marked, drawn, found, expected) => {
    expect(hypergeometricTail(all, marked, drawn, found)).toBeCloseTo(expected, 6);
  });
});
