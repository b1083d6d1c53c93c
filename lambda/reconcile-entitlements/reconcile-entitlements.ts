import { RECONCILE_CAUSES } from '../../lib/domain/enforcement/room-events';
import type { Log } from '../log';

/** Changes nothing: this version of the room grants nothing, so there is nothing to extend, suspend or take back. */
export function reconcileEntitlements(event: unknown, log: Log): void {
  log.warn('Entitlements not reconciled: this version of the room grants nothing', { cause: causeOf(event) });
}

/** The schedule's cause, or the kind of event; whoever can put events chooses those, so no more of it than can be a name. */
function causeOf(event: unknown): string {
  const fields: Readonly<Record<string, unknown>> = typeof event === 'object' && event !== null ? { ...event } : {};
  const cause = RECONCILE_CAUSES.find((known) => known === fields.cause) ?? fields['detail-type'];
  return typeof cause === 'string' ? cause.slice(0, 128) : 'unknown';
}
