import type { Delivery } from '../../agreement/plan/plan';

/** What one leg's receiver should, or should not, be able to reach now, and what in the agreement says so. */
export interface Entitlement {
  readonly leg: string;
  readonly from: string;
  /** The receiver, and its account. */
  readonly party: string;
  readonly account: string;
  readonly kind: Delivery['kind'];
  readonly effect: 'grant' | 'withhold';
  /** Days of the rounds whose releases it reaches, the earliest first; none where it is withheld. */
  readonly releases: readonly string[];
  readonly reason: EntitlementReason;
  readonly clause: string;
}

export type EntitlementReason =
  | 'agreed'
  | 'removed'
  | 'not-signed'
  | 'not-active'
  | 'suspended'
  | 'before-term'
  | 'after-term'
  | 'terminated'
  | 'party-suspended'
  | 'no-complete-round'
  /** There were releases, and each was withdrawn: its time is over, its receiver has attested that it is destroyed, or a remedy says so. */
  | 'withdrawn';
