import type { ReleaseRecord, RoundRecord } from '../../registry/round-records';

type Given = Pick<ReleaseRecord, 'leg' | 'round' | 'certified' | 'replaced' | 'at'>;

/**
 * When a leg was given for a round or, first after it, for a later one: what a giver owed is settled by what it gives next. It is
 * given when the first release of it is certified, whatever became of that since.
 */
export function whenGiven(releases: readonly Given[], leg: string, round: string): string | undefined {
  const [first] = releases.filter((each) => each.leg === leg && each.round >= round).sort(byRound);
  return first?.replaced?.[0]?.at ?? first?.certified ?? first?.at;
}

/**
 * Legs that a round will never have: what their giver delivered since is for a later round, and of two rounds that are due a
 * delivery is for the last.
 */
export function listMissed(
  { day, legs }: Pick<RoundRecord, 'day' | 'legs'>,
  releases: readonly Given[],
): readonly string[] {
  const isFor = (leg: string) => releases.some((each) => each.leg === leg && each.round === day);
  return legs.filter((leg) => !isFor(leg) && whenGiven(releases, leg, day) !== undefined);
}

function byRound(a: Pick<ReleaseRecord, 'round'>, b: Pick<ReleaseRecord, 'round'>): number {
  return a.round < b.round ? -1 : 1;
}
