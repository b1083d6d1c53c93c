import { type ClassSets, joinSets } from '../histogram/class-sets';
import type { ClassSizeCount } from '../histogram/class-size-count';
import { offsetsOf, type PlaceCounts } from '../histogram/place-counts';

/**
 * How many groups of so many subjects there are, a group being those with the same set of classes: what is left to somebody
 * who follows a subject over its rows. Nothing where every subject has one class only; the groups are the classes then.
 */
export function sizeLinkedGroups({
  settled,
  spanning: { numbers, places },
}: PlaceCounts): readonly Pick<ClassSizeCount, 'subjects' | 'classes'>[] | undefined {
  if (numbers.length === 0) return undefined;
  const offsets = offsetsOf(numbers);
  const each: ClassSets = { offsets, classes: places, subjects: new Uint32Array(offsets.length - 1).fill(1) };
  const sizes = new Map<number, number>();
  const add = (subjects: number) => sizes.set(subjects, (sizes.get(subjects) ?? 0) + 1);
  for (const subjects of joinSets(each, settled.length).subjects) add(subjects);
  for (const subjects of settled) if (subjects > 0) add(subjects);
  return [...sizes].map(([subjects, classes]) => ({ subjects, classes })).sort((a, b) => a.subjects - b.subjects);
}
