import type { PlannedClause } from '../../agreement/plan/plan';
import type { ReportedPeriod } from '../attribution/find-lateness';
import type { CoverageState } from '../attribution/measure-coverage';
import type { ExceptionKind } from '../attribution/reconcile-accesses';
import type { TrailFinding } from '../integrity/trail-finding';
import type { EntryRange } from '../ledger/told-entries';
import type { RecordCounts } from '../records/collect-accesses';
import type { Reached } from '../records/count-reached';
import type { OperationRecord } from './record-operation';
import type { DestructionDuty, ProcessingRecord } from './record-processing';
import type { EvidenceReference, ReportedAccess } from './reported-access';
import type {
  CertifiedRelease,
  ReportedBreach,
  ReportedDrift,
  ReportedProblem,
  ReportedRound,
  ReportedWord,
} from './reported-conduct';

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

export interface AuditHeader {
  /** UTC, ISO 8601; `to` not included. */
  readonly period: { readonly from: string; readonly to: string };
  /** What is younger was not judged: its logs may still be on their way. */
  readonly watermark: string;
  /** The periods of the reports that this one follows: what came late of them is told in it. Absent: it follows none. */
  readonly after?: readonly ReportedPeriod[];
  readonly produced: string;
  readonly toolVersion: string;
  readonly room: AuditedRoom;
  /** 12 digits each: those that agreements name, of whatever version. Who is let in besides is a stranger. */
  readonly partyAccounts: readonly string[];
  /** The party whose own report it is, of what concerns it; absent: it is the whole room's. */
  readonly recipient?: { readonly agreement: string; readonly party: string };
  readonly trails: readonly AuditedTrail[];
  /** The room's functions, by name, as Lambda told of them when the report was made; absent: not given to this report. */
  readonly functions?: readonly AuditedFunction[];
  readonly integrity: AuditedIntegrity;
  /** The access ledger, where one was read. */
  readonly ledger?: {
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly verified: boolean;
    /** Entered by others while the report was made, after it had read the ledger: told in the next. Absent: none were. */
    readonly meanwhile?: readonly EntryRange[];
  };
  readonly records: RecordCounts;
  readonly inputs: AuditedInputs;
}

export interface AuditedRoom {
  /** 12 digits each. */
  readonly accounts: readonly string[];
  readonly topology: 'hosted' | 'peer';
  /** Of a hosted room: the party in whose account it stands; of a peer room: whose it is. Absent: a neutral operator's. */
  readonly operatorParty?: string;
}

export interface AuditedTrail {
  readonly trail: string;
  readonly account: string;
  readonly region: string;
  /** What it records, in words, as it was configured when the report was made; absent: not given to this report. */
  readonly selectors?: readonly string[];
}

export interface AuditedFunction {
  readonly name: string;
  /** SHA-256 of the code that was uploaded, base64: Lambda's `CodeSha256`. */
  readonly code: string;
  /** When its code or its settings were changed last: UTC, ISO 8601. */
  readonly changed: string;
}

export type AuditedIntegrity =
  /** No digests were given: nothing vouches for the log files. */
  | { readonly kind: 'not-checked' }
  | {
      readonly kind: 'intact' | 'broken';
      readonly digests: { readonly given: number; readonly believed: number };
      readonly logs: { readonly given: number; readonly believed: number };
      /** Up to a cap. */
      readonly findings: readonly TrailFinding[];
      readonly findingsBeyond: number;
    };

export interface AuditedInputs {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256, hex, over all lines of `inputs.sha256`: what `sha256sum` writes. */
  readonly sha256: string;
  readonly given: GivenEvidence;
  /** Up to a cap. */
  readonly listed: readonly InputFile[];
}

/** What of it a verdict can hang on was there. */
export interface GivenEvidence {
  /** What is on record, as the room keeps it. */
  readonly registry: boolean;
  /** Decisions that a file gave. */
  readonly decisions: boolean;
  /** S3's own logs. */
  readonly serverAccessLogs: boolean;
}

export interface InputFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
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

export interface AccessSummary {
  /** Every access once: attributed + own door + ambiguous + unattributed + internal. Attempts that were refused count too. */
  readonly total: number;
  /** Party, agreement and leg are known. */
  readonly attributed: number;
  /** Reached data, and was neither the room's own doing nor at a party's own door: a decision was needed. */
  readonly toDecide: number;
  /** Of these: a decision held. */
  readonly decided: number;
  /** Parties that came in at their own doors: nothing is reached by that, and nothing is to be decided. */
  readonly ownDoor: number;
  readonly ambiguous: number;
  readonly unattributed: number;
  /** The room's own doing, or AWS's. */
  readonly internal: number;
  /** By parties and strangers: attempts that were refused or failed. */
  readonly refused: number;
  /** At or after the watermark. */
  readonly pending: number;
  /** Of times of which a report had been made, and delivered after it. Absent: none. */
  readonly late?: LateAccesses;
  readonly byParty: readonly PartyAccesses[];
  /** By hour of the period, for timeline and heatmap. */
  readonly byHour: readonly HourlyAccesses[];
  /** From the account whose data it is to the one that got it. */
  readonly flows: readonly AccountFlow[];
}

export interface LateAccesses {
  /** Among the total: no report had told of them. */
  readonly accesses: number;
  /** Not among the total: further records of accesses that a report had told of. */
  readonly further: number;
  /** UTC, ISO 8601. */
  readonly first: string;
  readonly last: string;
}

/** What one party did under one clause, on one leg. */
export interface PartyAccesses {
  /** Absent: nobody that an agreement names. */
  readonly party?: string;
  readonly agreement?: { readonly id: string; readonly version: number };
  readonly leg?: string;
  readonly dataset?: string;
  /** Absent: no decision held. */
  readonly clause?: string;
  readonly effect?: 'permit' | 'forbid';
  readonly act: ReportedAccess['act'];
  readonly allowed: number;
  /** Denied or failed. */
  readonly refused: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly first: string;
  readonly last: string;
}

export interface HourlyAccesses {
  /** Start of the hour: UTC, ISO 8601. */
  readonly hour: string;
  readonly party?: string;
  readonly dataset?: string;
  readonly clause?: string;
  readonly accesses: number;
  readonly refused: number;
}

export interface AccountFlow {
  /** 12 digits; absent: the records do not tell. */
  readonly from?: string;
  readonly to?: string;
  readonly accesses: number;
  readonly bytes: number;
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
