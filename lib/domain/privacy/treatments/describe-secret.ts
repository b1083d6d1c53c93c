import type { PlannedDataset, PlannedLeg } from '../../agreement/plan/plan';

/** What a leg's secrets are for. */
export type SecretUse = 'token' | 'date-shift' | 'noise' | 'watermark' | 'format-preserving';

/** What would add up if a new version of the dataset drew it anew: true values show through many draws of one. */
const LASTING: ReadonlySet<SecretUse> = new Set(['date-shift', 'noise']);

/**
 * What a leg's secret for one use is derived from, as JSON: agreement, receiver and dataset, and its version but where what
 * is drawn has to stay. So no two receivers, datasets or uses share a secret, nor two versions their tokens.
 */
export function describeSecret(
  use: SecretUse,
  agreement: string,
  { to }: Pick<PlannedLeg, 'to'>,
  { id, version }: Pick<PlannedDataset, 'id' | 'version'>,
): string {
  return JSON.stringify([use, agreement, to, id, ...(LASTING.has(use) ? [] : [version])]);
}
