import type { Conduct } from '../../registry/conduct';

/**
 * Days of published rounds that a data set shows, and a receiver is not to see: taken back meanwhile, or their time is over. A
 * round whose publication is under way is none of them: what is final of it is about to be granted.
 * @param shown days of the releases that whoever is granted the data set sees
 * @param wanted days that it should see
 */
export function listSurplus(
  { rounds }: Pick<Conduct, 'rounds'>,
  shown: readonly string[],
  wanted: readonly string[],
): readonly string[] {
  return shown.filter(
    (day) => !wanted.includes(day) && rounds.some((round) => round.day === day && round.state === 'published'),
  );
}

/**
 * Of the days that a service shows, those that are not on their way: while a round is being published, what is final of it is
 * its publication's business, which grants the whole or takes the whole back. Nobody else revokes a part of it, for good.
 */
export function leaveOutUnderWay({ rounds }: Pick<Conduct, 'rounds'>, shown: readonly string[]): readonly string[] {
  const underWay = new Set(
    rounds.flatMap(({ day, state }) => (state === 'open' || state === 'publishing' ? [day] : [])),
  );
  return shown.filter((day) => !underWay.has(day));
}
