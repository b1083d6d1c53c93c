import type { ReportedPeriod } from '../attribution/find-lateness';
import type { TrailFinding } from '../integrity/trail-finding';
import type { EntryRange } from '../ledger/told-entries';
import type { RecordCounts } from '../records/collect-accesses';

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
