import { measureComposition } from '../../../lib/domain/privacy/measure-composition';

const round = (...rows: string[]) => ({
  rows: rows.map((row) => ({ subject: row.split(' ')[0]!, class: row.split(' ')[1]! })),
});

test('rounds in the same classes say no more than one of them', () => {
  const same = round('a young', 'b young', 'c old', 'd old');
  expect(measureComposition([same, same, same])).toEqual({
    rounds: 3,
    subjects: 4,
    leastGroup: 2,
    singledOut: 0,
    marketer: 0.5,
  });
});

test('classes that overlap single out who is in both', () => {
  const first = round('a 20-30', 'b 20-30', 'c 30-40', 'd 30-40');
  const second = round('a 20-25', 'b 25-35', 'c 25-35', 'd 35-40');
  expect(measureComposition([first, second])).toMatchObject({ leastGroup: 1, singledOut: 4, marketer: 1 });
});

test('who joins late, or is in several classes, is told from the others', () => {
  const first = round('a young', 'b young', 'b old');
  expect(measureComposition([first, round('a young', 'b young', 'b old', 'c young')])).toMatchObject({ singledOut: 3 });
});

test('no rounds, and a round of nobody', () => {
  expect(measureComposition([])).toMatchObject({ rounds: 0, subjects: 0, leastGroup: 0, marketer: 0 });
  expect(measureComposition([round()])).toMatchObject({ rounds: 1, subjects: 0, leastGroup: 0 });
});
