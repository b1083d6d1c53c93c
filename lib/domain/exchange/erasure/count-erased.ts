import { formatShare } from '../../format';
import type { ErasureRecord } from '../../registry/conduct-records';
import type { ReleaseRecord } from '../../registry/round-records';
import { hasLeftEscrow } from '../rounds/has-left-escrow';

/** Persons who were asked to be erased from a release since it came out, at most: who is in it, nobody can tell. */
export function countErased(erasures: readonly ErasureRecord[], leg: string, round: string): number {
  return erasures.filter(({ receivers }) => receivers.some((each) => each.leg === leg && each.releases.includes(round)))
    .length;
}

/** Persons who were asked to be erased before a release was made, and of whom no row is in it. */
export interface LeftOut {
  readonly persons: number;
  /** Day, UTC, on which the last of them was asked for. */
  readonly asked: string;
}

/**
 * Who was erased from a leg's earlier releases and is not in this one: from its round on their rows are left out. Of nobody else
 * its receiver is told anything, so it learns of nobody by this.
 * @returns undefined where there is nobody
 */
export function countLeftOut(
  erasures: readonly ErasureRecord[],
  { leg, round, at, taken = at }: Pick<ReleaseRecord, 'leg' | 'round' | 'at' | 'taken'>,
): LeftOut | undefined {
  const asked = erasures
    .filter(({ requestedAt }) => Date.parse(requestedAt) < Date.parse(taken))
    .filter(({ receivers }) =>
      receivers.some(
        (each) => each.leg === leg && !each.releases.includes(round) && each.releases.some((day) => day < round),
      ),
    )
    .map(({ requestedAt }) => requestedAt.slice(0, 10));
  const last = asked.toSorted().at(-1);
  return last === undefined ? undefined : { persons: asked.length, asked: last };
}

/** More of a leg's subjects in a month, and the others are told: what was given is taken back. */
const MOST_A_MONTH = 0.05;

/** A leg of whose last release more than a twentieth was asked to be erased in one month. */
interface MuchErased {
  /** The same for the same leg and month. */
  readonly id: string;
  readonly leg: string;
  readonly text: string;
}

/**
 * Legs of which very much is to be erased: whoever gives ten thousand people and asks for all of them back has given nobody.
 * @param now UTC, ISO 8601
 */
export function listMuchErased(
  erasures: readonly ErasureRecord[],
  releases: readonly ReleaseRecord[],
  now: string,
): readonly MuchErased[] {
  const month = now.slice(0, 7);
  const asked = erasures.filter(({ requestedAt }) => requestedAt.startsWith(month));
  const legs = [...new Set(asked.flatMap(({ receivers }) => receivers.map(({ leg }) => leg)))].sort();
  return legs.flatMap((leg) => {
    const last = releases
      .filter((each) => each.leg === leg && hasLeftEscrow(each) && each.figures !== undefined)
      .reduce<ReleaseRecord | undefined>(
        (one, each) => (one === undefined || each.round > one.round ? each : one),
        undefined,
      );
    const subjects = last?.figures?.subjects ?? 0;
    const erased = asked.filter(({ receivers }) =>
      receivers.some((each) => each.leg === leg && each.releases.length > 0),
    ).length;
    if (subjects === 0 || erased <= subjects * MOST_A_MONTH) return [];
    const text = `in ${month} ${erased} persons were asked to be erased, of ${subjects} that the round of ${last!.round} shows: more than ${formatShare(MOST_A_MONTH)}`;
    return [{ id: `erased:${leg}:${month}`, leg, text }];
  });
}
