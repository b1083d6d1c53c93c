import type { MetricKind } from './metric';

/** How a dataset's solver may generalise, and what it makes as small as can be. */
export interface Recoding {
  readonly mode: RecodingMode;
  readonly metric: MetricKind;
}

/**
 * `full-domain`: one level per column, the same for all rows. `multidimensional`: regions of their own, as small as the
 * floor lets them be; less is lost, and where the cuts lie depends on the data.
 */
export const RECODING_MODES = ['full-domain', 'multidimensional'] as const;
export type RecodingMode = (typeof RECODING_MODES)[number];

export const DEFAULT_RECODING: Recoding = { mode: 'full-domain', metric: 'loss' };
