import { splitLines } from '../../../lib/audit/logs/split-lines';

test('of one log after the other, the last line of the first stands by itself, with a line feed or without', () => {
  const lines: string[] = [];
  const problems: string[] = [];
  const parts = splitLines(
    (line) => lines.push(line),
    (problem) => problems.push(problem),
  );
  for (const text of ['one\ntwo', 'three\n\n', 'four', `five${'x'.repeat(3 * 1024 * 1024)}`, 'six']) {
    parts.push(Buffer.from(text.slice(0, 2)));
    parts.push(Buffer.from(text.slice(2)));
    parts.finish();
  }
  expect(lines).toEqual(['one', 'two', 'three', 'four', 'six']);
  expect(problems).toEqual(['a line is longer than 2097152 bytes']);
});
