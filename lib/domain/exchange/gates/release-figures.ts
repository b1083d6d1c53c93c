import type { Certificate } from '../../privacy/certificate/certificate';

/** What a certificate states of its release's worth. */
interface CertifiedWorth extends Pick<Certificate, 'worth'> {
  readonly privacy?: { readonly loss: number };
}

/** How much a release holds, and how well: what it is worth follows from these, and what a receiver expects is said of them. */
export interface ReleaseFigures {
  /** Distinct subjects released; rows, where none is named. */
  readonly subjects: number;
  /** Share of cells that tell something, 0 to 1. */
  readonly completeness: number;
  /** Share of the detail that generalisation took, 0 to 1. */
  readonly loss: number;
}

export function readFigures({ worth: { subjects, completeness }, privacy }: CertifiedWorth): ReleaseFigures {
  return { subjects, completeness, loss: privacy?.loss ?? 0 };
}
