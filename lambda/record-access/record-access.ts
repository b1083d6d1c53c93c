import { readBusEvent } from '../../lib/domain/audit/records/read-bus-event';
import type { Log } from '../log';

/**
 * Reads what a party's account, or this one, told of an access, and logs that it was told. This version of the room has no
 * ledger to append it to: the archive of the event's bus keeps it, to be played again to one that has.
 */
export function recordAccess(event: unknown, log: Log): void {
  const reading = readBusEvent(event);
  switch (reading.kind) {
    case 'access':
      log.warn('Access not entered in the ledger: the archive of its bus keeps it', {
        access: reading.access.id,
        recordedBy: reading.access.recordedBy ?? 'unknown',
        act: reading.access.act,
      });
      return;
    case 'unknown':
      log.warn('Event not understood: the archive of its bus keeps it', { what: reading.what });
      return;
    case 'malformed':
      log.error('Event cannot be read: the archive of its bus keeps it', { problem: reading.problem });
  }
}
