import type { DecisionRecord } from '../../registry/door-records';
import { OPERATIONS, type Operation } from './operations';

/** Under this name lie decisions on requests that belong to no agreement here: no agreement can have it. */
export const NO_AGREEMENT = '-';

/** What policies would permit, and cannot be carried out: a permission of which nothing can follow is none. */
export function describeRefusal(permitted: DecisionRecord, reason: string, place: string): DecisionRecord {
  return { ...permitted, effect: 'forbid', reason, clause: place, policy: 'none' };
}

/** A request that no policy was asked about: nobody here is meant by it, or it is none. */
export function describeStranger(
  { id, operation, reason }: { readonly id: string; readonly operation?: Operation; readonly reason: string },
  now: string,
): DecisionRecord {
  return {
    id,
    agreement: { id: NO_AGREEMENT, version: 0 },
    effect: 'forbid',
    door: operation === undefined ? 'api' : OPERATIONS[operation].door,
    operation: operation ?? 'unknown',
    clause: 'parties',
    reason,
    policy: 'none',
    at: now,
  };
}
