import type { ErasureRecord } from '../../registry/conduct-records';
import type { ReleaseRecord } from '../../registry/round-records';
import { countErased, countLeftOut, type LeftOut } from '../erasure/count-erased';
import type { ReleaseFigures } from '../gates/release-figures';

/** What a leg gave in one round, and how that compares with what it gave before. */
export interface WorthOfRound {
  readonly leg: string;
  /** The round's day. */
  readonly round: string;
  readonly value: number;
  /** Absent in records of earlier releases of this software. */
  readonly figures?: ReleaseFigures;
  /** Persons who were asked to be erased from it since; absent: none. */
  readonly erased?: number;
  /** Persons who were erased before it was made; absent: none. */
  readonly leftOut?: LeftOut;
  /** Of the worth, against the leg's release before: −0.2 is a fifth less. Absent of the first, and after one that is worth nothing. */
  readonly change?: number;
}

/** What went out, or waits to, leg by leg in the order of its rounds: whether the swap is worth what it was. What was taken back has no part in it. */
export function trackWorth(
  releases: readonly ReleaseRecord[],
  erasures: readonly ErasureRecord[] = [],
): readonly WorthOfRound[] {
  const before = new Map<string, number>();
  return releases
    .filter(({ state }) => state !== 'revoked')
    .toSorted((one, other) => (one.leg === other.leg ? compare(one.round, other.round) : compare(one.leg, other.leg)))
    .flatMap((release): readonly WorthOfRound[] => {
      const { leg, round, value, figures } = release;
      if (value === undefined) return [];
      const earlier = before.get(leg);
      before.set(leg, value);
      const erased = countErased(erasures, leg, round);
      const leftOut = countLeftOut(erasures, release);
      const change = earlier === undefined || earlier === 0 ? undefined : (value - earlier) / earlier;
      return [
        {
          leg,
          round,
          value,
          ...(figures === undefined ? {} : { figures }),
          ...(erased === 0 ? {} : { erased }),
          ...(leftOut === undefined ? {} : { leftOut }),
          ...(change === undefined ? {} : { change }),
        },
      ];
    });
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}
