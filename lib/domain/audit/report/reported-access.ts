import type { Access, HashedEvidence } from '../access';
import type { Attributed, Attribution, Candidate, Confidence, LegJoin, PartyJoin } from '../attribution/attribution';
import type { Lateness } from '../attribution/find-lateness';
import type { ReachedLeg } from './find-reached';

/** One access as every output tells it: who, what, under which agreement, clause and decision, and where it is written. */
export interface ReportedAccess {
  /** Of the copy that was taken: the owner's where there is one. */
  readonly id: string;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly explained: Explanation;
  /** It came after the report of its time; absent: it is of this period. */
  readonly late?: Lateness;
  readonly service: string;
  /** As AWS names it. */
  readonly operation: string;
  readonly act: Access['act'];
  readonly outcome: Access['outcome'];
  readonly error?: string;
  readonly actor: ReportedActor;
  /** 12 digits: whose data it is. */
  readonly owner?: string;
  /** 12 digits: the account whose log tells it. */
  readonly recordedBy?: string;
  /** Whom it lets in. */
  readonly grantees?: readonly string[];
  readonly region?: string;
  readonly resource: ReportedResource;
  readonly bytes?: { readonly out: number; readonly in: number };
  readonly client?: Access['client'];
  /** S3's and KMS's id of the request. */
  readonly request?: string;
  /** Every log that tells of it, the one that was taken first. */
  readonly witnesses: readonly Access['witness'][];
  /** Every place where it is written. */
  readonly evidence: readonly EvidenceReference[];
}

/** Where a record stands, so that anybody can look it up and see that the file is the same. */
export interface EvidenceReference extends HashedEvidence {
  /** Id of the access that was read there. */
  readonly event: string;
}

export type Explanation =
  | {
      readonly kind: 'attributed';
      readonly party: string;
      readonly agreement: { readonly id: string; readonly version: number };
      readonly leg: string;
      readonly dataset: string;
      readonly role: Candidate['role'];
      readonly holds: Attributed['holds'];
      readonly showsOthers?: true;
      /** From where it was agreed to come; absent: from any. */
      readonly networks?: readonly string[];
      /** Absent: nobody had decided. */
      readonly decision?: { readonly id: string; readonly effect: 'permit' | 'forbid'; readonly clause: string };
      readonly joins: { readonly party: PartyJoin; readonly leg: LegJoin };
      readonly confidence: Confidence;
    }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Candidate[] }
  | Extract<Attribution, { readonly kind: 'own-door' }>
  | (Pick<Extract<Attribution, { readonly kind: 'unattributed' }>, 'kind' | 'reason' | 'as'> & {
      /** Whose data it was at: the one leg that has this place. Absent: none has, or several. */
      readonly reached?: ReachedLeg & { readonly dataset: string };
    })
  | Extract<Attribution, { readonly kind: 'internal' }>;

export interface ReportedActor {
  readonly kind: Access['actor']['kind'];
  /** ARN, SFTP user, service or canonical id: the best name that the records give; empty for none. */
  readonly name: string;
  /** 12 digits, where it is known: also where another record told it. */
  readonly account?: string;
  /** The AWS service that acted for it. */
  readonly through?: string;
}

export interface ReportedResource {
  readonly kind: Access['resource']['kind'];
  /** `bucket/key`, an ARN or an id; empty for none. */
  readonly name: string;
}
