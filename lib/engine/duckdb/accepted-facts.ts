import type { RiskMeasures } from '../../domain/privacy/certificate/certificate';

/** What counting the accepted rows told of them, for the queries that treat and measure them. */
export interface AcceptedFacts {
  /** Untreated. Absent where they were not counted. */
  readonly riskBefore?: RiskMeasures;
  /** Every subject has one tuple. */
  readonly isSettled: boolean;
  /** Every subject has the same values in all its rows, so that it is one row of `SUBJECT_ROWS`. */
  readonly isSteady: boolean;
  /** See `packSizes`. */
  readonly packed?: readonly number[] | undefined;
}

export const UNCOUNTED: AcceptedFacts = { isSettled: false, isSteady: false };
