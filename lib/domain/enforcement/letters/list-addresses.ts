import type { Plan } from '../../agreement/plan/plan';
import { addressTo, type Contact } from './letter';

const CONTACTS: readonly Contact[] = ['exchange', 'privacy', 'security'];

/** Address → the contacts that are read there, as letters name them: one that serves for several gets each letter once. */
export function listAddresses(plan: Pick<Plan, 'parties'>): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, readonly string[]>();
  for (const { id: party, contacts } of plan.parties)
    for (const contact of CONTACTS) {
      const address = contacts[contact];
      if (address !== undefined)
        named.set(address, [...(named.get(address) ?? []), ...addressTo(plan, party, contact)]);
    }
  return named;
}
