import type { ReportedAccess } from './reported-access';

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
