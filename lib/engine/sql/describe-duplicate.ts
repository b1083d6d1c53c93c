import type { PlannedDataset } from '../../domain/agreement/plan/plan';

/** Why a row that repeats another is rejected. */
export function describeDuplicate({ clean }: PlannedDataset): string {
  return `duplicate of another row by (${clean.dedupe.join(', ')})`;
}
