import { measureRisk } from '../../../../lib/domain/privacy/certificate/measure-risk';

test('a class of one makes the risk certain', () => {
  const sizes = [
    { subjects: 1, classes: 2, rows: 3 },
    { subjects: 4, classes: 1, rows: 4 },
    { subjects: 7, classes: 2, rows: 20 },
  ];
  expect(measureRisk(sizes)).toEqual({ prosecutor: 1, journalist: 1, marketer: 5 / 20, unique: 2 / 20 });
});

test('sizes may come in any order, and sizes no class has do not count', () => {
  const sizes = [
    { subjects: 10, classes: 3, rows: 30 },
    { subjects: 5, classes: 1, rows: 5 },
    { subjects: 1, classes: 0, rows: 0 },
  ];
  expect(measureRisk(sizes)).toEqual({ prosecutor: 0.2, journalist: 0.2, marketer: 4 / 35, unique: 0 });
});

test('the journalist looks for people in the population', () => {
  const sizes = [{ subjects: 5, classes: 2, rows: 10 }];
  const population = [{ subjects: 50, classes: 2, rows: 100 }];
  expect(measureRisk(sizes, population)).toEqual({ prosecutor: 0.2, journalist: 0.02, marketer: 0.2, unique: 0 });
});

test('without classes there is no risk', () => {
  expect(measureRisk([])).toEqual({ prosecutor: 0, journalist: 0, marketer: 0, unique: 0 });
});
