import type { Plan, PlannedDataset, PlannedLeg } from '../domain/agreement/plan/plan';
import type { RoundOutcome } from '../domain/exchange/rounds/round';
import type { ReleaseEvidence } from '../domain/privacy/certificate/certify-release';
import type { FixedLevels } from '../domain/privacy/hierarchies/fixed-levels';
import type { Engine } from '../engine/engine';
import type { RoundFolder } from './round-folder';

/** All that one round on this machine needs; what touches the world comes in as functions. */
export interface Rehearsal {
  readonly plan: Plan;
  /** The legs of this round. */
  readonly legs: readonly string[];
  /** Path of the delivered file or folder, per dataset of these legs. */
  readonly deliveries: ReadonlyMap<string, string>;
  readonly folder: RoundFolder;
  /** Where each giver's master key lies, or is made. */
  readonly keysFolder: string;
  /** By which the key is known that a giver's releases on record were made with; none: there are none. Absent: nothing is on record. */
  readonly keyOnRecord?: (giver: string) => string | undefined;
  /** Digests of the subjects that a dataset's owner was asked to erase; absent: of none. */
  readonly erasedFrom?: (dataset: string) => readonly string[];
  /** The record of earlier rounds, and of this one; absent for a trial, of which nothing is recorded. */
  readonly record?: RoundRecordBook;
  /** How long the levels of a dataset may be searched for; absent: five. */
  readonly searchMinutes?: number;
  readonly toolVersion: string;
  readonly openEngine: (scratch: string) => Promise<Engine>;
  readonly renderReport: (plan: Plan, outcome: RoundOutcome) => string;
  readonly onProgress: (progress: RehearsalProgress) => void;
}

export interface RoundRecordBook {
  /** What earlier rounds settled for the dataset's version. */
  readonly levelsOf: (dataset: PlannedDataset) => FixedLevels | undefined;
  readonly earlierOf: (leg: PlannedLeg, dataset: PlannedDataset) => EarlierReleases;
  /** Other agreements on record. */
  readonly others: ReleaseEvidence['others'];
  /** Called of a round that is delivered, before it can be seen. */
  readonly prepare: (outcome: RoundOutcome, settled: ReadonlyMap<string, FixedLevels>) => Promise<void>;
  /** Called of a round that is withheld. */
  readonly withhold: (outcome: RoundOutcome) => Promise<void>;
  /** Called when it can be seen. */
  readonly complete: () => Promise<void>;
}

/** Of a data set version, to one receiver. */
interface EarlierReleases {
  readonly known: number;
  /** Those that lie where they were put, unchanged. */
  readonly files: readonly string[];
}

export interface RehearsalProgress {
  readonly dataset: string;
  readonly stage: 'inspect' | 'clean' | 'count' | 'solve' | 'release' | 'measure';
  /** The receiving party, for stages that are done per leg. */
  readonly to?: string;
  readonly note?: string;
}
