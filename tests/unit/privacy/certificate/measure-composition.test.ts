import { measureComposition } from '../../../../lib/domain/privacy/certificate/measure-composition';

test('groups that are large single nobody out', () => {
  expect(measureComposition({ subjects: [2, 10], groups: [1, 3] }, 3)).toEqual({
    rounds: 3,
    subjects: 32,
    leastGroup: 2,
    singledOut: 0,
    marketer: 4 / 32,
  });
});

test('a group of one is somebody', () => {
  expect(measureComposition({ subjects: [5, 1], groups: [1, 4] }, 2)).toMatchObject({
    leastGroup: 1,
    singledOut: 4,
    marketer: 5 / 9,
  });
});

test('rounds of nobody', () => {
  expect(measureComposition({ subjects: [], groups: [] }, 2)).toMatchObject({
    subjects: 0,
    leastGroup: 0,
    marketer: 0,
  });
});
