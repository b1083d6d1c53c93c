import type { ActualEntitlement, EntitlementStep } from '../../lib/domain/exchange/entitlements/diff-entitlements';
import type { Entitlement } from '../../lib/domain/exchange/entitlements/entitlement';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { EntitlementRecord } from '../../lib/domain/registry/round-records';

/** One of the services that hold what receivers may reach. */
export interface EntitlementService {
  /** The ways of delivery whose entitlements it holds. */
  readonly kinds: readonly Entitlement['kind'][];
  /**
   * What it holds for an agreement. Which releases each entitlement reaches is looked up where the record is not believed; where
   * it is, looking costs the same however many entitlements there are.
   */
  list(on: AgreementOnRecord, recorded: Recorded): Promise<readonly ActualEntitlement[]>;
  /** What grants have made in the receivers' accounts: exports there name that, and not the leg's own data set. */
  listEntitled?(on: AgreementOnRecord): Promise<readonly EntitledDataSet[]>;
  /**
   * Makes one change; made twice, it is the same.
   * @param releases all that the entitlement is to reach in the end; empty where it ends
   * @returns what the service calls the entitlement
   */
  apply(on: AgreementOnRecord, step: EntitlementStep, releases: readonly string[]): Promise<string>;
}

interface EntitledDataSet {
  readonly leg: string;
  /** Its id. */
  readonly dataSet: string;
}

export type Depth = 'quick' | 'full';

/** What is on record of the legs of an agreement. */
export interface Recorded {
  /** Days of the rounds that are granted, undefined where that is not believed. */
  releasesOf(leg: string): readonly string[] | undefined;
  /** Undefined where nothing was ever given by it. */
  stateOf(leg: string): EntitlementRecord['state'] | undefined;
}
