import type { Access } from '../../../lib/domain/audit/access';
import { joinAccesses } from '../../../lib/domain/audit/records/join-accesses';
import { openAnswered } from '../../../lib/domain/enforcement/open-answered';
import { breachOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

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
  const [joined] = joinAccesses([access], new Map());
  return joined!;
}

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
