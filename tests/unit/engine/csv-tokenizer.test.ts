import fc from 'fast-check';
import { createCsvTokenizer, RECORD } from '../../../lib/engine/intake/csv-tokenizer';
import { splitCsvRecord } from '../../../lib/engine/intake/split-csv-record';

interface Found {
  readonly text: string;
  readonly fields: number;
  readonly flags: number;
}

/** The records of a text that arrives in pieces of these lengths. */
function tokenise(text: string, delimiter: string, lengths: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const records: Found[] = [];
  const tokenizer = createCsvTokenizer(delimiter.charCodeAt(0), (start, end, fields, flags) => {
    records.push({ text: bytes.toString('utf8', start, end), fields, flags });
  });
  let at = 0;
  for (const length of [...lengths, bytes.length]) {
    tokenizer.push(bytes.subarray(at, at + length));
    at = Math.min(bytes.length, at + length);
  }
  const { inQuotes } = tokenizer;
  tokenizer.end();
  return { records, inQuotes };
}

const texts = (text: string) => tokenise(text, ',').records.map((record) => record.text);

test.each([
  ['a,b\n1,2\n', ['a,b', '1,2']],
  ['a,b\r\n1,2', ['a,b', '1,2']],
  ['a\rb\r', ['a', 'b']],
  ['a\n\nb', ['a', '', 'b']],
  ['"a\nb",c\nd', ['"a\nb",c', 'd']],
  ['"a""\n",b\r\n', ['"a""\n",b']],
  ['x"y\nz', ['x"y', 'z']],
  ['', []],
])('%j has the records %j', (text, records) => {
  expect(texts(text)).toEqual(records);
});

test.each([
  ['a,b\n', 2, RECORD.lf],
  ['a;b,\r\n', 2, RECORD.crlf],
  ['"a,b",c\r', 2, RECORD.cr],
  ['a"b,"c"\n', 2, RECORD.lf | RECORD.strayQuote],
  [' "a,b"\n', 2, RECORD.lf | RECORD.strayQuote],
  ['"a"b,c\n', 2, RECORD.lf | RECORD.broken],
  ['"a" ,c', 2, RECORD.broken],
  ['"",""', 2, 0],
  [',,', 3, 0],
])('%j has %d fields and the flags %d', (text, fields, flags) => {
  expect(tokenise(text, ',').records).toEqual([expect.objectContaining({ fields, flags })]);
});

test('a quote that is still open is told', () => {
  expect(tokenise('a,"b\n', ',').inQuotes).toBe(true);
  expect(tokenise('a,"b""', ',').inQuotes).toBe(true);
  expect(tokenise('a,"b"', ',').inQuotes).toBe(false);
});

const delimiters = fc.constantFrom(',', ';', '\t', '|');
const fields = fc.string({
  unit: fc.constantFrom('a', 'é', '😀', ',', ';', '\t', '|', '"', '\n', '\r', ' '),
  maxLength: 6,
});
const tables = fc.array(fc.array(fields, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
const pieces = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 });

test('what is written by the rules is read back, however it is cut in pieces', () => {
  fc.assert(
    fc.property(
      tables,
      delimiters,
      fc.constantFrom('\n', '\r\n', '\r'),
      pieces,
      (table, delimiter, newline, lengths) => {
        const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
        const write = (field: string) => (/^[aé😀 ]+$/u.test(field) ? field : quote(field));
        const text = table.map((row) => row.map(write).join(delimiter) + newline).join('');
        const { records, inQuotes } = tokenise(text, delimiter, lengths);
        expect(inQuotes).toBe(false);
        expect(records.map((record) => splitCsvRecord(record.text, delimiter))).toEqual(table);
        expect(records.map((record) => record.fields)).toEqual(table.map((row) => row.length));
      },
    ),
  );
});

test('any text whatever is read alike in one piece and in many, and no byte is lost', () => {
  const anything = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', 'é'), maxLength: 30 });
  fc.assert(
    fc.property(anything, pieces, (text, lengths) => {
      const whole = tokenise(text, ',');
      expect(tokenise(text, ',', lengths)).toEqual(whole);
      for (const { text: record, fields: count, flags } of whole.records) {
        if ((flags & RECORD.broken) === 0) expect(splitCsvRecord(record, ',')).toHaveLength(count);
      }
      const newline = (flags: number) =>
        flags & RECORD.crlf ? '\r\n' : flags & RECORD.lf ? '\n' : flags & RECORD.cr ? '\r' : '';
      expect(whole.records.map((record) => record.text + newline(record.flags)).join('')).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a,b,"c,d"', 2, ['a', 'b,"c,d"']],
  ['a,"b""c"', 2, ['a', 'b"c']],
  ['a', 2, ['a']],
  ['"a"x,b', 2, ['"a"x', 'b']],
  ['"a,b', 2, ['"a,b']],
])('%j split into at most %d fields is %j', (record, most, expected) => {
  expect(splitCsvRecord(record, ',', most)).toEqual(expected);
});
