import { RECONCILE_CAUSES, type ReconcileCause } from '../../lib/domain/enforcement/room-events';
import { fieldsOf } from '../shared/fields-of';
import type { Depth } from './entitlement-service';
import { type Reconciler, reconcileAgreement } from './reconcile-agreement';

/** Some agreements are not as they should be; what could be done for the others is done. */
export class NotReconciled extends Error {
  override readonly name = 'NotReconciled';
}

/**
 * Reconciles every agreement on record: the one that an event names first, since somebody waits for it. What an event says
 * happened is not believed: it is a reason to look.
 * @throws NotReconciled so that it is tried again, and alarmed on
 */
export async function reconcileEntitlements(event: unknown, reconciler: Reconciler): Promise<void> {
  const { registry, log } = reconciler;
  const { cause, agreement } = readCause(event);
  const all = await registry.listAgreements();
  const due = agreement !== undefined && all.includes(agreement) ? [agreement] : all;
  const depth: Depth = cause === 'term' ? 'full' : 'quick';
  const failed: string[] = [];
  let changes = 0;
  for (const each of due) {
    try {
      changes += await reconcileAgreement(reconciler, each, depth);
    } catch (error) {
      failed.push(each);
      log.error('Agreement not reconciled', {
        agreement: each,
        error: error instanceof Error ? error.message : 'unknown',
      });
    }
  }
  log.info('Entitlements compared with what is agreed', { cause, agreements: due.length, changes });
  if (failed.length > 0) throw new NotReconciled(`Not reconciled: ${failed.join(', ')}.`);
}

interface Cause {
  readonly cause: ReconcileCause | 'event';
  /** Of the room's own events; partners' name none that is believed. */
  readonly agreement?: string;
}

function readCause(event: unknown): Cause {
  const { cause, source, detail } = fieldsOf(event);
  const known = RECONCILE_CAUSES.find((each) => each === cause);
  if (known !== undefined) return { cause: known };
  const { agreement } = fieldsOf(detail);
  return source === 'barter.room' && typeof agreement === 'string' ? { cause: 'event', agreement } : { cause: 'event' };
}
