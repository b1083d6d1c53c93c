/** What a release is made of when it is weighed. */
export interface ReleaseWorth {
  /** Agreed worth of one subject (row, where none is named). */
  readonly weight: number;
  /** Distinct subjects released (rows, where none is named). */
  readonly subjects: number;
  /** Share of cells that hold a value, 0 to 1. */
  readonly completeness: number;
  /** Detail lost to generalisation and suppression, 0 to 1. */
  readonly loss: number;
}

/** Volume × quality, in the unit of the weights: an empty or fully generalised release is worth nothing. */
export function valueRelease({ weight, subjects, completeness, loss }: ReleaseWorth): number {
  return weight * subjects * completeness * (1 - loss);
}
