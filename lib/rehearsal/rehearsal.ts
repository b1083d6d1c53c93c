import type { Plan } from '../domain/agreement/plan';
import type { RoundOutcome } from '../domain/exchange/round';
import type { Engine } from '../engine/engine';
import type { RoundFolder } from './round-folder';

/** All that one round on this machine needs; what touches the world comes in as functions. */
export interface Rehearsal {
  readonly plan: Plan;
  /** Path of the delivered file or folder, per dataset of the plan. */
  readonly deliveries: ReadonlyMap<string, string>;
  readonly folder: RoundFolder;
  /** Where each giver's master key lies, or is made. */
  readonly keysFolder: string;
  /** Digests of the subjects that a dataset's owner was asked to erase; absent: of none. */
  readonly erasedFrom?: (dataset: string) => readonly string[];
  readonly toolVersion: string;
  readonly openEngine: (scratch: string) => Promise<Engine>;
  readonly renderReport: (plan: Plan, outcome: RoundOutcome) => string;
  readonly onProgress: (progress: RehearsalProgress) => void;
}

export interface RehearsalProgress {
  readonly dataset: string;
  readonly stage: 'clean' | 'count' | 'solve' | 'release' | 'measure';
  /** The receiving party, for stages that are done per leg. */
  readonly to?: string;
  readonly note?: string;
}
