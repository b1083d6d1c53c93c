/** `1,234,567`: the same in every sentence and table. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** What a release is worth, or releases are: `10,453.2`, one digit behind the point. */
export function formatWorth(worth: number): string {
  return worth.toLocaleString('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A share of 0 to 1 as `4.46 %`, three significant digits; `100 %` is said of the whole alone. */
export function formatShare(share: number): string {
  const rounded = Number((share * 100).toPrecision(3));
  return share < 1 && rounded >= 100 ? 'over 99.9 %' : `${rounded} %`;
}
