/** Column by column, missing values first, texts by code unit. */
export function compareShown(left: readonly (string | null)[], right: readonly (string | null)[]): number {
  for (const [column, a] of left.entries()) {
    const b = right[column] ?? null;
    if (a === b) continue;
    if (a === null) return -1;
    return b === null || a > b ? 1 : -1;
  }
  return 0;
}
