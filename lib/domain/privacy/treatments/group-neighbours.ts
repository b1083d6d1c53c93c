/**
 * Univariate microaggregation (Defays and Anwar, 1998): the values of a column, each once, in ascending order, are put
 * together until they hold `k` subjects; what is left at the end joins the last group. Gives each value's group; none where all
 * together are fewer than k. What a group shows follows from the rows that have a class: see `centreGroups`.
 * @param subjects Per value those that have no smaller one.
 */
export function groupNeighbours(subjects: ArrayLike<number>, k: number): readonly (number | null)[] {
  const groups: number[] = [];
  let last = -1;
  let held = 0;
  for (let index = 0; index < subjects.length; index++) {
    groups.push(last + 1);
    held += subjects[index]!;
    if (held < k) continue;
    last += 1;
    held = 0;
  }
  return groups.map((group) => (last < 0 ? null : Math.min(group, last)));
}
