import { compareDecimals, type Decimal } from '../treatments/decimal';

/** How many of the sorted numbers are below this one. */
export function countBelow(sorted: readonly Decimal[], number: Decimal): number {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (compareDecimals(sorted[middle]!, number) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
