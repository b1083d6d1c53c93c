import type { Access } from '../../../../lib/domain/audit/access';
import { joinAccesses } from '../../../../lib/domain/audit/records/join-accesses';
import { openAnswered } from '../../../../lib/domain/enforcement/breaches/open-answered';
import { breachOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

/** A read of an SFTP session that stays open. */
function readAt(at: string) {
  const access: Access = {
    id: `event ${at}`,
    witness: 'event-bus',
    at,
    service: 'transfer',
    operation: 'SFTP Server File Download Completed',
    act: 'read',
    outcome: 'allowed',
    actor: { kind: 'sftp-user', user: 'telco-retail-2026.retail' },
    resource: { kind: 'none' },
    joins: { session: 'S' },
  };
  const [joined] = joinAccesses([access], new Map(), []);
  return joined!;
}

test('what was overruled and is over answers up to whichever came first', () => {
  const report = 'forbidden-access:retail:usage:2026-03-01';
  const at = (hour: number) => `2026-03-01T${hour}:00:00Z`;
  const moments = [
    [at(10), at(18)],
    [at(18), at(10)],
  ] as const;
  for (const [overruledAt, resolvedAt] of moments) {
    const overruled = { at: overruledAt, by: 'operator', reason: 'a test' };
    const isAnswered = openAnswered([
      breachOf(TELCO_RETAIL_PLAN, { report, ties: ['session/S'], overruled, resolvedAt }),
    ]);
    expect([at(10), at(12)].map((each) => isAnswered(report, readAt(each)))).toEqual([true, false]);
  }
});

test.each([
  ['forbidden-access', true],
  ['over-quota', false],
  ['bulk-read', false],
])('what was overruled as %s answers for its session in another period: %s', (kind, isAnsweredThen) => {
  const overruled = { at: '2026-03-15T00:00:00Z', by: 'operator', reason: 'a test' };
  const report = (day: string) => `${kind}:retail:usage:${day}`;
  const breach = breachOf(TELCO_RETAIL_PLAN, { report: report('2026-02-01'), ties: ['session/S'], overruled });
  const isAnswered = openAnswered([breach]);
  expect(isAnswered(report('2026-02-01'), readAt('2026-02-20T00:00:00Z'))).toBe(true);
  expect(isAnswered(report('2026-03-01'), readAt('2026-03-10T00:00:00Z'))).toBe(isAnsweredThen);
  expect(isAnswered(report('2026-03-01'), readAt('2026-03-16T00:00:00Z'))).toBe(false);
});
