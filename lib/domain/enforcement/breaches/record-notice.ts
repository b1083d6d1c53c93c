import type { Plan } from '../../agreement/plan/plan';
import { giveNotice } from '../../exchange/entitlements/plan-exit';
import type { Ending } from '../../registry/agreement-records';
import type { Registry } from '../../registry/registry';

type Notice =
  /** What stands: this notice, or one that was given before. */
  | { readonly kind: 'given'; readonly ending: Ending }
  /** `not-signed`: nothing binds anybody yet. `over`: it has ended already. */
  | { readonly kind: 'refused'; readonly fault: 'not-signed' | 'over' };

/**
 * Puts on record that a party gives notice. The first notice stands: it ends sooner than one that comes later.
 * @param plan of the version in force, which must be on record
 * @param at UTC, ISO 8601
 */
export async function recordNotice(
  registry: Registry,
  plan: Plan,
  by: string,
  reason: string,
  at: string,
): Promise<Notice> {
  const notice = giveNotice(plan, by, reason, at);
  const after = await registry.current(plan.agreement.id).change([], (current) => {
    const isBinding = current.state !== 'draft' && current.state !== 'ended' && current.state !== 'settled';
    return isBinding && current.ending === undefined ? { ...current, ending: notice } : undefined;
  });
  if (after === undefined || after.state === 'draft') return { kind: 'refused', fault: 'not-signed' };
  if (after.state === 'ended' || after.state === 'settled') return { kind: 'refused', fault: 'over' };
  return { kind: 'given', ending: after.ending ?? notice };
}
