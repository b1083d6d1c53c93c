import type { Evidence } from './access';

/**
 * What evidence is called that stands in the ledger and in no log that was read: `record` is then the entry's position, the hash
 * that of its leaf. No log file is called so.
 */
export const LEDGER_EVIDENCE = 'ledger';

/** Whether a log that was read has it, and not the ledger alone. */
export function isLogged(places: readonly Pick<Evidence, 'file'>[]): boolean {
  return places.some(({ file }) => file !== LEDGER_EVIDENCE);
}
