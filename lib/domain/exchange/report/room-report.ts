import type { RecordedTransfer } from '../../agreement/checks/record-transfer';
import type { ColumnRole, ColumnType, Control, Plan, PlannedLeg, PlannedTerm } from '../../agreement/plan/plan';
import type { Certificate, RowCounts } from '../../privacy/certificate/certificate';
import type { Generalisation } from '../../privacy/hierarchies/generalisation';
import type { Treatment } from '../../privacy/treatments/treatment';
import type { Gate, PartyBalance, RoundOutcome } from '../rounds/round';

/** What a round came to, for every party's eyes: figures and names of the agreement, never a value of the data. */
export interface RoomReport {
  readonly agreement: Plan['agreement'];
  readonly term: PlannedTerm;
  readonly toolVersion: string;
  /** ISO date or timestamp. */
  readonly produced: string;
  readonly kind: RoundOutcome['kind'];
  readonly fairness: { readonly tolerance?: number; readonly outside: 'warn' | 'withhold' };
  /** In the agreement's order, like the legs and the clauses. */
  readonly parties: readonly PartyReport[];
  readonly legs: readonly LegReport[];
  readonly clauses: readonly ClauseReport[];
}

export interface PartyReport {
  readonly id: string;
  readonly name: string;
  readonly jurisdiction: string;
  readonly balance?: PartyBalance;
}

export interface LegReport {
  readonly terms: PlannedLeg;
  readonly transfer: RecordedTransfer;
  readonly dataset: { readonly id: string; readonly title: string; readonly subject?: string };
  readonly state: LegState;
  /** Every gate, in order. */
  readonly gates: readonly GateReport[];
  readonly rows?: RowCounts;
  /** Empty where the release has no classes. */
  readonly floor: readonly FloorCheck[];
  readonly columns: readonly ColumnReport[];
  /** Measured: present when every gate of the leg's own release passed, even where the round's fairness then failed. */
  readonly certificate?: Certificate;
}

/** `not-judged`: the round ended before this leg came to a result. */
export type LegState = 'passed' | 'failed' | 'not-judged';

/** `not-needed`: nothing in this dataset for the gate to judge; `not-reached`: an earlier gate ended the leg. */
export type GateReport =
  /** Passed with a remedy: the agreement only warns. */
  | { readonly gate: Gate; readonly state: 'passed' | 'failed'; readonly finding: string; readonly remedy?: string }
  | { readonly gate: Gate; readonly state: 'not-reached' | 'not-needed' };

/** One number of the privacy floor beside what was measured. */
export interface FloorCheck {
  readonly control:
    | 'privacy.k'
    | 'privacy.l'
    | 'privacy.t'
    | 'privacy.k-map'
    | 'privacy.presence'
    | 'privacy.risk'
    | 'privacy.suppression';
  /** Which of a control's figures it is, where that has several. */
  readonly figure?: 'least' | 'greatest' | 'average' | 'maximum';
  /** Whose values l and t are about. */
  readonly column?: string;
  readonly unit: 'subjects' | 'rows' | 'values' | 'distance' | 'share';
  readonly bound: 'at-least' | 'at-most';
  readonly agreed: number;
  /** Both absent while the leg has no certificate. */
  readonly measured?: number;
  readonly holds?: boolean;
}

export interface ColumnReport {
  readonly name: string;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  readonly treatment: Treatment;
  readonly released: boolean;
  readonly exemptBy?: string;
  /** Of a column that makes classes: how far it was generalised, from 0 to `top`. */
  readonly ladder?: { readonly level: number; readonly top: number; readonly generalisation: Generalisation };
}

export interface ClauseReport {
  readonly id: string;
  readonly text: string;
  /** `release`: at least one of its controls is measured in this round. */
  readonly binding: 'release' | 'room' | 'legal-only';
  readonly controls: readonly (Control & { readonly evidence: readonly Evidence[] })[];
}

/** What this round has to show for a control. `leg` is an index into the report's legs. */
export type Evidence =
  | { readonly kind: 'floor'; readonly leg: number; readonly check: FloorCheck }
  | { readonly kind: 'treated'; readonly leg: number; readonly columns: readonly string[] }
  | { readonly kind: 'cleaned'; readonly leg: number; readonly rows: RowCounts; readonly rejectAbove: number }
  | { readonly kind: 'certified'; readonly leg: number; readonly output: string }
  /** Whether nothing was found that nobody declared. */
  | { readonly kind: 'searched'; readonly leg: number; readonly isClean: boolean }
  /** Whether it holds what its receiver expects. */
  | { readonly kind: 'expected'; readonly leg: number; readonly isMet: boolean }
  | { readonly kind: 'unmeasured'; readonly leg: number; readonly stoppedAt?: Gate }
  | { readonly kind: 'escrow'; readonly delivered: boolean; readonly certified: number; readonly legs: number }
  | { readonly kind: 'balance'; readonly party: string; readonly balance: PartyBalance }
  | { readonly kind: 'room' }
  /** Part of every release, but with no figure of its own. */
  | { readonly kind: 'applied' };
