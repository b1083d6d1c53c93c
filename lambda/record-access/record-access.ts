import type { Access } from '../../lib/domain/audit/access';
import type { Recording } from '../../lib/domain/audit/ledger/record-accesses';
import { readBusEvent } from '../../lib/domain/audit/records/read-bus-event';
import type { Log } from '../shared/log';
import type { CountRefused } from './count-refused';

/** Enters accesses in the ledger, each once. */
export type EnterAccesses = (accesses: readonly Access[]) => Promise<Pick<Recording, 'appended' | 'conflicts'>>;

/** Two events tell different things of one access: at most one of them is what AWS wrote. */
export class ConflictingAccess extends Error {
  override readonly name = 'ConflictingAccess';
}

/**
 * Enters in the ledger what a party's account, or this one, tells of an access. What is no access is logged; the archive
 * of the event's bus keeps it.
 * What strangers were refused is counted and not entered.
 * @throws ConflictingAccess, so that somebody looks
 */
export async function recordAccess(event: unknown, enter: EnterAccesses, count: CountRefused, log: Log): Promise<void> {
  const reading = readBusEvent(event);
  switch (reading.kind) {
    case 'access': {
      const { id, act, recordedBy = 'unknown' } = reading.access;
      if (await count(reading.access)) {
        log.info('A refused request of nobody here was counted', { recordedBy, act });
        return;
      }
      const { appended, conflicts } = await enter([reading.access]);
      if (conflicts.length > 0) {
        throw new ConflictingAccess(
          `The ledger has another entry for ${id}. Compare it with the event in the archive.`,
        );
      }
      log.info(appended > 0 ? 'Access entered in the ledger' : 'Access already in the ledger', {
        access: id,
        recordedBy,
        act,
      });
      return;
    }
    case 'unknown':
      log.warn('Event not understood: the archive of its bus keeps it', { what: reading.what });
      return;
    case 'malformed':
      log.error('Event cannot be read: the archive of its bus keeps it', { problem: reading.problem });
  }
}
