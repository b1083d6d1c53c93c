import { findCycle } from '../../../../lib/domain/privacy/hierarchies/find-cycle';

const circleOf = (...edges: readonly string[]) => {
  const parents = new Map<string, Set<string>>();
  for (const [from, to] of edges.map((edge) => edge.split('>')))
    parents.set(from!, (parents.get(from!) ?? new Set()).add(to!));
  return findCycle(parents);
};

test.each<[readonly string[], readonly string[] | undefined]>([
  [[], undefined],
  [['a>x', 'b>x', 'x>*'], undefined],
  // Two ways to one place are no circle.
  [['a>b', 'a>c', 'b>d', 'c>d'], undefined],
  [['a>a'], ['a']],
  [
    ['a>b', 'b>a'],
    ['a', 'b'],
  ],
  [
    ['s>a', 'a>b', 'b>c', 'c>a'],
    ['a', 'b', 'c'],
  ],
  [
    ['a>b', 'b>c', 'a>d', 'd>e', 'e>d'],
    ['d', 'e'],
  ],
])('%j', (edges, circle) => expect(circleOf(...edges)).toEqual(circle));

test('a long way is walked, however long', () => {
  const edges = Array.from({ length: 2_000 }, (_, step) => `${step}>${step + 1}`);
  expect(circleOf(...edges)).toBeUndefined();
  expect(circleOf(...edges, '2000>1999')).toEqual(['1999', '2000']);
});
