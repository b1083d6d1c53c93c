import type { ProposedVersion } from './agreement-in-force';

/** Accounts that agreements name: those of parties, and those in which their warehouses stand. */
export function listPartyAccounts(versions: readonly ProposedVersion[]): ReadonlySet<string> {
  return new Set(
    versions.flatMap(({ plan, doors }) => [
      ...plan.parties.map(({ account }) => account),
      ...doors.flatMap(({ opensTo }) => (opensTo.kind === 'account' ? [opensTo.account] : [])),
    ]),
  );
}
