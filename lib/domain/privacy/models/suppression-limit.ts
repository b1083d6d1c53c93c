/** Whole rows that may be suppressed of so many accepted ones; `atMost` is a share of 0 to 1. */
export function countSuppressible(atMost: number, rows: number): number {
  // 0.29 × 100 is 28.999999999999996: the agreement means 29.
  return Math.floor(atMost * rows + 1e-6);
}
