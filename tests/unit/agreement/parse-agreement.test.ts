import fc from 'fast-check';
import { type Finding, formatFinding } from '../../../lib/domain/agreement/finding';
import type { AgreementReading } from '../../../lib/domain/agreement/parse-agreement';
import { CODE_POINT } from '../../fixtures/code-point';
import { listCases, parseText, readCase } from './agreement-cases';

const TELCO_RETAIL = readCase('valid', 'telco-retail.yaml');

function findingsOf(reading: AgreementReading): readonly Finding[] {
  return reading.kind === 'valid' ? reading.warnings : reading.findings;
}

const problemsOf = (text: string) => findingsOf(parseText(text)).map(({ problem }) => problem);

describe('valid agreements', () => {
  test.each(listCases('valid'))('%s has nothing to be said about', (name) => {
    const reading = parseText(readCase('valid', name));
    expect(findingsOf(reading).map(formatFinding)).toEqual([]);
    expect(reading.kind).toBe('valid');
  });

  test.each([
    ['a byte order mark', `\uFEFF${TELCO_RETAIL}`],
    ['Windows line ends', TELCO_RETAIL.replaceAll('\n', '\r\n')],
  ])('%s changes nothing', (_, text) => {
    expect(parseText(text)).toEqual({ ...parseText(TELCO_RETAIL), place: expect.any(Function) });
  });

  test('hierarchy files are read once each, and their rows kept', () => {
    const reading = parseText(TELCO_RETAIL);
    expect(reading.kind === 'valid' && [...reading.agreement.hierarchies]).toEqual([
      [
        'segment.csv',
        [
          ['prepaid-s', 'prepaid', '*'],
          ['prepaid-l', 'prepaid', '*'],
          ['contract-s', 'contract', '*'],
          ['contract-l', 'contract', '*'],
        ],
      ],
    ]);
  });
});

describe('invalid agreements', () => {
  test.each(listCases('invalid'))('%s: every mistake, where it is, and what would be right', (name) => {
    const reading = parseText(readCase('invalid', name), 'invalid', name);
    expect(reading.kind).toBe('invalid');
    expect(`${findingsOf(reading).map(formatFinding).join('\n')}\n`).toBe(
      readCase('invalid', name.replace('.yaml', '.txt')),
    );
  });

  test('the cases hold more than two hundred distinct mistakes', () => {
    const seen = listCases('invalid').flatMap((name) =>
      findingsOf(parseText(readCase('invalid', name), 'invalid', name)).map(
        ({ path, problem }) => `${path}: ${problem}`,
      ),
    );
    expect(new Set(seen).size).toBeGreaterThan(200);
  });

  test.each([
    ['lists', `a: ${'['.repeat(20_000)}`],
    ['maps', '{a: '.repeat(20_000)],
    ['block lists', '- '.repeat(20_000)],
  ])('%s nested without end', (_, text) => {
    expect(problemsOf(text)).toEqual(['lists or maps are nested too deep here']);
  });

  test('a file larger than 1 MiB is not read', () => {
    expect(problemsOf(`# ${'x'.repeat(1024 * 1024)}`)).toEqual(['the file is larger than 1 MiB']);
  });

  test('a key that would reach into JavaScript objects changes none', () => {
    const reading = parseText(readCase('invalid', 'yaml-reserved-keys.yaml'));
    expect(reading.kind).toBe('invalid');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('a private key pasted by mistake is not repeated', () => {
    const text = TELCO_RETAIL.replace(
      /publicKeys: \[[^\]]*\]/,
      'publicKeys: ["-----BEGIN OPENSSH PRIVATE KEY-----b3BlbnNzaC1rZXk"]',
    );
    expect(JSON.stringify(findingsOf(parseText(text)))).not.toContain('b3BlbnNzaC1rZXk');
  });

  test('what depends on a refused part is left out, the rest is still checked', () => {
    const text = TELCO_RETAIL.replace(
      'role: identifier, treatment: token }      #',
      'role: identifer, treatment: token } #',
    )
      .replace('rejectAbove: 2%', 'rejectAbove: 200%')
      .replace('control: privacy.k', 'control: cleaning.rejection')
      .replace('dataset: purchases', 'dataset: purchase');
    expect(problemsOf(text)).toEqual([
      '`identifer` is not possible here',
      '`200%` is not possible here',
      'no leg gives `purchases`',
      'there is no dataset `purchase`',
    ]);
  });
});

test.each([
  ['k below 5', ['k: 10, l: { churned', 'k: 4, asymmetry: "4.2", l: { churned'], 'k = 4 leaves a subject among few'],
  ['much suppressed', ['suppressAtMost: 5%', 'suppressAtMost: 11%'], 'up to 11 % of the rows may be left out'],
  [
    'unprotected',
    ['category: 3 }, t: { spend: { max: 0.2 } }', 'category: 3 }'],
    'the sensitive column `spend` has neither l nor t',
  ],
  ['same account', ['"444455556666"', '"111122223333"'], '`telco` has this account too'],
  ['open to all', ['203.0.113.0/24', '0.0.0.0/0'], '`0.0.0.0/0` is every address there is'],
  [
    'idle dataset',
    ['legs:', '  idle: { owner: telco, columns: { day: { type: date, role: plain } } }\nlegs:'],
    'no leg gives `idle`',
  ],
  [
    'periods that do not meet',
    ['dataset: usage, every: P7D', 'dataset: usage, every: P1M'],
    'in 61 of 63 rounds a party gives and gets nothing back, or gets and gives nothing (P1M, P7D)',
  ],
  [
    'a row that could be given a thousand times',
    ['    subject: card\n', ''],
    'what `purchases` is worth counts its rows, and one row given a thousand times counts a thousand',
  ],
  [
    'a remedy without a clause',
    ['  - { id: "6.1", text: "Who does not give does not get.", control: interlock.delivery }\n', ''],
    'no clause says what follows `late-delivery`',
  ],
  [
    'a quota without a clause',
    ['via: sftp,', 'via: sftp, quota: { requests: 9 },'],
    'no clause says how much may be read',
  ],
  [
    'networks without a clause',
    ['{ name: Corner Retail,', '{ name: Corner Retail, networks: [198.51.100.0/24],'],
    'no clause says from where a party may read',
  ],
] as const)('a warning does not fail: %s', (_, [from, to], problem) => {
  const reading = parseText(TELCO_RETAIL.replace(from, to));
  expect(reading).toMatchObject({ kind: 'valid', warnings: [{ severity: 'warning', problem }] });
});

test('nothing is warned of where no clause could be bound', () => {
  // Nobody tells the room in time what is read of a data set that was granted.
  const text = TELCO_RETAIL.replace('via: data-grant,', 'via: data-grant, quota: { requests: 9 },');
  expect(parseText(text)).toMatchObject({ kind: 'valid', warnings: [] });
});

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
