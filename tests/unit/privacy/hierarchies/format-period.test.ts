import fc from 'fast-check';
import { formatPeriod } from '../../../../lib/domain/privacy/hierarchies/format-period';
import { DATE_PERIODS } from '../../../../lib/domain/privacy/hierarchies/generalisation';

test.each([
  ['2026-03-05', ['2026-03-05', '2026-W10', '2026-03', '2026-Q1', '2026', '2020s']],
  ['2026-12-31 23:59:59.999999', ['2026-12-31', '2026-W53', '2026-12', '2026-Q4', '2026', '2020s']],
  ['2021-01-03', ['2021-01-03', '2020-W53', '2021-01', '2021-Q1', '2021', '2020s']],
  ['2024-12-30', ['2024-12-30', '2025-W01', '2024-12', '2024-Q4', '2024', '2020s']],
  ['0099-06-30', ['0099-06-30', '0099-W27', '0099-06', '0099-Q2', '0099', '0090s']],
  ['0001-01-01', ['0001-01-01', '0001-W01', '0001-01', '0001-Q1', '0001', '0000s']],
  ['12026-03-05', ['12026-03-05', '12026-W10', '12026-03', '12026-Q1', '12026', '12020s']],
  ['0044-03-15 (BC)', ['0044-03-15 (BC)', '0044-W11 (BC)', '0044-03 (BC)', '0044-Q1 (BC)', '0044 (BC)', '0040s (BC)']],
  [
    '0001-12-31 (BC) 10:00:00',
    ['0001-12-31 (BC)', '0001-W52 (BC)', '0001-12 (BC)', '0001-Q4 (BC)', '0001 (BC)', '0000s (BC)'],
  ],
])('%s is in %j', (date, periods) => {
  expect(DATE_PERIODS.map((period) => formatPeriod(date, period))).toEqual(periods);
});

test.each(['infinity', '-infinity', '', 'March', '2026', '2026-3-5', '2026-03-05x'])('«%s» is in no period', (text) => {
  expect(DATE_PERIODS.map((period) => formatPeriod(text, period))).toEqual(DATE_PERIODS.map(() => undefined));
});

test('weeks begin on Mondays, and only there', () => {
  const day = fc.date({ min: new Date('0002-01-01'), max: new Date('9999-12-30'), noInvalidDate: true });
  fc.assert(
    fc.property(day, (date) => {
      const next = new Date(date.getTime() + 86_400_000);
      const [week, nextWeek] = [date, next].map((each) => formatPeriod(each.toISOString().slice(0, 10), 'week'));
      expect(week === nextWeek).toBe(next.getUTCDay() !== 1);
    }),
  );
});
