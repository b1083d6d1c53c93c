import { listMendedReleases } from '../../../lib/domain/exchange/gates/judge-failed-release';
import { judgeDeliveries } from '../../../lib/domain/exchange/rounds/judge-deliveries';
import { breachOf, conductOf, placedFor } from '../../fixtures/conduct';
import { makeRingPlan } from '../../fixtures/sample-plan';

const ring = makeRingPlan();
const FIRST = {
  ...ring,
  term: { ...ring.term, starts: '2026-01-01', ends: '2026-12-31' },
  legs: ring.legs.map((leg) => ({ ...leg, every: 'P1Y' })),
};
const LEG = FIRST.legs[0]?.id ?? '';
const versioned = (version: number, legs = FIRST.legs) => ({
  ...FIRST,
  legs,
  agreement: { ...FIRST.agreement, version },
});
const [WITH, WITHOUT, AGAIN] = [versioned(1), versioned(2, FIRST.legs.slice(1)), versioned(3)];

test.each([
  ['of which it was left out on the day of the round', '2026-01-01T15:00:00.000Z', '2026-05-01T00:00:00.000Z', false],
  ['of which it was left out weeks later', '2026-02-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', false],
  ['where the version without it never held', '2026-05-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', true],
] as const)('a leg that comes back is late for a round %s: %p', (_, out, back, isLate) => {
  const versions = [
    placedFor(WITH, { to: out }),
    placedFor(WITHOUT, { from: out, to: back }),
    placedFor(AGAIN, { from: back }),
  ];
  const conduct = { ...conductOf(AGAIN), began: '2026-01-01T00:00:00Z', earlier: [WITH, WITHOUT], versions };
  const now = '2026-05-02T00:00:00Z';
  const { overdue } = judgeDeliveries(AGAIN, conduct, now);
  expect(overdue.some(({ leg, round }) => leg === LEG && round === '2026-01-01')).toBe(isLate);

  // Who was found to be late, or to have failed, while no look fell into the time without it, is so no more.
  const round = { party: 'pamber', leg: LEG, round: '2026-01-01' };
  const breaches = [
    breachOf(AGAIN, { ...round, report: 'late' }),
    breachOf(AGAIN, { ...round, report: 'failed', kind: 'failed-release' }),
    breachOf(AGAIN, { ...round, round: '2026-06-01', report: 'later' }),
  ];
  const { delivered } = judgeDeliveries(AGAIN, { ...conduct, breaches }, now);
  expect(delivered).toEqual(isLate ? [] : [{ report: 'late', at: out }]);
  expect(listMendedReleases(AGAIN, { ...conduct, breaches }, now)).toEqual(
    isLate ? [] : [{ report: 'failed', at: out }],
  );
});
