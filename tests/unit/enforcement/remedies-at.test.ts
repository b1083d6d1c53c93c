import type { Plan } from '../../../lib/domain/agreement/plan';
import { remediesAt } from '../../../lib/domain/enforcement/remedies-at';
import { breachOf } from '../../fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';

const MEASURES = ['warn', 'throttle', 'suspend-party', 'suspend-counterpart', 'revoke', 'terminate'] as const;
const PLAN: Plan = {
  ...TELCO_RETAIL_PLAN,
  remedies: MEASURES.map((measure) => ({ on: 'late-delivery', after: 'P3D', do: measure })),
};
const LATE = { party: 'telco', since: '2026-03-01T00:00:00Z' };
const at = (now: string, changed: Parameters<typeof breachOf>[1] = {}) =>
  remediesAt(PLAN, [breachOf(PLAN, { ...LATE, ...changed })], now).map((each) => each.do);

test.each<[string, string, string | undefined, readonly string[]]>([
  ['before the remedy’s time', '2026-03-03T23:59:59Z', undefined, []],
  ['from it on', '2026-03-04T00:00:00Z', undefined, MEASURES],
  ['of what was over before it', '2026-03-04T00:00:00Z', '2026-03-03T12:00:00Z', []],
  ['of what was over before it, long after', '2026-06-01T00:00:00Z', '2026-03-03T23:59:59Z', []],
  [
    'of what is over since, what is done once',
    '2026-06-01T00:00:00Z',
    '2026-03-04T00:00:00Z',
    ['warn', 'revoke', 'terminate'],
  ],
  ['of what will be over, all', '2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z', MEASURES],
])('what is due %s', (_, now, resolvedAt, expected) => {
  expect(at(now, resolvedAt === undefined ? {} : { resolvedAt })).toEqual(expected);
});
