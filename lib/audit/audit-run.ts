import type { AgreementInForce, ProposedVersion } from '../domain/agreement/agreement-in-force';
import type { RecordedDecision } from '../domain/audit/attribution/recorded-decision';
import type { LedgerStore, PublishCheckpoint } from '../domain/audit/ledger/record-accesses';
import type { AuditedFunction, AuditedRoom } from '../domain/audit/report/audit-header';
import type { AuditReport } from '../domain/audit/report/audit-report';
import type { InventoryTrails } from '../domain/audit/report/find-trails';
import type { ReportedAccess } from '../domain/audit/report/reported-access';
import type { ReportedConduct } from '../domain/audit/report/reported-conduct';
import type { ReportedException } from '../domain/audit/report/reported-exception';
import type { EarlierReports } from './grounds/mark-reported';
import type { NoteSigner } from './ledger/note-signer';
import type { LogSource } from './logs/log-source';

/** All that an audit on one machine is told. */
export interface AuditRun extends InventoryTrails {
  readonly agreements: readonly { readonly inForce: AgreementInForce; readonly plan: string }[];
  /** Versions that not all have signed. */
  readonly proposed?: readonly ProposedVersion[];
  readonly decisions: readonly RecordedDecision[];
  readonly room: AuditedRoom;
  /** Account by bucket, for buckets whose owner S3's own log does not tell. */
  readonly bucketOwners: ReadonlyMap<string, string>;
  readonly functions?: readonly AuditedFunction[];
  readonly conduct: ReportedConduct;
  readonly logs: LogSource;
  /** UTC, ISO 8601; `to` not included; absent: what the logs cover. */
  readonly from?: string;
  readonly to?: string;
  /** Reports of the time before `from`, which then is told. */
  readonly earlier?: EarlierReports;
  readonly out: string;
  /** Puts what the report rests on beside logs into the pack in the making, once the logs can be read; absent: it lies in `out`. May be asked again. */
  readonly keepRecord?: (pack: string) => Promise<void>;
  /** Where every party's own pack is written; absent: none is. */
  readonly parties?: string;
  readonly ledger: AuditLedger;
  readonly signer: NoteSigner;
  readonly toolVersion: string;
  readonly produced: string;
  readonly onProgress: (text: string) => void;
}

/** The access ledger: what it is called for good, and where it is kept. */
export interface AuditLedger {
  readonly origin: string;
  readonly open: () => OpenLedger;
  /** How its checkpoints are published, where that is more than putting them beside it. */
  readonly publish?: (store: LedgerStore, signer: NoteSigner) => PublishCheckpoint;
}

/** A ledger that one run writes to. */
export interface OpenLedger extends LedgerStore {
  /** Removes what was staged, where the store lets that be done; only when all of it is in its place. */
  readonly tidy: () => void;
  /** Lets others write. */
  readonly close: () => void;
}

/** A file written row by row. */
export interface RowFile<T> {
  readonly name: string;
  readonly head: string;
  readonly formatRow: (value: T) => string;
}

/** What the report is written as. */
export interface AuditOutputs {
  readonly accesses: readonly RowFile<ReportedAccess>[];
  readonly exceptions: readonly RowFile<ReportedException>[];
  /** Writes `accesses` where they are many, by another thread than the one that finds them; absent: they are written as they pass. */
  readonly openTables?: (folder: string, files: readonly RowFile<ReportedAccess>[]) => Promise<AccessTables>;
  /** The page, which holds `rows` accesses at the most, and all that is written with it. */
  readonly openPage: (limits: { readonly rows: number }) => PageOutput;
}

/** The files of accesses in the making. */
export interface AccessTables {
  readonly write: (access: ReportedAccess) => void;
  /** Told when all is in its file. */
  readonly close: () => void | Promise<void>;
}

interface PageOutput {
  /** In order of time. */
  readonly add: (access: ReportedAccess) => void;
  /** Text by file name. */
  readonly render: (report: AuditReport) => Readonly<Record<string, string>>;
}
