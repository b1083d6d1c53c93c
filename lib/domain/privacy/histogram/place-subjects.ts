import type { ClassTable } from './class-table';
import type { Histogram } from './histogram';

/** Subjects of classes; `classOf`: per tuple its class, or −1 where it is in none. */
export function placeSubjects(
  { subjects: settled, spanning }: Pick<Histogram, 'subjects' | 'spanning'>,
  classes: number,
  classOf: Int32Array,
): Pick<ClassTable, 'classes' | 'subjects' | 'spanning'> {
  const subjects = new Uint32Array(classes);
  for (const [tuple, index] of classOf.entries()) if (index >= 0) subjects[index]! += settled[tuple]!;
  const offsets = [0];
  const listed: number[] = [];
  for (let subject = 0; subject + 1 < spanning.offsets.length; subject++) {
    const tuples = spanning.tuples.subarray(spanning.offsets[subject]!, spanning.offsets[subject + 1]!);
    const own = new Set(Array.from(tuples, (tuple) => classOf[tuple]!));
    own.delete(-1);
    for (const index of own) subjects[index]! += 1;
    if (own.size < 2) continue;
    for (const index of own) listed.push(index);
    offsets.push(listed.length);
  }
  return { classes, subjects, spanning: { offsets: Uint32Array.from(offsets), classes: Uint32Array.from(listed) } };
}
