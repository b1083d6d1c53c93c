import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import { recordLog } from '../../../fixtures/recorded-log';

test.each([
  [{ cause: 'interlock' }, 'interlock'],
  [{ source: 'barter.room', 'detail-type': 'term-ends', detail: {} }, 'term-ends'],
  [{ cause: 'because', 'detail-type': 'x'.repeat(500) }, 'x'.repeat(128)],
  [{ cause: 'because' }, 'unknown'],
  [undefined, 'unknown'],
  [null, 'unknown'],
])('grants nothing, and says so: %j', (event, cause) => {
  const { log, lines } = recordLog();
  expect(reconcileEntitlements(event, log)).toBeUndefined();
  expect(lines).toEqual([['warn', 'Entitlements not reconciled: this version of the room grants nothing', { cause }]]);
});
