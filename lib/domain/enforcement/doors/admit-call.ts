/** How often somebody may ask. */
export interface CallRate {
  readonly perSecond: number;
  readonly atOnce: number;
}

/** What is left to a caller, and as of when: milliseconds of a clock that only goes on. */
export interface CallsLeft {
  readonly calls: number;
  readonly at: number;
}

/**
 * Whether one more call is admitted: so many at once, and then so many in a second as time goes on. What is refused uses nothing up.
 * @param before undefined: the first
 */
export function admitCall(
  before: CallsLeft | undefined,
  { perSecond, atOnce }: CallRate,
  now: number,
): { readonly isAdmitted: boolean; readonly left: CallsLeft } {
  const since = before === undefined ? 0 : Math.max(0, now - before.at) / 1000;
  const calls = Math.min(atOnce, (before?.calls ?? atOnce) + since * perSecond);
  const isAdmitted = calls >= 1;
  return { isAdmitted, left: { calls: isAdmitted ? calls - 1 : calls, at: now } };
}
