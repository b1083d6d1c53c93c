/** Milliseconds: a week, which no session and no link outlasts. */
const LOOK_BACK = 7 * 24 * 60 * 60 * 1000;

/**
 * From when on decisions at doors are to be read to explain what happened at these times: what stands until it is taken back
 * lies apart (`standing`). Undefined: all of them.
 * @param times UTC, ISO 8601
 */
export function decisionsSince(times: readonly string[]): string | undefined {
  const first = times.reduce((least, at) => Math.min(least, Date.parse(at)), Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? new Date(first - LOOK_BACK).toISOString() : undefined;
}
