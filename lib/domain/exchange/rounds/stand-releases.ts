import type { ReleaseRecord } from '../../registry/round-records';
import { mayBeReplaced } from './may-be-replaced';

/** By day, how a leg's rounds stand that have a release: one that waits makes room for a newer delivery. */
export type RoundsGiven = ReadonlyMap<string, 'waits' | 'given'>;

/** How the rounds of each leg stand. */
export function standReleases(releases: readonly ReleaseRecord[]): (leg: string) => RoundsGiven {
  return (leg) =>
    new Map(
      releases
        .filter((each) => each.leg === leg)
        .map((each) => [each.round, mayBeReplaced(each) ? 'waits' : 'given'] as const),
    );
}
