/** What somebody learns who lays the releases of several rounds side by side, subject by subject. */
export interface CompositionRisk {
  /** Releases of the data set version to this receiver that were laid side by side, this one included. */
  readonly rounds: number;
  /** Whoever is in one of them at least. */
  readonly subjects: number;
  /** Fewest subjects that are in the same classes of the same rounds; 0 without subjects. */
  readonly leastGroup: number;
  /** Subjects whose classes over the rounds are nobody else's. */
  readonly singledOut: number;
  /** Groups / subjects: the share that is got right by trying everybody who is known by these classes. */
  readonly marketer: number;
}

/** How many groups of so many subjects there are: subjects in the same classes of the same rounds are one group. */
export interface GroupSizes {
  /** Distinct. */
  readonly subjects: ArrayLike<number>;
  readonly groups: ArrayLike<number>;
}

/**
 * With levels that stay the same a subject that does not change is in the same class every time, so that only who came,
 * went or changed is told from the others: absence from a round is seen as well.
 */
export function measureComposition({ subjects: sizes, groups: counts }: GroupSizes, rounds: number): CompositionRisk {
  const risk = { rounds, subjects: 0, leastGroup: 0, singledOut: 0, marketer: 0 };
  let groups = 0;
  for (let at = 0; at < sizes.length; at++) {
    const [size, count] = [sizes[at]!, counts[at]!];
    groups += count;
    risk.subjects += size * count;
    risk.leastGroup = risk.leastGroup === 0 ? size : Math.min(risk.leastGroup, size);
    if (size === 1) risk.singledOut += count;
  }
  return { ...risk, marketer: risk.subjects === 0 ? 0 : groups / risk.subjects };
}
