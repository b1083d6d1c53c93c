import type { AgreementReading } from '../../../lib/domain/agreement/parse-agreement';
import { type Finding, formatFinding } from '../../../lib/domain/agreement/yaml/finding';
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
    'a shift that the days of a round tell',
    [
      'month:    { type: date,    role: plain }',
      'month: { type: date, role: plain, treatment: { dateShift: { days: 4 } } }',
    ],
    'days move by up to 4, and a round is P7D: where a delivery holds the days of its round alone, few shifts keep all days of whoever has some at both ends inside, often one',
  ],
  [
    'a shift of days that go back no further than a round or two',
    [
      'month:    { type: date,    role: plain }',
      `month: { type: date, role: plain, treatment: { dateShift: { days: 4 } }, check: "month >= date '2025-11-01' and month > date '1992-01-01'" }`,
    ],
    'days move by up to 4, and a round is P7D: where a delivery holds the days of its round alone, few shifts keep all days of whoever has some at both ends inside, often one',
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

test.each([
  [
    'goes to fewer places than the round has days',
    'month: { type: date, role: plain, treatment: { dateShift: { days: 3 } } }',
    '[msisdn, month]',
  ],
  [
    'is of a subject with one row',
    'month: { type: date, role: plain, treatment: { dateShift: { days: 3650 } } }',
    '[msisdn]',
  ],
  [
    'is of days that go back far beyond the rounds',
    `month: { type: date, role: plain, treatment: { dateShift: { days: 45 } }, check: "month > date '1992-01-01' and month < date '2030-01-01'" }`,
    '[msisdn, month]',
  ],
])('a shift is not warned of that %s', (_, month, dedupe) => {
  const text = TELCO_RETAIL.replace('month:    { type: date,    role: plain }', month).replace(
    '[msisdn, month]',
    dedupe,
  );
  expect(parseText(text)).toMatchObject({ kind: 'valid', warnings: [] });
});
