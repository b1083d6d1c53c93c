import type { Plan, PlannedLeg } from '../agreement/plan';
import type { Certificate } from '../privacy/certificate';

/** What a certificate states of its release's worth. */
export interface CertifiedWorth extends Pick<Certificate, 'worth'> {
  readonly privacy?: { readonly loss: number };
}

/**
 * Volume × quality, in the unit of the agreed weights: an empty or fully generalised release is worth nothing. It follows from
 * the agreement and the certificate alone, so whoever has both finds the same.
 */
export function valueRelease(
  { fairness }: Pick<Plan, 'fairness'>,
  { dataset }: Pick<PlannedLeg, 'dataset'>,
  { worth: { subjects, completeness }, privacy }: CertifiedWorth,
): number {
  return (fairness.weights[dataset] ?? 1) * subjects * completeness * (1 - (privacy?.loss ?? 0));
}
