import fc from 'fast-check';
import { formatFinding } from '../../../lib/domain/agreement/yaml/finding';
import { parseHierarchy } from '../../../lib/domain/privacy/hierarchies/parse-hierarchy';

const ROWS = [
  ['Aachen', 'NRW', '*'],
  ['Bonn', 'NRW', '*'],
];

test.each([
  ['semicolons', 'Aachen;NRW;*\nBonn;NRW;*\n'],
  ['commas', 'Aachen,NRW,*\nBonn,NRW,*\n'],
  ['tabs', 'Aachen\tNRW\t*\nBonn\tNRW\t*\n'],
  ['bars', 'Aachen|NRW|*\nBonn|NRW|*\n'],
  ['quotes', '"Aachen";"NRW";"*"\nBonn;NRW;*'],
  ['Windows line ends', 'Aachen;NRW;*\r\nBonn;NRW;*\r\n'],
  ['a byte order mark', '\uFEFFAachen;NRW;*\nBonn;NRW;*\n'],
  ['empty lines', '\nAachen;NRW;*\n\nBonn;NRW;*\n\n'],
])('%s are understood', (_, text) => {
  expect(parseHierarchy('town.csv', text)).toEqual({ kind: 'rows', rows: ROWS });
});

test('another delimiter inside quotes, quotes inside quotes and spaces are part of the value', () => {
  expect(parseHierarchy('a.csv', '"a;b;c,d","say ""hi""", x \n')).toEqual({
    kind: 'rows',
    rows: [['a;b;c,d', 'say "hi"', ' x ']],
  });
});

function findingsOf(text: string): string[] {
  const reading = parseHierarchy('town.csv', text);
  return reading.kind === 'rows' ? [] : reading.findings.map((finding) => formatFinding(finding).split('\n')[0]!);
}

test.each([
  ['', 'town.csv:1:1 error: the hierarchy is empty'],
  ['Aachen\n', 'town.csv:1:1 error: the first line has one column'],
  ['a;b;*\nb;a;*\n', 'town.csv:2:1 error: the hierarchy goes in a circle: `a` becomes `b` becomes `a`'],
  ['a;b;c\nd;c;a\n', 'town.csv:2:1 error: the hierarchy goes in a circle: `a` becomes `b` becomes `c` becomes `a`'],
  ['a;b\nc;d;e\n', 'town.csv:2:1 error: the row has 3 cells, the first row has 2'],
  ['a;b\n\n\nc;d;e\n', 'town.csv:4:1 error: the row has 3 cells, the first row has 2'],
  ['"a\nb";c\nd;e;f\n', 'town.csv:3:1 error: the row has 3 cells, the first row has 2'],
  ['a;b\n"c\nd";e;f\n', 'town.csv:2:1 error: the row has 3 cells, the first row has 2'],
  ['a;b\r\nc;d\r\na;b\r\n', 'town.csv:3:1 error: the value `a` stands on line 1 already'],
  ['a;b\nc;\n', 'town.csv:2:1 error: cell 2 of the row is empty'],
  ['a;x;1\nb;x;2\n', 'town.csv:2:1 error: `x` of level 1 becomes `2` here and `1` on line 1'],
  ['a;b\nc;"d\ne;f\n', 'town.csv:2:1 error: a quote stands where none can stand, or is not closed'],
  ['a;b\nc;d"d"\n', 'town.csv:2:1 error: a quote stands where none can stand, or is not closed'],
  ['a;b\nc;"d"d\n', 'town.csv:2:1 error: a quote stands where none can stand, or is not closed'],
])('%j is refused', (text, expected) => {
  expect(findingsOf(text)).toEqual([expected]);
});

test('every mistake is listed, in the order of the file', () => {
  expect(findingsOf('a;x;1\nb;x;2\na;x;1\nc;;1\nd;y\n')).toEqual([
    'town.csv:2:1 error: `x` of level 1 becomes `2` here and `1` on line 1',
    'town.csv:3:1 error: the value `a` stands on line 1 already',
    'town.csv:4:1 error: cell 2 of the row is empty',
    'town.csv:5:1 error: the row has 2 cells, the first row has 3',
  ]);
});

test('a tree that was written is read again; any text is rows or findings inside the file', () => {
  const cell = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .filter((text) => text.trim() !== '' && !/[\r\uFEFF]/.test(text));
  const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.uniqueArray(cell, { minLength: 1 }), fc.constantFrom(';', ',', '\t', '|'), (leaves, delimiter) => {
      const rows = leaves.map((leaf) => [leaf, Array.from(leaf)[0]!, '*']);
      const text = rows.map((row) => row.map(quote).join(delimiter)).join('\n');
      expect(parseHierarchy('a.csv', text)).toEqual({ kind: 'rows', rows });
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[ab;",\n]*$/)), (text) => {
      const reading = parseHierarchy('a.csv', text);
      if (reading.kind === 'rows') return;
      for (const { line } of reading.findings) expect(line).toBeLessThanOrEqual(text.split('\n').length);
    }),
    { numRuns: 500 },
  );
});
