/** `1,234,567`: the same in every sentence and table. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** A share of 0 to 1 as `4.46 %`, three significant digits. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
