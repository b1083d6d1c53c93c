import type { ExceptionKind } from '../attribution/reconcile-accesses';
import type { EvidenceReference } from './reported-access';

export type ReportedExceptionKind =
  | ExceptionKind
  /** Hours of which no trail, or no digest, tells. */
  | 'coverage-gap'
  /** CloudTrail's aggregated events count other than the events that were found. */
  | 'count-mismatch'
  /** A function that is none of the room's, by name, and runs in one of its roles. */
  | 'foreign-function'
  /** A record that is of no known kind, or not as it must be, names something of the room, and somebody else. */
  | 'unread-record'
  /** Two copies of one record say different things. */
  | 'conflicting-record'
  /** A log or digest file is not what was signed, or is missing. */
  | 'broken-integrity';

/** `breach`: somebody reached what they should not. `gap`: evidence is missing or cannot be believed. `notice`: to be looked at. */
export type ExceptionSeverity = 'breach' | 'gap' | 'notice';

export interface ReportedException {
  readonly kind: ReportedExceptionKind;
  readonly severity: ExceptionSeverity;
  readonly at: string;
  /** Of something that lasted; not included. */
  readonly to?: string;
  readonly party?: string;
  readonly leg?: string;
  readonly decision?: string;
  /** What happened, in one sentence; may hold texts of the logs. */
  readonly detail: string;
  /** Shown by what the ledger has of an access alone: the logs have another copy of it. */
  readonly byCopy?: true;
  /** Where it is written. */
  readonly evidence: readonly EvidenceReference[];
}

export interface ExceptionList {
  /** Kinds that occurred, most severe first. */
  readonly counts: readonly {
    readonly kind: ReportedExceptionKind;
    readonly severity: ExceptionSeverity;
    readonly count: number;
  }[];
  /** Most severe first, then in order of time; up to a cap. */
  readonly listed: readonly ReportedException[];
  readonly beyond: number;
}
