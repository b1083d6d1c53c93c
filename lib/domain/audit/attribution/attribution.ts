import type { LegPlace } from '../../agreement/agreement-in-force';
import type { CrossingJoin } from '../records/join-accesses';
import type { RecordedDecision } from './recorded-decision';

/** Who an access was by, under what. Where the records do not say it, neither does this. */
export type Attribution =
  | Attributed
  /** More than one answer fits. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Candidate[] }
  /**
   * A party came in at its own door, or fetched what the room put there for it: nobody's data are reached by that, and nothing
   * is to be decided.
   */
  | { readonly kind: 'own-door'; readonly party: string; readonly agreement: Candidate['agreement'] }
  | {
      readonly kind: 'unattributed';
      readonly reason: UnattributedReason;
      readonly account?: string;
      /** Whose role it was that somebody else took. */
      readonly as?: { readonly party: string; readonly agreement: string };
    }
  /** The room's own doing, or AWS's: no partner took part. `operator`: somebody of the room's came in by single sign-on. */
  | { readonly kind: 'internal'; readonly by: 'own-account' | 'operator' | 'aws-service' };

export interface Attributed extends Candidate {
  readonly kind: 'attributed';
  /** What lies where it was. */
  readonly holds: LegPlace['holds'];
  /** It was a listing from above, and showed what lies there of agreements that do not know the party. */
  readonly showsOthers?: true;
  /** Address ranges from which it was agreed to come in this way; absent: any. */
  readonly networks?: readonly string[];
  /** The decision that held then; absent: nobody decided it. */
  readonly decision?: RecordedDecision;
  /** How the party and the leg were found. */
  readonly joins: { readonly party: PartyJoin; readonly leg: LegJoin };
  readonly confidence: Confidence;
}

export interface Candidate {
  readonly party: string;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly leg: string;
  /** What the party is to the leg. `giver` also where it looks at what it gives. */
  readonly role: 'giver' | 'receiver' | 'other-party';
}

export type PartyJoin = CrossingJoin | 'sftp-user' | 'sftp-session' | 'link' | 'role';

export type LegJoin = 'object' | 'table' | 'data-set' | 'product' | 'received' | 'decrypted-object' | 'key' | 'query';

/** `certain`: AWS names both in this very record. `strong`: through another record. `weak`: only the key is known, or that it is a product's, or of what was exported. */
export type Confidence = 'certain' | 'strong' | 'weak';

export type UnattributedReason =
  /** The records do not tell who it was. */
  | 'unknown-actor'
  | 'anonymous'
  /** Somebody of the room's own account took the role by which a party comes in, or a name by which logs tell one. */
  | 'operator-as-party'
  /** No agreement names the account or user. */
  | 'no-party'
  /** The party had an agreement, but none in force then. */
  | 'no-agreement-then'
  /** What was accessed is no leg's. */
  | 'no-leg';
