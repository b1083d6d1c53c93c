import type { AgreementInForce, ProposedVersion } from '../../agreement/agreement-in-force';
import type { ReportedPeriod } from '../attribution/find-lateness';
import type { CoveredHour } from '../attribution/measure-coverage';
import type { TrailVerdict } from '../integrity/verify-trail';
import type { CountedKind, RecordCounts } from '../records/collect-accesses';
import type { Reached } from '../records/count-reached';
import type { AuditedInputs, AuditedRoom, AuditedTrail, AuditHeader } from './audit-header';
import type { EvidenceReference } from './reported-access';
import type { ReportedConduct } from './reported-conduct';

/** What is known before the first access is read. */
export interface AuditSubject {
  /** UTC, ISO 8601; `to` not included. Accesses of this period are to be added, and those that came late. */
  readonly period: { readonly from: string; readonly to: string };
  readonly watermark: string;
  /** The periods of the reports that this one follows: what came late of them is told in it. */
  readonly after?: readonly ReportedPeriod[];
  readonly produced: string;
  readonly toolVersion: string;
  readonly room: AuditedRoom;
  readonly recipient?: AuditHeader['recipient'];
  /** With the SHA-256 of the plan's canonical JSON, hex. */
  readonly agreements: readonly { readonly inForce: AgreementInForce; readonly plan: string }[];
  /** Versions that not all have signed: their parties may have come in. */
  readonly proposed?: readonly ProposedVersion[];
  readonly trails: readonly AuditedTrail[];
  readonly functions?: NonNullable<AuditHeader['functions']>;
}

/** What is known when the last has been read. */
export interface AuditFindings {
  /** Absent: no digests were given. */
  readonly integrity?: TrailVerdict;
  readonly coverage: readonly CoveredHour[];
  readonly ledger?: NonNullable<AuditHeader['ledger']>;
  readonly records: RecordCounts;
  readonly inputs: AuditedInputs;
  /** Accesses at or after the watermark. */
  readonly pending: number;
  /** Records of which two copies say different things, each with where the copies stand. */
  readonly conflicts: readonly { readonly at: string; readonly evidence: readonly EvidenceReference[] }[];
  readonly counts: readonly CountMismatch[];
  readonly conduct: ReportedConduct;
  /** What the room's own principals did in its buckets; most frequent first. */
  readonly reached?: readonly Reached[];
  /** Files that were not read, or not to their end, and why. */
  readonly unread?: readonly { readonly file: string; readonly problem: string }[];
  /** Records that were not read as accesses, and concern the room and somebody else. `at`: the hour, or the beginning of the period. */
  readonly unexplained?: readonly (CountedKind & { readonly at: string })[];
}

/** CloudTrail's aggregated events count other than the events that were found. */
export interface CountMismatch {
  readonly at: string;
  readonly to: string;
  /** e.g. `s3 GetObject of room-releases`. */
  readonly what: string;
  readonly counted: number;
  readonly found: number;
  /** The count came after the report of its time. */
  readonly late?: true;
  readonly evidence: readonly EvidenceReference[];
}
