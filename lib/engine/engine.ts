import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan/plan';
import type { ReleaseMeasurement } from '../domain/privacy/certificate/release-measurement';
import type { Histogram } from '../domain/privacy/histogram/histogram';
import type { Solution } from '../domain/privacy/search/solution';
import type { LegTrace } from '../domain/trace/judge-trace';

/**
 * The data work of a round: inspect → clean → histogram → (the domain solves) → release → measure. One engine works on one
 * dataset of one round at a time; `close` leaves nothing behind but the files it was asked to write.
 */
export interface Engine {
  /** Name and version, for the certificate. */
  readonly name: string;
  /**
   * Looks whether a delivery can be read as the dataset, as far as that shows without parsing its values.
   * @throws InvalidDelivery where it cannot.
   */
  inspect(dataset: PlannedDataset, path: string): Promise<void>;
  /**
   * Reads and cleans a delivery; rejected rows go to `quarantineFile`. The input is never changed.
   * @param erased Subjects whose rows are left out; the dataset names a subject then.
   * @throws InvalidDelivery for a file that cannot be read as the dataset at all.
   */
  clean(dataset: PlannedDataset, path: string, quarantineFile: string, erased?: ErasedSubjects): Promise<CleanDelivery>;
  /** Counts the accepted rows of the dataset last cleaned. */
  histogram(dataset: PlannedDataset): Promise<Histogram>;
  /** Writes one leg's release as Parquet. Rows of tuples without a class are left out, and those of marked subjects. */
  release(task: ReleaseTask): Promise<WrittenRelease>;
  /** Counts what an extract that somebody else has shares with what the leg's receiver got of the delivery last cleaned. */
  trace(task: Omit<ReleaseTask, 'file'>, extract: string): Promise<LegTrace>;
  /** Measures the written release, by queries that share nothing with the ones that wrote it. */
  measure(task: ReleaseTask): Promise<ReleaseMeasurement>;
  close(): Promise<void>;
}

/** Subjects that are to be erased, as nobody can read them: HMAC-SHA256 of their canonical text, hexadecimal. */
export interface ErasedSubjects {
  readonly key: Uint8Array;
  readonly digests: readonly string[];
}

export interface CleanDelivery {
  readonly files: readonly DeliveredFile[];
  readonly received: number;
  readonly rejected: number;
  /** Most frequent reason first. Reasons name columns and rules, never values. */
  readonly rejectedBy: readonly { readonly reason: string; readonly rows: number }[];
}

export interface DeliveredFile {
  /** Base name, or path below the delivered folder. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface WrittenRelease {
  /** Rows of subjects that were left out as marks; see `PlannedLeg.watermark`. */
  readonly marked: number;
}

export interface ReleaseTask {
  readonly dataset: PlannedDataset;
  readonly leg: PlannedLeg;
  /** Absent for a dataset without class columns: all accepted rows are released. */
  readonly solution?: Solution;
  /** Per class whether its subjects may be left out as marks; present where the leg has a watermark and there are classes. */
  readonly markable?: Uint8Array;
  /** This leg's own secrets, 32 bytes each. */
  readonly keys: LegKeys;
  /** The file to write or to measure. */
  readonly file: string;
  /**
   * Earlier releases of the data set version to the same receiver, with which this one is laid side by side; absent where
   * there never was one, and of no use where the receiver cannot follow a subject.
   */
  readonly earlier?: readonly string[];
}

export interface LegKeys {
  readonly token: Uint8Array;
  readonly dateShift: Uint8Array;
  readonly noise: Uint8Array;
  readonly watermark: Uint8Array;
  readonly formatPreserving: Uint8Array;
}
