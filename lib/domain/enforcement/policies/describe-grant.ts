import type { Plan } from '../../agreement/plan/plan';
import type { Entitlement } from '../../exchange/entitlements/entitlement';
import type { DecisionRecord } from '../../registry/door-records';

/**
 * That a leg's receiver may reach its releases by itself from now on, or may not: the decision behind every read that a
 * service lets through without asking the room.
 */
export function describeGrant(
  { agreement }: Pick<Plan, 'agreement'>,
  {
    leg,
    party,
    effect,
    reason,
    clause,
  }: Pick<Entitlement, 'leg' | 'party' | 'effect' | 'clause'> & { readonly reason: string },
  now: string,
): DecisionRecord {
  return {
    id: `entitlement:${leg}`,
    agreement: { id: agreement.id, version: agreement.version },
    effect: effect === 'grant' ? 'permit' : 'forbid',
    door: 'read',
    operation: 'read-release',
    party,
    leg,
    clause,
    reason,
    policy: `${ENTITLEMENT}${leg}`,
    at: now,
  };
}

/** Whether a decision stands until the next one about its leg; others decide on one request alone. */
export function isOfEntitlement(policy: string): boolean {
  return policy.startsWith(ENTITLEMENT);
}

const ENTITLEMENT = 'entitlement:';
