import fc from 'fast-check';
import { addDuration, isDate, isDuration, readTimestamp } from '../../../../lib/domain/agreement/periods/duration';

test.each([
  ['2026-01-31', 'P1M', '2026-02-28'],
  ['2024-01-31', 'P1M', '2024-02-29'],
  ['2024-02-29', 'P1Y', '2025-02-28'],
  ['2024-02-29', 'P4Y', '2028-02-29'],
  ['2026-01-31', 'P1M1D', '2026-03-01'],
  ['2026-12-31', 'P1D', '2027-01-01'],
  ['2026-12-01', 'P13M', '2028-01-01'],
  ['2026-01-01', 'P1W', '2026-01-08'],
  ['2026-01-01', 'P1Y2M3W4D', '2027-03-26'],
  ['2026-01-01', 'PT12H', '2026-01-01T12:00:00Z'],
  ['2026-01-01', 'P1DT1H1M1S', '2026-01-02T01:01:01Z'],
  ['2026-01-31T10:00:00Z', 'P1M', '2026-02-28T10:00:00Z'],
  ['2026-12-31T23:59:59.500Z', 'PT1S', '2027-01-01T00:00:00.500Z'],
  ['0001-01-01', 'P1D', '0001-01-02'],
  ['0096-01-31', 'P1M', '0096-02-29'],
])('%s + %s = %s', (start, duration, end) => {
  expect(addDuration(start, duration)).toBe(end);
});

test.each([
  ['2026-02-30', 'P1D'],
  ['2026-02-30T00:00:00Z', 'P1D'],
  ['2026-01-01T24:30:00Z', 'P1D'],
  ['2026-01-01T00:00:00', 'P1D'],
  ['2026-01-01T00:00:00+01:00', 'P1D'],
  ['today', 'P1D'],
  ['2026-01-01', '1 day'],
  ['2026-01-01', 'P9999Y'],
])('%s + %s is refused', (start, duration) => {
  expect(() => addDuration(start, duration)).toThrow(RangeError);
});

test.each(['P1D', 'P1Y2M3W4DT5H6M7S', 'PT1S', 'P0Y1D', 'P365D', 'PT36H', 'P100Y', 'P1200M'])(
  '%s is a duration',
  (text) => {
    expect(isDuration(text)).toBe(true);
  },
);

test.each([
  '',
  'P',
  'PT',
  'P1',
  '1D',
  'P1DT',
  'P0D',
  'PT0S',
  'P1D1M',
  'P1.5D',
  '-P1D',
  'P-1D',
  'p1d',
  'P1D ',
  'PT1D',
  'P12345D',
  'P9999Y',
  'P100Y1D',
  'P1201M',
])('"%s" is no duration', (text) => {
  expect(isDuration(text)).toBe(false);
});

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2024-02-29', true],
  ['1900-02-29', false],
  ['2000-02-29', true],
  ['2026-04-31', false],
  ['2026-13-01', false],
  ['2026-00-01', false],
  ['2026-01-00', false],
  ['2026-1-1', false],
  ['26-01-01', false],
  ['2026-01-01T00:00:00Z', false],
])('is %s a day of the calendar: %s', (text, expected) => {
  expect(isDate(text)).toBe(expected);
});

test.each([
  ['2026-01-31', '2026-01-31 00:00:00'],
  ['2026-01-31 23:59', '2026-01-31 23:59:00'],
  ['2026-01-31T23:59:01.25', '2026-01-31 23:59:01.25'],
  ['2026-02-31 10:00', undefined],
  ['2026-01-31 24:00', undefined],
  ['2026-01-31 10:60', undefined],
  ['2026-01-31 10:00Z', undefined],
  ['10:00', undefined],
])('the timestamp "%s" reads %s', (text, expected) => {
  expect(readTimestamp(text)).toBe(expected);
});

const days = fc
  .date({ min: new Date('0001-01-01'), max: new Date('4000-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test('days add up one by one', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 4999 }), fc.integer({ min: 1, max: 4999 }), (start, a, b) => {
      expect(addDuration(addDuration(start, `P${a}D`), `P${b}D`)).toBe(addDuration(start, `P${a + b}D`));
      expect(Date.parse(addDuration(start, `P${a}D`)) - Date.parse(start)).toBe(a * 86_400_000);
    }),
  );
});

test('a month on is the next month, on the same day or its last', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 2000 }), (start, months) => {
      const end = addDuration(start, `P${months}M`);
      const index = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
      expect(index(end) - index(start)).toBe(months);
      const isLast = addDuration(end, 'P1D').endsWith('-01');
      expect(end.slice(8) === start.slice(8) || (isLast && end.slice(8) < start.slice(8))).toBe(true);
    }),
  );
});
