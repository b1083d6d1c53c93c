import type { Trigger } from '../agreement/plan/measures';

/** What can be found to break an agreement, and which of its remedies answers. */
export const BREACH_KINDS = [
  'late-delivery',
  'failed-release',
  'overdue-destruction',
  'after-expiry',
  'outside-purpose',
  'over-quota',
  'foreign-principal',
  'foreign-network',
  'bulk-read',
  'other-partys-leg',
  'outside-role',
  'undecided-access',
  'forbidden-access',
  'resharing',
  'committed-not-granted',
  'other-than-committed',
  'equivocation',
] as const;
export type BreachKind = (typeof BREACH_KINDS)[number];

/** Whether it goes on until something is done, as a late delivery does; else it is an act, over as soon as it is done. */
export function isOngoing(kind: BreachKind): boolean {
  switch (kind) {
    case 'late-delivery':
    case 'failed-release':
    case 'overdue-destruction':
    case 'committed-not-granted':
    case 'other-than-committed':
      return true;
    case 'after-expiry':
    case 'outside-purpose':
    case 'over-quota':
    case 'foreign-principal':
    case 'foreign-network':
    case 'bulk-read':
    case 'other-partys-leg':
    case 'outside-role':
    case 'undecided-access':
    case 'forbidden-access':
    case 'resharing':
    case 'equivocation':
      return false;
  }
}

export function triggerOf(kind: BreachKind): Trigger {
  switch (kind) {
    case 'late-delivery':
    case 'failed-release':
    case 'overdue-destruction':
    case 'resharing':
      return kind;
    // A room that commits and does not grant, grants something else, or commits to two things, has not delivered.
    case 'committed-not-granted':
    case 'other-than-committed':
    case 'equivocation':
      return 'late-delivery';
    case 'after-expiry':
    case 'outside-purpose':
    case 'over-quota':
    case 'foreign-principal':
    case 'foreign-network':
    case 'bulk-read':
    case 'other-partys-leg':
    case 'outside-role':
    case 'undecided-access':
    case 'forbidden-access':
      return 'forbidden-access';
  }
}
