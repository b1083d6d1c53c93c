import type { PlannedLeg } from '../../agreement/plan/plan';
import type { Certificate, RowCounts } from '../../privacy/certificate/certificate';
import type { ReleaseFigures } from '../gates/release-figures';

/** What a release must pass, in this order. The first that fails ends the leg. */
export const GATES = [
  'cleaning',
  'hierarchy',
  'privacy',
  'verification',
  'discovery',
  'expectation',
  'fairness',
] as const;
export type Gate = (typeof GATES)[number];

export interface GateResult {
  readonly gate: Gate;
  readonly passed: boolean;
  /** For every party's eyes: figures and names of the agreement, never a value of the data. */
  readonly finding: string;
  /** What would make it pass; for every party's eyes too. */
  readonly remedy?: string;
  /** For the giver alone: may name values of the giver's own delivery. */
  readonly detail?: string;
}

/** What became of one leg in a round. */
export interface LegOutcome {
  readonly leg: PlannedLeg;
  readonly gates: readonly GateResult[];
  /** Absent when cleaning refused the delivery before anything was counted. */
  readonly rows?: RowCounts;
  /** Present exactly when the release passed every gate of its own (all but fairness, which is the round's). */
  readonly certificate?: Certificate;
  /** Worth of this release in the agreement's own measure; see `valueRelease`. Present with the certificate. */
  readonly value?: number;
  /** From what. Present with the certificate. */
  readonly figures?: ReleaseFigures;
}

/** All or nothing: `delivered` only when every leg is certified and, where the agreement says so, the swap is fair. */
export interface RoundOutcome {
  readonly kind: 'delivered' | 'withheld';
  readonly legs: readonly LegOutcome[];
  readonly balance: readonly PartyBalance[];
}

export interface PartyBalance {
  readonly party: string;
  readonly gives: number;
  readonly gets: number;
  /** (gets − gives) / gives; absent when it gives nothing, or a leg has no value. Worth, not rows: see `valueRelease`. */
  readonly difference?: number;
  readonly withinTolerance: boolean;
}
