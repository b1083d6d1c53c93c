import type { Plan, PlannedLeg } from '../../agreement/plan/plan';
import type { ReleaseFigures } from './release-figures';

/**
 * Volume × quality, in the unit of the agreed weights: an empty or fully generalised release is worth nothing. It follows from
 * the agreement and the certificate alone, so whoever has both finds the same.
 */
export function valueRelease(
  { fairness }: Pick<Plan, 'fairness'>,
  { dataset }: Pick<PlannedLeg, 'dataset'>,
  { subjects, completeness, loss }: ReleaseFigures,
): number {
  return (fairness.weights[dataset] ?? 1) * subjects * completeness * (1 - loss);
}
