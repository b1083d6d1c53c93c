import type { Generalisation } from '../../privacy/hierarchies/generalisation';
import type { PrivacyFloor } from '../../privacy/models/privacy-floor';
import type { Recoding } from '../../privacy/search/recoding';
import type { Treatment } from '../../privacy/treatments/treatment';
import type { Expression } from '../expressions/expression';
import type { WrittenStyle } from '../written-styles';
import type { Measure, Trigger } from './measures';

/**
 * Everything that follows from a valid agreement, as plain data. Engines, stacks, Lambdas and reports are readers of
 * this one value; none of them decides anything again.
 */
export interface Plan {
  readonly planVersion: 1;
  readonly agreement: PlannedAgreement;
  readonly parties: readonly PlannedParty[];
  readonly term: PlannedTerm;
  /** The room that the parties have signed; absent: none is named. */
  readonly room?: PlannedRoom;
  /** Only datasets that some leg gives, in the agreement's order. */
  readonly datasets: readonly PlannedDataset[];
  readonly legs: readonly PlannedLeg[];
  readonly fairness: PlannedFairness;
  readonly remedies: readonly PlannedRemedy[];
  readonly controls: readonly Control[];
  readonly clauses: readonly PlannedClause[];
}

export interface PlannedAgreement {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** SHA-256, hexadecimal, of what the version says, its hierarchy files included: what the parties sign. */
  readonly content: string;
}

export interface PlannedParty {
  readonly id: string;
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly jurisdiction: string;
  readonly contacts: { readonly exchange: string; readonly privacy: string; readonly security?: string };
  readonly sftp?: { readonly publicKeys: readonly string[]; readonly cidrs: readonly string[] };
  /** DER of SubjectPublicKeyInfo, base64. */
  readonly signingKey?: string;
  /** Address ranges from which it may reach what it gets; absent: any. */
  readonly networks?: readonly string[];
  /** The clauses that let it only get, or only give. */
  readonly givesNothingBy?: string;
  readonly getsNothingBy?: string;
}

/** Absent: not said. */
export interface PlannedRoom {
  readonly topology: 'hosted' | 'peer';
  /** 12 digits. */
  readonly account?: string;
  readonly region?: string;
  /** A party, or the name of a company. */
  readonly operator?: string;
}

export interface PlannedTerm {
  /** ISO dates, both included. */
  readonly starts: string;
  readonly ends: string;
  /** ISO 8601 durations. */
  readonly notice: string;
  readonly destroyWithin: string;
}

export interface PlannedDataset {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  /** Enters the derivation of tokens: raise it to break the link with earlier releases. */
  readonly version: number;
  /** The clause that says on which legal basis it is given. */
  readonly basisBy?: string;
  /** The column whose values are persons (or whatever k protects); absent: every row counts as one. */
  readonly subject?: string;
  /** Which kind of persons its rows are about, as its owner says; absent: nobody said. */
  readonly persons?: string;
  readonly columns: readonly PlannedColumn[];
  readonly clean: {
    /** Columns that make a row a duplicate of another; empty: duplicates are kept. */
    readonly dedupe: readonly string[];
    /** Share of received rows, 0 to 1, above which the whole delivery is refused; 1: never. */
    readonly rejectAbove: number;
    /** Texts that stand for a missing value, in text formats (CSV, JSON lines). */
    readonly missingTexts: readonly string[];
  };
  /**
   * Columns whose released values make the classes, in column order: every quasi-identifier that is released, and every
   * masked column that leaves characters visible. Empty: the release has no classes and no floor applies.
   */
  readonly classColumns: readonly ClassColumn[];
  /** Present exactly when `classColumns` is not empty. */
  readonly privacy?: PrivacyFloor;
  /** Absent: full-domain, least loss. */
  readonly recoding?: Recoding;
  /** The clause that lets its floor differ from the others'. */
  readonly asymmetryBy?: string;
}

export interface PlannedColumn {
  readonly name: string;
  readonly title: string;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  readonly treatment: Treatment;
  readonly missing: Missing;
  /** How its values stand in files of text; absent: in the usual ways. */
  readonly written?: WrittenStyle;
  readonly checks: readonly { readonly text: string; readonly condition: Expression }[];
  /** Type in the release; absent: not released. Generalised, masked and tokenised values are strings. */
  readonly releasedAs?: ColumnType;
  /** The clause that lets this quasi-identifier go without generalisation. */
  readonly exemptBy?: string;
  /** The clause that lets it go out although its values look like an identifier's; see `judgeIdentifiers`. */
  readonly mayIdentifyBy?: string;
}

export interface ClassColumn {
  readonly column: string;
  /** What the solver may do: `none` for exempted and masked columns. */
  readonly generalisation: Generalisation;
  /** Weight in the loss, default 1. */
  readonly weight: number;
}

export type ColumnType =
  | { readonly kind: 'string' | 'integer' | 'double' | 'boolean' | 'date' | 'timestamp' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

export type ColumnRole = 'identifier' | 'quasi' | 'sensitive' | 'plain';

/** What happens to a row in which this column has no value. */
export type Missing =
  | { readonly kind: 'reject' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'fill'; readonly value: string };

export interface PlannedLeg {
  /** `<from>-<to>-<dataset>`: unique in the agreement. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly dataset: string;
  /** ISO 8601 durations. */
  readonly every: string;
  readonly retain: string;
  readonly via: Delivery;
  /** The most that the receiver may read in one period. */
  readonly quota?: { readonly requests?: number; readonly bytes?: number };
  /** What the receiver expects of each release: bounds on its `ReleaseFigures`. */
  readonly expects?: { readonly subjects?: number; readonly completeness?: number; readonly lossAtMost?: number };
  /** DPV terms without prefix. */
  readonly purposes: readonly string[];
  readonly forbids: readonly string[];
  /** Share of the subjects, 0 to 1, whom a keyed choice leaves out of this leg's releases, so that a leak can be traced. */
  readonly watermark?: number;
  /** The clause that says what protects the data where they go, outside the area of the giver's law. */
  readonly safeguardBy?: string;
}

export type Delivery =
  | { readonly kind: 'data-grant' | 'lake-formation' | 'sftp' | 'api' | 'query-only' }
  | { readonly kind: 'product'; readonly productId: string }
  | { readonly kind: 'snowflake'; readonly storageAwsIamUserArn: string; readonly externalId: string }
  | { readonly kind: 'gcs'; readonly bucket: string; readonly serviceAccountSubjectId: string };

interface PlannedFairness {
  /** How much less than it gives a party may get, as a share (0 to 1) of what it gives; absent: not judged. */
  readonly tolerance?: number;
  readonly outside: 'warn' | 'withhold';
  /** Agreed worth of one released subject (row where none is named) of each dataset, before quality. */
  readonly weights: Readonly<Record<string, number>>;
}

export interface PlannedRemedy {
  readonly on: Trigger;
  readonly after?: string;
  readonly do: Measure;
}

/** Something the software does, so that a clause can be bound to it. */
export interface Control {
  /** Dotted, e.g. `privacy.k`; what an agreement's clause names. */
  readonly id: string;
  readonly title: string;
  /** `release`: every release, on a laptop and on AWS alike. `room`: by the deployed resources. */
  readonly enforcedBy: 'release' | 'room';
  /** What this agreement sets it to, in words, e.g. `usage ≥ 10, purchases ≥ 10`. */
  readonly setting: string;
}

export interface PlannedClause {
  readonly id: string;
  readonly text: string;
  /** Ids of controls; empty for a clause that only the law enforces. */
  readonly controls: readonly string[];
  readonly legalOnly: boolean;
}
