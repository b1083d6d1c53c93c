import { createSearchRun, NO_BUDGET } from '../../../../lib/domain/privacy/search/search-in-passes';

const costs = (cost: number) => ({ cost, suppressed: 0, node: [0] });

/** A search that is stopped in the second of two passes; the first finds a node of cost 1. */
function stopInSecond(gap: number, bound: number, boundNow?: () => number) {
  let isSecond = false;
  const run = createSearchRun(10, { ...NO_BUDGET, shouldStop: () => isSecond });
  return run.pass(
    [gap, 0],
    bound,
    () => {
      run.begin();
      run.offer(costs(1));
      isSecond = true;
    },
    boundNow,
  );
}

describe('what a pass that came to its end proves of a search that did not', () => {
  test.each<[string, number, number, (() => number) | undefined, number]>([
    ['nothing cheaper than its gap allows', 0.5, 0, undefined, 0.5],
    ['no less than was known before', 0.5, 0.8, undefined, 0.2],
    ['no less than is known where it was stopped', 0.5, 0, () => 0.9, 0.1],
  ])('%s', (_, gap, bound, boundNow, proven) => {
    const found = stopInSecond(gap, bound, boundNow);
    expect(found).toMatchObject({ endedBy: 'clock', best: costs(1) });
    expect(found.gap).toBeCloseTo(proven, 12);
  });
});

test('a search that is stopped in its first pass proves what was known before', () => {
  let isFound = false;
  const run = createSearchRun(10, { ...NO_BUDGET, shouldStop: () => isFound });
  const found = run.pass([0.5, 0], 0.25, () => {
    run.begin();
    run.offer(costs(1));
    isFound = true;
    run.begin();
  });
  expect(found.gap).toBeCloseTo(0.75, 12);
});
