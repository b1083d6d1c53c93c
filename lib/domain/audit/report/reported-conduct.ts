import type { StatementFault } from '../../enforcement/words/party-statement';
import type { WorthOfRound } from '../../exchange/fairness/track-worth';
import type { RiskMeasures } from '../../privacy/certificate/certificate';
import type { ToldBreach } from '../../registry/conduct-records';
import type { DestructionAttestation, DestructionDuty } from './record-processing';

/** How everybody kept to the agreements, as the room has it on record. */
export interface ReportedConduct {
  readonly breaches: readonly ReportedBreach[];
  readonly rounds: readonly ReportedRound[];
  readonly releases: readonly CertifiedRelease[];
  readonly attestations: readonly DestructionAttestation[];
  /** Who has to have erased whom, and says so. */
  readonly erasures: readonly DestructionDuty[];
  /** Who has to have destroyed which release, since its time is over, and says so. */
  readonly retention: readonly DestructionDuty[];
  /** What parties have reported, in their words. */
  readonly problems: readonly ReportedProblem[];
  readonly drifts: readonly ReportedDrift[];
  /** What peers' rooms say of breaches, this one's own words among them: nothing of it has been seen here. */
  readonly told: readonly ReportedWord[];
}

/** What somebody granted, took back or changed by hand at a service, and the room put back: one of each kind a day. */
export interface ReportedDrift {
  /** When it was found first that day. */
  readonly at: string;
  readonly agreement: string;
  /** `none`: what it opened belongs to no leg. */
  readonly leg: string;
  /** The account, or the principal, that got or lost it. */
  readonly account: string;
  readonly did: 'added' | 'removed' | 'changed';
  readonly clause: string;
  readonly reason: string;
}

export interface ReportedProblem {
  readonly id: string;
  readonly at: string;
  readonly agreement: string;
  /** Who reports it. */
  readonly party: string;
  readonly leg?: string;
  readonly text: string;
}

export const NO_CONDUCT: ReportedConduct = {
  breaches: [],
  rounds: [],
  releases: [],
  attestations: [],
  erasures: [],
  retention: [],
  problems: [],
  drifts: [],
  told: [],
};

/** What one peer's room says of a breach that is on its record: all that its party signed, and how it was heard here. */
export interface ReportedWord extends ToldBreach {
  /** Since when it was known here: UTC, ISO 8601, by this room's clock; of its own word when it was said. */
  readonly heard: string;
  /** When it was known here to stand no more; absent: it stands. */
  readonly until?: string;
  /** Why it is not believed to be that party's word; absent: the party signed it. */
  readonly fault?: StatementFault;
}

export interface ReportedBreach {
  /** Id of its record. */
  readonly id: string;
  /** Since when it is so: UTC, ISO 8601. */
  readonly at: string;
  /** What was found, e.g. `bulk-read`. */
  readonly breach: string;
  readonly agreement: string;
  readonly party?: string;
  readonly leg?: string;
  /** Id of the clause, or the place in the agreement. */
  readonly clause: string;
  /** When it was over. */
  readonly resolvedAt?: string;
  /** A person took back what follows from it. */
  readonly overruled?: { readonly by: string; readonly at: string; readonly reason: string };
  /** What the agreement says is to be done, and what became of it; empty: it says nothing. */
  readonly remedies: readonly ReportedRemedy[];
  /** Ids of the accesses that show it. */
  readonly evidence: readonly string[];
}

export interface ReportedRemedy {
  /** As the agreement calls it, e.g. `suspend-party`. */
  readonly do: string;
  readonly state: /** It is to be taken later, if the breach lasts. */
    | 'pending'
    /** It is to be taken, and nothing shows that it was. */
    | 'due'
    | 'done'
    /** It was in force, and is no longer: the breach is over, or was overruled. */
    | 'lifted'
    /** The breach was over, or was overruled, before its time. */
    | 'spared';
  readonly clause: string;
  /** When it came, or comes, into that state. */
  readonly at: string;
}

/** One period's deliveries: published whole, or withheld whole. */
export interface ReportedRound {
  readonly agreement: { readonly id: string; readonly version: number };
  /** When its deliveries are due. */
  readonly day: string;
  readonly state: 'open' | 'publishing' | 'published' | 'withheld';
  /** Ids. */
  readonly legs: readonly string[];
  /** Legs of which a certified release is on record. */
  readonly certified: readonly string[];
  /** What each of these is worth, from what, and against the leg's release before. */
  readonly worth: readonly WorthOfRound[];
  /** When it came into its state: UTC, ISO 8601. */
  readonly at: string;
  readonly reason?: string;
}

export interface CertifiedRelease {
  readonly agreement: { readonly id: string; readonly version: number };
  readonly leg: string;
  readonly dataset: string;
  readonly from: string;
  readonly to: string;
  /** Day of its round. */
  readonly round?: string;
  readonly state?: 'prepared' | 'final' | 'revoked';
  /** When it was certified, where known. */
  readonly at?: string;
  /** Absent: the certificate was not read. */
  readonly rows?: number;
  /** SHA-256 of the release, hex. */
  readonly sha256: string;
  /** Whether what arrived is that, as its receiver has said and signed; `unproven`: it has not signed what stands there. */
  readonly received: 'as-promised' | 'other' | 'unproven' | 'not-compared';
  readonly k?: { readonly size: number; readonly countedOn: 'subjects' | 'rows'; readonly agreed?: number };
  readonly risk?: RiskMeasures;
  readonly certificate: {
    /** Where it lies. */
    readonly file: string;
    /** SHA-256 of its canonical JSON, hex, as it is on record. */
    readonly sha256: string;
    /** `other`: what lies there is not the one on record, and was not believed. */
    readonly state: 'read' | 'not-read' | 'other';
  };
}
