/** One round's release, as its receiver sees it: who (by a token that is the same in every round) is in which class. */
export interface RoundClasses {
  /** Per row of the release; the class is whatever is equal for rows that show the same. */
  readonly rows: readonly { readonly subject: string; readonly class: string }[];
}

/** What somebody learns who lays the releases of several rounds side by side, subject by subject. */
export interface CompositionRisk {
  readonly rounds: number;
  readonly subjects: number;
  /** Fewest subjects that are in the same classes of the same rounds; 0 without subjects. */
  readonly leastGroup: number;
  /** Subjects whose classes over the rounds are nobody else's. */
  readonly singledOut: number;
  /** Groups / subjects: the share that is got right by trying everybody who is known by these classes. */
  readonly marketer: number;
}

/**
 * Groups subjects by all classes they are in, round by round; absence from a round counts too, for it is seen as well.
 * With levels that stay the same a subject that does not change is in the same class every time, so that only who came,
 * went or changed is told from the others.
 */
export function measureComposition(rounds: readonly RoundClasses[]): CompositionRisk {
  const tracks = new Map<string, Set<string>[]>();
  for (const [round, { rows }] of rounds.entries()) {
    for (const { subject, class: shown } of rows) {
      const track = tracks.get(subject) ?? rounds.map(() => new Set<string>());
      tracks.set(subject, track);
      track[round]!.add(shown);
    }
  }
  const groups = new Map<string, number>();
  for (const track of tracks.values()) {
    const key = JSON.stringify(track.map((classes) => [...classes].sort()));
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const sizes = [...groups.values()];
  return {
    rounds: rounds.length,
    subjects: tracks.size,
    leastGroup: sizes.length === 0 ? 0 : sizes.reduce((least, size) => Math.min(least, size)),
    singledOut: sizes.filter((size) => size === 1).length,
    marketer: tracks.size === 0 ? 0 : sizes.length / tracks.size,
  };
}
