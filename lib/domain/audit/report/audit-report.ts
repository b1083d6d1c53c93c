import type { PlannedClause } from '../../agreement/plan/plan';
import type { CoverageState } from '../attribution/measure-coverage';
import type { Reached } from '../records/count-reached';
import type { AccessSummary } from './access-summary';
import type { AuditHeader } from './audit-header';
import type { OperationRecord } from './record-operation';
import type { DestructionDuty, ProcessingRecord } from './record-processing';
import type {
  CertifiedRelease,
  ReportedBreach,
  ReportedDrift,
  ReportedProblem,
  ReportedRound,
  ReportedWord,
} from './reported-conduct';
import type { ExceptionList } from './reported-exception';

/**
 * What an auditor is told: plain data, of a size that does not grow with the number of accesses. Page, tables and events
 * are written from this one value and the rows that passed by.
 */
export interface AuditReport {
  readonly reportVersion: 1;
  readonly header: AuditHeader;
  readonly verdict: AuditVerdict;
  /** All parties of all agreements, each once. */
  readonly parties: readonly AuditedParty[];
  readonly agreements: readonly AuditedAgreement[];
  readonly exceptions: ExceptionList;
  readonly accesses: AccessSummary;
  /** Runs of hours in the same state, per trail and region, in order. */
  readonly coverage: readonly CoverageRun[];
  readonly breaches: readonly ReportedBreach[];
  readonly rounds: readonly ReportedRound[];
  readonly releases: readonly CertifiedRelease[];
  /** Reported by parties in the period. */
  readonly problems: readonly ReportedProblem[];
  /** Changed by hand in the period, and put back. */
  readonly drifts: readonly ReportedDrift[];
  /** What peers' rooms said of breaches; absent: nothing that lasted into the period. */
  readonly told?: readonly ReportedWord[];
  readonly operator: OperatorView;
  /** What no log of this report can show. */
  readonly unseen: readonly UnseenActivity[];
  /** What the verdict hangs on and nothing in this report proves. */
  readonly reliance: readonly Reliance[];
  readonly standards: readonly ControlEvidence[];
  readonly processing: readonly ProcessingRecord[];
  /** What whoever runs the room does for others. */
  readonly operation: readonly OperationRecord[];
  readonly destruction: readonly DestructionDuty[];
}

export interface AuditVerdict {
  /**
   * `clean`: every access is explained, and the logs are whole. `doubtful`: nothing forbidden is known, but something is
   * unexplained, missing or unproven. `breached`: somebody reached data, and no clause and decision allowed it.
   */
  readonly kind: 'clean' | 'doubtful' | 'breached';
  readonly sentence: string;
}

export interface AuditedParty {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly jurisdiction: string;
}

export interface AuditedAgreement {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** UTC, ISO 8601; `to` not included. */
  readonly from: string;
  readonly to?: string;
  /** SHA-256 of the plan's canonical JSON, hex. */
  readonly plan: string;
  readonly legs: readonly {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    readonly dataset: string;
    readonly via: string;
  }[];
  readonly clauses: readonly PlannedClause[];
}

export interface CoverageRun {
  readonly trail: string;
  readonly account: string;
  readonly region: string;
  readonly from: string;
  readonly hours: number;
  readonly state: CoverageState;
}

/** What whoever runs the room was able to see, because the room stands in its account. */
export interface OperatorView {
  readonly party?: string;
  /** Data of others that lay in the room's account in this period. */
  readonly reach: readonly {
    readonly dataset: string;
    readonly owner: string;
    readonly holds: 'delivery' | 'release';
  }[];
  /** Principals of the room's own accounts that reached these data; the room's own jobs are among them. */
  readonly principals: readonly {
    readonly name: string;
    readonly accesses: number;
    readonly bytesOut: number;
    readonly first: string;
    readonly last: string;
  }[];
  readonly principalsBeyond: number;
  /** Who came in by single sign-on, and by which role. */
  readonly signIns: readonly {
    readonly name: string;
    readonly role: string;
    readonly times: number;
    readonly refused: number;
    readonly first: string;
    readonly last: string;
  }[];
  readonly signInsBeyond: number;
  /** What these did in the room's buckets, by principal, operation and bucket, of all records that were read. */
  readonly reached: readonly Reached[];
  readonly reachedBeyond: number;
}

export interface UnseenActivity {
  readonly kind: 'subscriber-exports' | 'warehouse-use' | 'copies' | 'callers-denied';
  readonly leg?: string;
  readonly party?: string;
  readonly sentence: string;
}

export interface Reliance {
  readonly on:
    | 'log-files'
    | 'trail-keys'
    | 'trail-alone'
    | 'decisions'
    | 'agreements'
    | 'room-roles'
    | 'code'
    | 'times-between';
  readonly sentence: string;
}

/** What this report shows for one control of a standard, and what it does not. */
export interface ControlEvidence {
  readonly framework: 'SOC 2' | 'ISO/IEC 27001' | 'GDPR' | 'CCPA';
  /** e.g. `CC6.1`, `A.8.15`, `Art. 30`. */
  readonly control: string;
  readonly title: string;
  /** Empty: nothing. */
  readonly shown: readonly { readonly section: ReportSection; readonly sentence: string }[];
  /** What an auditor has to look for elsewhere. */
  readonly notCovered: string;
}

/** Parts of the report that others point to. */
export type ReportSection =
  | 'exceptions'
  | 'accesses'
  | 'coverage'
  | 'integrity'
  | 'trails'
  | 'functions'
  | 'agreements'
  | 'breaches'
  | 'rounds'
  | 'releases'
  | 'processing'
  | 'destruction'
  | 'operator'
  | 'unseen';
