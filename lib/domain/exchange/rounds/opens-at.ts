/** A round takes deliveries so long before its day, and no longer. */
const LONGEST_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * From when on a delivery counts for a round whose leg has its release for the one before: half of what lies between the two days,
 * at most seven days. UTC, ISO 8601.
 * @param day ISO date, as `before`: on which the leg was due last
 */
export function opensAt(day: string, before: string): string {
  const due = Date.parse(`${day}T00:00:00Z`);
  const half = (due - Date.parse(`${before}T00:00:00Z`)) / 2;
  return new Date(due - Math.min(half, LONGEST_MS)).toISOString().replace('.000Z', 'Z');
}
