import { compareEnds, openLateness, openReported } from '../../../../lib/domain/audit/attribution/find-lateness';

const JANUARY = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
const MARCH = '2026-03-01T00:00:00Z';
const IN_JANUARY = '2026-01-20T10:00:00Z';

/** Log files in which records of one access stand: `reported` alone was there when January was reported. */
const lateness = (at: string, records: readonly (readonly string[])[], from = MARCH, periods = [JANUARY]) =>
  openLateness(
    from,
    periods,
    ({ file }) => file === 'reported',
  )(
    at,
    records.map((files) => files.map((file) => ({ file, record: 0 }))),
  );

test.each<[string, ReturnType<typeof lateness>, readonly (readonly string[])[]]>([
  ['by a file that was reported', undefined, [['reported']]],
  ['by a record that stands in that file too', undefined, [['later', 'reported']]],
  ['by a file that came later', 'whole', [['later']]],
  ['by files that came later', 'whole', [['later'], ['later still']]],
  ['by a further record that came later', 'further', [['reported'], ['later']]],
  ['by a record of no file', undefined, [[]]],
  ['by one of no file, and one that came later', 'further', [[], ['later']]],
])('an access that is told %s is late: %s', (_, expected, records) => {
  expect(lateness(IN_JANUARY, records)).toBe(expected);
});

test.each<[string, string, ReturnType<typeof lateness>]>([
  ['the first moment of a report', JANUARY.from, 'whole'],
  ['the last', '2026-01-31T23:59:59.999Z', 'whole'],
  ['the first after it, of which none was made', JANUARY.to, undefined],
  ['the last before it', '2025-12-31T23:59:59.999Z', undefined],
  ['no time', 'at noon', undefined],
])('what came later, of %s', (_, at, expected) => {
  expect(lateness(at, [['later']])).toBe(expected);
});

test('what is of this period is not late, though another report told of it too', () => {
  const within = '2026-01-15T00:00:00Z';
  expect(lateness(within, [['later']], within)).toBeUndefined();
  expect(lateness('2026-01-14T23:59:59.999Z', [['later']], within)).toBe('whole');
});

test('of no period nothing is reported; of several, what is in any', () => {
  const at = Date.parse(IN_JANUARY);
  expect(openReported([])(at)).toBe(false);
  expect(openReported([{ from: JANUARY.to, to: MARCH }, JANUARY])(at)).toBe(true);
});

test('reports are ordered by their end, then by their beginning', () => {
  const whole = { from: JANUARY.from, to: MARCH };
  const late = { from: JANUARY.to, to: MARCH };
  expect([late, whole, JANUARY].toSorted(compareEnds)).toEqual([JANUARY, whole, late]);
});
