import fc from 'fast-check';
import { findWatermark } from '../../../../lib/domain/audit/attribution/find-watermark';
import { measureCoverage } from '../../../../lib/domain/audit/attribution/measure-coverage';
import type { DigestSpan } from '../../../../lib/domain/audit/integrity/digest-span';
import { listCoverageGaps } from '../../../../lib/domain/audit/report/find-finding-exceptions';
import { joinCoverage } from '../../../../lib/domain/audit/report/join-coverage';
import { judgeHeader, type ToldOfLogs } from '../../../../lib/domain/audit/report/judge-header';

const DAY = Date.parse('2026-03-05T00:00:00Z');
const [HOUR, MINUTE] = [3_600_000, 60_000];
const at = (ms: number) => new Date(DAY + ms).toISOString().replace('.000Z', 'Z');
const STATES: readonly DigestSpan['state'][] = ['whole', 'whole', 'quiet', 'lacking', 'doubted'];

/** Digests of one trail, hour by hour, some of them missing or of what came late. */
const digests = (trail: string) =>
  fc
    .record({
      first: fc.integer({ min: -6, max: 2 }),
      offset: fc.constantFrom(0, 0, 8, 17, 45),
      hours: fc.array(
        fc.option(
          fc.record({ state: fc.constantFrom(...STATES), backfill: fc.constantFrom(false, false, false, true) }),
        ),
        { maxLength: 10 },
      ),
    })
    .map(({ first, offset, hours }) =>
      hours.flatMap((hour, index): readonly DigestSpan[] => {
        const begin = (first + index) * HOUR + offset * MINUTE;
        return hour === null
          ? []
          : [{ trail, account: '1', region: 'eu', from: at(begin), to: at(begin + HOUR), ...hour }];
      }),
    );

const audited = fc.record({
  spans: fc.tuple(digests('one'), fc.oneof(fc.constant([]), digests('two'))).map((each) => each.flat()),
  from: fc.constantFrom(0, 0, 20, 40),
  length: fc.integer({ min: 1, max: 6 }),
  cut: fc.constantFrom(0, 0, 5, 10, 26, 51),
  delivered: fc.array(fc.integer({ min: -120, max: 480 }), { maxLength: 3 }),
  lastAccess: fc.option(fc.integer({ min: 40, max: 60 })),
});

/** What a report tells that is honest of what it was made of, and what lies in its pack. */
function report({
  spans,
  from,
  length,
  cut,
  delivered,
  lastAccess,
}: typeof audited extends fc.Arbitrary<infer T> ? T : never) {
  const trails = ['one', 'two'].map((trail) => ({ trail, account: '1', region: 'eu' }));
  const period = { from: at(from * MINUTE), to: at(length * HOUR + cut * MINUTE) };
  const logs = delivered.map((minute) => ({ account: '1', region: 'eu', delivered: at(minute * MINUTE) }));
  const last = lastAccess === null ? {} : { lastAccess: at(lastAccess * MINUTE) };
  const watermark = findWatermark({
    ...period,
    trails,
    spans,
    delivered: logs.map((log) => log.delivered),
    ...last,
  });
  const coverage = joinCoverage(measureCoverage(trails, spans, logs, period));
  const isChecked = spans.length > 0;
  const count = { given: spans.length, believed: spans.length };
  const integrity = isChecked
    ? ({ kind: 'intact', digests: count, logs: count, findings: [], findingsBeyond: 0 } as const)
    : ({ kind: 'not-checked' } as const);
  const told: ToldOfLogs = { header: { period, watermark, trails, integrity }, coverage };
  const grounds = {
    delivered: logs,
    digests: spans.length,
    digested: spans.map(({ to, ...span }) => ({ ...span, homeRegion: 'eu', end: to })),
    exceptions: listCoverageGaps(coverage, isChecked),
    ...last,
  };
  return { told, grounds };
}

test('a report that is honest about its logs is found to be that, whatever of them there is', () => {
  fc.assert(
    fc.property(audited, (given) => {
      const { told, grounds } = report(given);
      expect(judgeHeader(told, grounds)).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test('one without digests that tells otherwise of an hour or a trail than the names of its log files do is found', () => {
  const states = ['validated', 'quiet', 'incomplete', 'partly-validated', 'logged', 'silent'] as const;
  fc.assert(
    fc.property(audited, fc.nat(), fc.constantFrom(...states), (given, which, state) => {
      const { told, grounds } = report({ ...given, spans: [] });
      const at = which % told.coverage.length;
      const { header } = told;
      const coverage = told.coverage.map((run, index) => (index === at ? { ...run, state } : run));
      const problems = judgeHeader({ header, coverage }, { ...grounds, exceptions: listCoverageGaps(coverage, false) });
      const isSame = told.coverage[at]!.state === state;
      expect(problems.some((problem) => problem.startsWith('its coverage is not what the names'))).toBe(!isSame);
      const [trail] = header.trails;
      const expected = { trails: [trail!] };
      expect(judgeHeader(told, { ...grounds, expected })).toContainEqual(expect.stringMatching(/^its trails are not/));
    }),
  );
});

test('one that judges less than all whole hours, or more than there are digests, is found', () => {
  fc.assert(
    fc.property(audited, (given) => {
      const whole = given.spans.map((span) => ({ ...span, state: 'whole' as const, backfill: false }));
      const { told, grounds } = report({ ...given, spans: whole });
      const { period, watermark } = told.header;
      const covered = told.coverage.filter(({ state }) => state === 'validated');
      const isWhole = covered.length === told.coverage.length;
      const moved = (by: number) => new Date(Date.parse(watermark) + by).toISOString();
      const judge = (to: string) => judgeHeader({ ...told, header: { ...told.header, watermark: to } }, grounds);
      if (isWhole) expect(judge(moved(-HOUR))).toContainEqual(expect.stringContaining('too early'));
      if (watermark < period.to && covered.length > 0 && watermark > period.from)
        expect(judge(period.to >= moved(10 * HOUR) ? moved(10 * HOUR) : moved(12 * HOUR))).toContainEqual(
          expect.stringContaining('too late'),
        );
    }),
  );
});
