/** By UTF-16 units, as `toSorted` has it: instants in ISO 8601 by time. */
export function compareTexts(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
