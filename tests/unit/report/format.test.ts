import * as format from '../../../lib/report/format';
import { explainLevel, explainTreatment, formatAgreed, formatMeasure, nameAll } from '../../../lib/report/words';

test.each([
  [1 / 12, '1 in 12'],
  [0.0124, '1 in 81'],
  [1, '1 in 1'],
  [0.42, '42 %'],
  [0, '0 %'],
])('odds of %p read %p', (risk, words) => expect(format.formatOdds(risk)).toBe(words));

test.each([
  [0, '0'],
  [999, '999'],
  [1_240, '1.2k'],
  [9_960, '10k'],
  [34_400, '34k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [5_120_000, '5.1M'],
])('%p above a bar reads %p', (count, words) => expect(format.formatCompact(count)).toBe(words));

test.each([
  ['P7D', '7 days'],
  ['P1Y6M', '1 year 6 months'],
  ['PT12H', '12 hours'],
  ['P2W', '2 weeks'],
  ['soon', 'soon'],
])('the duration %p reads %p', (iso, words) => expect(format.formatDuration(iso)).toBe(words));

test.each([
  ['2026-03-02', '2 March 2026'],
  ['2026-12-31T23:59:58.123Z', '31 December 2026, 23:59 UTC'],
  ['2026-13-01', '2026-13-01'],
  ['today', 'today'],
])('the date %p reads %p', (iso, words) => expect(format.formatDate(iso)).toBe(words));

test.each([
  [0.0653, '+6.53 %'],
  [-0.0613, '−6.13 %'],
  [0, '0 %'],
])('a difference of %p reads %p', (share, words) => expect(format.formatSignedShare(share)).toBe(words));

test.each([
  [18_450.25, '18,450'],
  [12.345, '12.3'],
  [0, '0'],
])('a worth of %p reads %p', (worth, words) => expect(format.formatWorth(worth)).toBe(words));

test('terms and lists read as words', () => {
  expect(format.formatTerm('CustomerRelationshipManagement')).toBe('customer relationship management');
  expect(format.formatList(['a', 'b', 'c'])).toBe('a, b and c');
  expect(format.formatPlural(1, 'class')).toBe('1 class');
  expect(format.formatPlural(1877, 'class')).toBe('1,877 classes');
  expect([1, 2, 3].map((count) => nameAll(count, 'release'))).toEqual([
    'The one release',
    'Both releases',
    'All 3 releases',
  ]);
});

test.each([
  [{ kind: 'widths', widths: ['5', '10'] }, ['values as they are', 'bands of 5', 'bands of 10']],
  [{ kind: 'prefixes', lengths: [3, 1] }, ['values as they are', 'the first 3 characters', 'the first character']],
  [{ kind: 'dates', periods: ['month', 'year'] }, ['values as they are', 'the month', 'the year']],
  [
    { kind: 'hierarchy', file: 'x.csv', rows: [['a', 'b', 'c']] },
    ['values as they are', 'step 1 of x.csv', 'step 2 of x.csv'],
  ],
] as const)('levels of %j are explained', (generalisation, words) => {
  expect([0, 1, 2].map((level) => explainLevel(generalisation, level, 3))).toEqual(words);
  expect(explainLevel(generalisation, 3, 3)).toBe('all values merged into one');
});

test.each([
  [{ kind: 'keep' }, 'Kept as it is'],
  [{ kind: 'drop' }, 'Left out'],
  [{ kind: 'token' }, 'Replaced by a keyed code, another one for each receiver'],
  [{ kind: 'mask', keepFirst: 0, keepLast: 0 }, 'Hidden completely'],
  [{ kind: 'mask', keepFirst: 2, keepLast: 1 }, 'Hidden but for the first 2 and last 1 characters'],
  [{ kind: 'date-shift', days: 30 }, 'Moved by up to 30 days either way, all rows of one card by the same number'],
  [
    { kind: 'format-preserving', alphabet: 'digits', minLength: 8, maxLength: 15 },
    'Replaced by another text of the same form (8 to 15 characters of digits), keyed for each receiver',
  ],
  [{ kind: 'top-bottom', bottom: '18', top: '90' }, 'Cut off: values below 18 show 18, values above 90 show 90'],
  [{ kind: 'round', multiple: '10' }, 'Rounded to multiples of 10'],
  [
    { kind: 'noise', epsilon: 1, bottom: '0', top: '500', step: '1' },
    'Moved by random noise: epsilon 1 between 0 and 500, the same for the same value of one card',
  ],
  [
    { kind: 'microaggregate', k: 5, centre: 'mean' },
    'Neighbouring values merged until 5 subjects share them, shown as their mean',
  ],
  [{ kind: 'common-text', k: 10 }, 'Shown only where at least 10 subjects of the release share the same text'],
] as const)('%j is explained', (treatment, words) => {
  const column = { name: 'c', type: { kind: 'string' }, role: 'plain', released: true, treatment } as const;
  expect(explainTreatment(column, 'card')).toBe(words);
});

test('an exempted column names its clause', () => {
  const column = { name: 'c', type: { kind: 'string' }, role: 'quasi', released: true, exemptBy: '4.3' } as const;
  for (const treatment of [{ kind: 'keep' }, { kind: 'token' }, { kind: 'top-bottom', top: '9' }] as const) {
    expect(explainTreatment({ ...column, treatment }, undefined)).toContain('clause 4.3 exempts it');
  }
});

test.each([
  ['subjects', 10, 'at least 10', '10 subjects'],
  ['distance', 0.21341, 'at least 0.21341', '0.213'],
  ['share', 0.05, 'at least 5 %', '5 %'],
] as const)('a floor in %s reads in its unit', (unit, figure, agreed, measured) => {
  expect(formatAgreed({ control: 'privacy.k', unit, bound: 'at-least', agreed: figure })).toBe(agreed);
  expect(formatMeasure(unit, figure)).toBe(measured);
});
