import type { ClassTable } from '../histogram/class-table';
import type { Verdict } from './class-criterion';

/** Shares of whole numbers differ from the agreed one by rounding alone. */
const ROUNDING = 1e-9;

/** What classes do that the average risk is too great for. */
export function describeAverageRisk(atMost: number): string {
  return `are so small that the average risk would be above ${atMost}`;
}

/**
 * Average risk: released classes / released subjects. It is no matter of one class, so where it is too great the smallest
 * classes are suppressed too, all of a size alike, up to the least size that brings it down.
 *
 * What must be lost at every finer node as well: of the delivery's classes some are kept at least in part, each as one
 * class or more and with no more subjects than it has. The fewest subjects are lost when the smallest go first, the last
 * of them in part. That holds only where nobody has rows in several tuples: at finer nodes such a subject is in several
 * classes, even where it is in one here. Otherwise nothing is said of finer nodes.
 */
export function enforceAverageRisk(table: ClassTable, atMost: number, verdict: Verdict): void {
  const kept = orderBySize(table, (index) => verdict.fails[index] === 0);
  let classes = kept.length;
  let subjects = kept.reduce((sum, index) => sum + table.subjects[index]!, 0);
  for (let place = 0; place < kept.length && classes > atMost * subjects + ROUNDING; ) {
    const size = table.subjects[kept[place]!]!;
    for (; place < kept.length && table.subjects[kept[place]!] === size; place++) {
      verdict.fails[kept[place]!] = 1;
      classes -= 1;
      subjects -= size;
    }
  }
  if (table.settled.some((count, index) => count !== table.subjects[index])) return;
  verdict.lostRows = Math.max(verdict.lostRows, countLost(table, atMost));
}

function countLost(table: ClassTable, atMost: number): number {
  const all = orderBySize(table, () => true);
  let excess = all.length - atMost * all.reduce((sum, index) => sum + table.subjects[index]!, 0) - ROUNDING;
  let lost = 0;
  for (const index of all) {
    const size = table.subjects[index]!;
    const gain = 1 - atMost * size;
    if (excess <= 0 || gain <= 0) break;
    const part = Math.min(1, excess / gain);
    lost += part * size;
    excess -= part * gain;
  }
  return lost;
}

/** Classes that have rows, the smallest first. */
function orderBySize(table: ClassTable, wanted: (index: number) => boolean): number[] {
  const found: number[] = [];
  for (let index = 0; index < table.classes; index++) if (table.rows[index]! > 0 && wanted(index)) found.push(index);
  return found.sort((one, other) => table.subjects[one]! - table.subjects[other]!);
}
