import { listClassSets } from '../histogram/class-sets';
import { countSubjects } from '../histogram/count-subjects';
import type { Histogram, SensitiveCounts } from '../histogram/histogram';
import { placeSubjects } from '../histogram/place-subjects';
import { createDistance } from '../models/class-distances';
import { leastOfRisk } from '../models/least-of-risk';
import { listAskedSubjects } from '../models/list-asked-subjects';
import type { PrivacyFloor } from '../models/privacy-floor';
import type { Solution } from '../search/solution';

/** Subjects with a value, or beyond those that a class must hold, of which chance does not mark all: with a share of 1 %, once in 10^8 classes. */
const SPARE = 5;
/** And of so many times as many as are marked on average. */
const MARGIN = 4;

/**
 * Per class, 1 where subjects may be left out as a mark without breaking the floor: it has more subjects than are asked
 * for, so have groups that share a set of classes, more than a few with each of l values, and is well within t. It follows from the data alone, never from a key:
 * whoever is marked is marked by chance among equals. What is left is measured all the same. Whom of a population a class
 * stands for does not change with who is left out.
 */
export function findMarkable(
  histogram: Histogram,
  { classes, classOf }: Pick<Solution, 'classes' | 'classOf'>,
  floor: PrivacyFloor,
  share: number,
): Uint8Array {
  if (!leavesRoom(floor)) return new Uint8Array(classes);
  const least = Math.max(...listAskedSubjects(floor, countSubjects(histogram)).map((asked) => asked.least));
  const placed = placeSubjects(histogram, classes, classOf);
  const { subjects } = placed;
  const rows = new Float64Array(classes);
  for (const [tuple, index] of classOf.entries()) if (index >= 0) rows[index]! += histogram.rows[tuple]!;
  const isAmple = (count: number, asked: number) => count - asked >= SPARE + MARGIN * share * count;
  const markable = Uint8Array.from(subjects, (count) => (isAmple(count, least) ? 1 : 0));
  // Marks are only for legs that can follow subjects.
  if (floor.risk?.maximum !== undefined) keepGroups(markable, placed, floor.risk.maximum, isAmple);
  const sensitiveOf = (column: string) => histogram.sensitive.find(({ name }) => name === column)!;
  for (const { column, atLeast } of floor.l) {
    const counts = sensitiveOf(column);
    const missing = counts.values.indexOf(null);
    for (const [index, holders] of countHolders(counts, classes, classOf).entries()) {
      const ample = [...holders].filter(([code, held]) => code !== missing && held >= SPARE).length;
      const known = subjects[index]! - (holders.get(missing) ?? 0);
      const isShared = [...holders].some(([code, held]) => code !== missing && known - held < SPARE);
      if (ample < atLeast || (atLeast > 1 && isShared)) markable[index] = 0;
    }
  }
  for (const { column, atMost, distance } of floor.t) {
    const counts = sensitiveOf(column);
    const reference = new Uint32Array(counts.values.length);
    for (const [cell, code] of counts.codes.entries()) reference[code]! += counts.rows[cell]!;
    // By the levels of a hierarchy nothing is farther than if all values were equally far apart.
    const measure = createDistance(reference, distance === 'hierarchical' ? 'equal' : distance);
    for (const [index, values] of countValues(counts, classes, classOf, counts.rows).entries()) {
      const sorted = [...values].toSorted(([left], [right]) => left - right);
      const found = measure({ codes: sorted.map(([code]) => code), rows: sorted.map(([, count]) => count) });
      if (found > atMost - MARGIN * share - SPARE / Math.max(1, rows[index]!)) markable[index] = 0;
    }
  }
  return markable;
}

/** Of these promises it cannot be said by class how many subjects they can spare: then nobody is marked. */
function leavesRoom({ l, presence, risk }: PrivacyFloor): boolean {
  const isCounted = l.every(({ measure = 'distinct' }) => measure === 'distinct');
  return isCounted && presence === undefined && risk?.average === undefined;
}

/** Groups with the same set of classes need room as well, where they have a limit: of one without, a class keeps all of its subjects. */
function keepGroups(
  markable: Uint8Array,
  placed: ReturnType<typeof placeSubjects>,
  maximum: number,
  isAmple: (count: number, least: number) => boolean,
): void {
  const least = leastOfRisk(maximum);
  const { offsets, classes, subjects } = listClassSets(placed);
  for (const [set, count] of subjects.entries()) {
    if (isAmple(count, least)) continue;
    const own = classes.subarray(offsets[set]!, offsets[set + 1]!);
    const fewest = own.reduce((size, index) => Math.min(size, placed.subjects[index]!), Number.POSITIVE_INFINITY);
    for (const index of own) if (placed.subjects[index] === fewest) markable[index] = 0;
  }
}

/** Per class and value, the subjects who have it there, each once; rows where each row is a subject. */
function countHolders(
  counts: SensitiveCounts,
  classes: number,
  classOf: Int32Array,
): readonly ReadonlyMap<number, number>[] {
  const { holders, offsets, codes, rows } = counts;
  const held = countValues(counts, classes, classOf, holders?.subjects ?? rows);
  if (!holders) return held;
  const tupleOf = new Uint32Array(codes.length);
  for (let tuple = 0; tuple + 1 < offsets.length; tuple++) tupleOf.fill(tuple, offsets[tuple]!, offsets[tuple + 1]!);
  const { offsets: firsts, cells } = holders.spanning;
  for (let holder = 0; holder + 1 < firsts.length; holder++) {
    const own = cells.subarray(firsts[holder]!, firsts[holder + 1]!);
    const code = codes[own[0]!]!;
    for (const index of new Set(Array.from(own, (cell) => classOf[tupleOf[cell]!]!)))
      if (index >= 0) held[index]!.set(code, (held[index]!.get(code) ?? 0) + 1);
  }
  return held;
}

/** What is counted of each cell, per class and code of a sensitive value. */
function countValues(
  { offsets, codes }: SensitiveCounts,
  classes: number,
  classOf: Int32Array,
  counted: Uint32Array,
): readonly Map<number, number>[] {
  const counts = Array.from({ length: classes }, () => new Map<number, number>());
  for (const [tuple, index] of classOf.entries()) {
    if (index < 0) continue;
    for (let cell = offsets[tuple]!; cell < offsets[tuple + 1]!; cell++) {
      const code = codes[cell]!;
      counts[index]!.set(code, (counts[index]!.get(code) ?? 0) + counted[cell]!);
    }
  }
  return counts;
}
