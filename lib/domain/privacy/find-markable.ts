import { createDistance } from './class-distances';
import type { Histogram, SensitiveCounts } from './histogram';
import type { PrivacyFloor } from './privacy-floor';
import type { Solution } from './solution';

/** Rows of a value, or subjects beyond k, of which chance does not mark all: with a share of 1 %, once in 10^8 classes. */
const SPARE = 5;
/** And of so many times as many as are marked on average. */
const MARGIN = 4;

/**
 * Per class, 1 where subjects may be left out as a mark without breaking the floor: it has more subjects
 * than k, each of l values more than once or twice, and is well within t. It follows from the data alone, never from a key: whoever is marked is marked
 * by chance among equals. What is left is measured all the same.
 */
export function findMarkable(
  histogram: Histogram,
  { classes, classOf }: Pick<Solution, 'classes' | 'classOf'>,
  floor: PrivacyFloor,
  share: number,
): Uint8Array {
  if (!leavesRoom(floor)) return new Uint8Array(classes);
  const least = Math.max(floor.k, Math.ceil(1 / (floor.risk?.maximum ?? 1)));
  const subjects = countSubjects(histogram, classes, classOf);
  const rows = new Float64Array(classes);
  for (const [tuple, index] of classOf.entries()) if (index >= 0) rows[index]! += histogram.rows[tuple]!;
  const markable = Uint8Array.from(subjects, (count) => (count - least >= SPARE + MARGIN * share * count ? 1 : 0));
  const sensitiveOf = (column: string) => histogram.sensitive.find(({ name }) => name === column)!;
  for (const { column, atLeast } of floor.l) {
    const counts = sensitiveOf(column);
    const missing = counts.values.indexOf(null);
    const rowsOf = countValues(counts, classes, classOf, counts.rows);
    // One who has a value in several tuples counts in each: values seem the more common for it, and fewer are marked.
    const holdersOf = countValues(counts, classes, classOf, listHolders(counts));
    for (const [index, values] of rowsOf.entries()) {
      const ample = [...values].filter(([code, count]) => code !== missing && count >= SPARE).length;
      const known = subjects[index]! - (holdersOf[index]!.get(missing) ?? 0);
      const isShared = [...holdersOf[index]!].some(([code, held]) => code !== missing && known - held < SPARE);
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

function countSubjects({ subjects, spanning }: Histogram, classes: number, classOf: Int32Array): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const [tuple, index] of classOf.entries()) if (index >= 0) counts[index]! += subjects[tuple]!;
  for (let subject = 0; subject + 1 < spanning.offsets.length; subject++) {
    const tuples = spanning.tuples.subarray(spanning.offsets[subject]!, spanning.offsets[subject + 1]!);
    for (const index of new Set(Array.from(tuples, (tuple) => classOf[tuple]!))) if (index >= 0) counts[index]! += 1;
  }
  return counts;
}

/** Subjects per cell; one with a value in several tuples in each of them. */
function listHolders({ rows, holders }: SensitiveCounts): Uint32Array {
  if (!holders) return rows;
  const counts = holders.subjects.slice();
  for (const cell of holders.spanning.cells) counts[cell]! += 1;
  return counts;
}

/** What is counted of each cell, per class and code of a sensitive value. */
function countValues(
  { offsets, codes }: SensitiveCounts,
  classes: number,
  classOf: Int32Array,
  counted: Uint32Array,
): readonly ReadonlyMap<number, number>[] {
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
