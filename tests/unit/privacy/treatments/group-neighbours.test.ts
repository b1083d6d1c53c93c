import fc from 'fast-check';
import { groupNeighbours } from '../../../../lib/domain/privacy/treatments/group-neighbours';

test.each<[string, readonly number[], number, readonly (number | null)[]]>([
  ['no value', [], 2, []],
  ['too few subjects', [1, 0], 2, [null, null]],
  ['what is left joins the last', [1, 1, 1], 2, [0, 0, 0]],
  ['values that only known subjects have join the next', [2, 0, 2], 2, [0, 1, 1]],
  ['many of one value', [5, 1, 1, 9], 2, [0, 1, 1, 2]],
])('%s', (_, subjects, k, expected) => {
  expect(groupNeighbours(subjects, k)).toEqual(expected);
});

test('every group has k subjects, and none could be two', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 2, max: 9 }), (subjects, k) => {
      const groups = groupNeighbours(subjects, k);
      const sum = (from: readonly number[]) => from.reduce((total, count) => total + count, 0);
      if (groups[0] === null) return expect(sum(subjects)).toBeLessThan(k);
      expect(groups).toEqual(groups.toSorted((left, right) => Number(left) - Number(right)));
      for (const group of new Set(groups)) {
        const members = subjects.filter((_, index) => groups[index] === group);
        expect(sum(members)).toBeGreaterThanOrEqual(k);
        // But for the last, nothing that is complete is waited on for more.
        if (group !== groups.at(-1)) expect(sum(members.slice(0, -1))).toBeLessThan(k);
      }
    }),
    { seed: 5 },
  );
});
