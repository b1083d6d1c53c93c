import fc from 'fast-check';
import { addDuration } from '../../../../lib/domain/agreement/periods/duration';
import { periodOf } from '../../../../lib/domain/agreement/periods/period-of';

test.each([
  ['P7D', '2026-01-01', '2026-01-01', '2026-01-01'],
  ['P7D', '2026-01-01', '2026-01-07', '2026-01-01'],
  ['P7D', '2026-01-01', '2026-01-08', '2026-01-08'],
  ['P1M', '2026-01-31', '2026-02-27', '2026-01-31'],
  ['P1M', '2026-01-31', '2026-02-28', '2026-02-28'],
  ['P1M', '2026-01-31', '2026-03-30', '2026-02-28'],
  ['P1Y', '2024-02-29', '2026-02-27', '2025-02-28'],
  ['P1D', '1926-01-01', '2026-01-01', '2026-01-01'],
  ['P7D', '2026-01-01', '2025-12-31', '2026-01-01'],
  ['PT1S', '1926-01-01', '2026-01-01', '2026-01-01'],
  ['PT36H', '2026-01-01', '2026-01-03', '2026-01-02'],
  ['PT36H', '2026-01-01', '2026-01-04', '2026-01-04'],
])('in periods of %s from %s on, %s is in that of %s', (every, first, day, expected) => {
  expect(periodOf(first, every, day)).toBe(expected);
});

test('is the same as counted period by period', () => {
  const days = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const every = fc.constantFrom('P1D', 'P1W', 'P1M', 'P2M', 'P1Y', 'P1M10D', 'P1DT6H', 'PT25H', 'P40D');
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 800 }), every, (first, after, period) => {
      const day = addDuration(first, `P${after + 1}D`);
      let start = first;
      for (let times = 1; ; times += 1) {
        const next = addDuration(first, period, times).slice(0, 10);
        if (next > day) break;
        start = next;
      }
      expect(periodOf(first, period, day)).toBe(start);
    }),
    { seed: 11 },
  );
});
