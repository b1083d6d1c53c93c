/**
 * Each begins in its turn: what the clock ends a run before is not always the same.
 * @param now UTC, ISO 8601
 */
export function takeTurns(agreements: readonly string[], now: string): readonly string[] {
  const first = Math.floor(Date.parse(now) / TURN) % Math.max(agreements.length, 1);
  return [...agreements.slice(first), ...agreements.slice(0, first)];
}

/** In milliseconds: as often as the clock makes the room look. */
const TURN = 15 * 60_000;
