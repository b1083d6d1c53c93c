import { type ClassSets, leaveClasses, listClassSets } from '../histogram/class-sets';
import type { ClassTable } from '../histogram/class-table';
import type { Histogram } from '../histogram/histogram';
import type { Verdict } from './class-criterion';
import { leastOfRisk } from './least-of-risk';
import type { PrivacyFloor } from './privacy-floor';

/** What is asked of groups of subjects that share the same set of classes. */
export interface LinkedRisk {
  /** Subjects that each must hold. */
  readonly least: number;
  /** Groups / subjects. */
  readonly average?: number;
  /** Each group is to be no smaller than the average may be. */
  readonly isOfEach?: boolean;
}

/** Shares of whole numbers differ from the agreed one by rounding alone. */
const ROUNDING = 1e-9;

/** Nothing where the agreement limits no risk, or where nobody has rows in several tuples: groups are the classes then. */
export function findLinkedRisk({ risk }: PrivacyFloor, { spanning }: Histogram): LinkedRisk | undefined {
  if (spanning.tuples.length === 0 || (risk?.maximum === undefined && risk?.average === undefined)) return undefined;
  return {
    least: leastOfRisk(risk.maximum ?? 1),
    ...(risk.average !== undefined && { average: risk.average }),
  };
}

/**
 * As long as a group is too small, its class of the fewest rows is suppressed (all such of each such group, so that nothing
 * hangs on an order); where all are large enough and yet too many for the average, the smallest groups are taken for too
 * small. Who loses a class may be in a larger group then.
 *
 * What must be lost at every finer node as well: see `countLinkedLoss`.
 */
export function enforceLinkedRisk(table: ClassTable, asked: LinkedRisk, verdict: Verdict): void {
  const all = listClassSets(table);
  verdict.lostRows = Math.max(verdict.lostRows, countLinkedLoss(all.subjects, asked));
  for (let sets = leaveClasses(all, verdict.fails); ; sets = leaveClasses(sets, verdict.fails)) {
    const least = findLeast(sets, asked);
    if (least === 0) return;
    for (let set = 0; set < sets.subjects.length; set++)
      if (sets.subjects[set]! < least) suppressSmallest(table, sets, set, verdict.fails);
  }
}

/** Subjects that a group must hold, whatever others do. */
export function leastOfEach({ least, average = 1, isOfEach = false }: LinkedRisk): number {
  return isOfEach ? Math.max(least, leastOfRisk(average)) : least;
}

/** The size below which groups are too small as they are; 0 where none is. */
function findLeast({ subjects }: ClassSets, asked: LinkedRisk): number {
  const least = leastOfEach(asked);
  const { average = 1 } = asked;
  let smallest = Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const size of subjects) {
    smallest = Math.min(smallest, size);
    sum += size;
  }
  if (smallest < least) return least;
  return subjects.length > average * sum + ROUNDING ? smallest + 1 : 0;
}

function suppressSmallest({ rows }: ClassTable, { offsets, classes }: ClassSets, set: number, fails: Uint8Array): void {
  let fewest = Number.POSITIVE_INFINITY;
  for (let place = offsets[set]!; place < offsets[set + 1]!; place++) fewest = Math.min(fewest, rows[classes[place]!]!);
  for (let place = offsets[set]!; place < offsets[set + 1]!; place++)
    if (rows[classes[place]!] === fewest) fails[classes[place]!] = 1;
}

/**
 * Rows that are lost at a node with groups of these sizes and at every finer one, whichever classes are suppressed there.
 * What is released there lies in classes of this node: whoever loses none of them is with those of the own group, and
 * whoever does loses a row at least.
 *
 * Of a group of n that is too small either all lose one, or some stay and so many others join them, who lost what they had
 * more: least − n at least. Nobody leaves more than one group, nor joins more than one, so that half the sum is lost.
 * For the average some groups must be gone, all of whose members lose one: the smallest at best.
 */
function countLinkedLoss(sizes: Uint32Array, { least, average = 1 }: LinkedRisk): number {
  let [changes, subjects] = [0, 0];
  for (const size of sizes) {
    subjects += size;
    if (size < least) changes += Math.min(size, least - size);
  }
  const gone = Math.max(0, Math.ceil(sizes.length - average * subjects - ROUNDING));
  if (gone === 0) return changes / 2;
  const smallest = sizes.slice().sort().subarray(0, gone);
  return Math.max(
    changes / 2,
    smallest.reduce((sum, size) => sum + size, 0),
  );
}
