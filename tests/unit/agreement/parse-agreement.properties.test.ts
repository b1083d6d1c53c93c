import fc from 'fast-check';
import type { AgreementReading } from '../../../lib/domain/agreement/parse-agreement';
import type { Finding } from '../../../lib/domain/agreement/yaml/finding';
import { CODE_POINT } from '../../fixtures/code-point';
import { parseText, readCase } from './agreement-cases';

const TELCO_RETAIL = readCase('valid', 'telco-retail.yaml');

function findingsOf(reading: AgreementReading): readonly Finding[] {
  return reading.kind === 'valid' ? reading.warnings : reading.findings;
}

/** Every position is one that an editor can go to. */
function expectPositionsInside(text: string): void {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const odd = findingsOf(parseText(text)).filter(({ file, line, column, problem, remedy }) => {
    if (problem === '' || remedy === '') return true;
    const isInside = line >= 1 && line <= lines.length && column >= 1 && column <= lines[line - 1]!.length + 1;
    return file === 'agreement.yaml' && !isInside;
  });
  expect(odd).toEqual([]);
}

describe('whatever the text', () => {
  test('arbitrary text is answered with findings inside the file', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: CODE_POINT }), fc.stringMatching(/^[-a-z:{}[\]&*!|>'"#%@,?\n\t ]*$/)),
        (text) => {
          expect(parseText(text).kind).toBe('invalid');
          expectPositionsInside(text);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a valid agreement with a piece cut out, doubled or replaced is valid or answered inside the file', () => {
    const place = fc.nat({ max: TELCO_RETAIL.length });
    const piece = fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        '\n',
        '  ',
        ':',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '#',
        '&a ',
        '*a',
        '!!str ',
        '? ',
        'null',
        '0',
        '-1',
        '\t',
        '|',
        '\u0000',
        '__proto__: 1',
        '<<: {}',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(place, fc.nat({ max: 40 }), piece, (start, length, replacement) => {
        expectPositionsInside(TELCO_RETAIL.slice(0, start) + replacement + TELCO_RETAIL.slice(start + length));
      }),
      { numRuns: 150 },
    );
  });

  test('any value in any place is answered, not thrown', () => {
    const lines = TELCO_RETAIL.split('\n');
    const anything = fc.json({ maxDepth: 2 });
    fc.assert(
      fc.property(fc.nat({ max: lines.length - 1 }), anything, (index, value) => {
        const changed = lines[index]!.replace(/: +[^ {].*$|: *\{.*$/, `: ${value}`);
        expectPositionsInside(lines.with(index, changed).join('\n'));
      }),
      { numRuns: 150 },
    );
  });
});
