import type { Plan } from '../../agreement/plan/plan';

/**
 * Accounts of parties. Not those in which their warehouses stand: many others' stand there too, and the room's own stacks alone
 * let them in, each by its own id.
 */
export function listPartyAccounts(versions: readonly { readonly plan: Pick<Plan, 'parties'> }[]): ReadonlySet<string> {
  return new Set(versions.flatMap(({ plan }) => plan.parties.map(({ account }) => account)));
}
