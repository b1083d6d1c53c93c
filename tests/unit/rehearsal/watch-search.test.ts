import { watchSearch } from '../../../lib/rehearsal/watch-search';

test('a search ends after as many minutes as it was given', () => {
  let time = 0;
  const { budget } = watchSearch(
    () => {},
    () => time,
    60,
  );
  time = 3_599_000;
  expect(budget?.shouldStop?.()).toBe(false);
  time = 3_601_000;
  expect(budget?.shouldStop?.()).toBe(true);
});

test('a search tells how far it is, every two seconds, and ends after five minutes', () => {
  let time = 1_000;
  const notes: string[] = [];
  const { budget, onProgress } = watchSearch(
    (note) => notes.push(note),
    () => time,
  );
  onProgress?.({ checked: 1, settled: 0 });
  time = 2_900;
  onProgress?.({ checked: 2, settled: 0 });
  expect(notes).toEqual([]);
  time = 3_100;
  onProgress?.({ checked: 1_300, settled: 0.25 });
  time = 4_000;
  onProgress?.({ checked: 1_400, settled: 0.3, gap: 0.05 });
  time = 300_900;
  expect(budget?.shouldStop?.()).toBe(false);
  onProgress?.({ checked: 9_000, settled: 0.5, gap: 0.05 });
  time = 301_100;
  expect(budget?.shouldStop?.()).toBe(true);
  expect(notes).toEqual([
    '25 % decided, 1,300 counted',
    '50 % decided, 9,000 counted, best found within 5 % of the least',
  ]);
});
