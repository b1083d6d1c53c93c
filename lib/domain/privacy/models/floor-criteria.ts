import { climbHierarchy } from '../hierarchies/climb-hierarchy';
import type { Ladder } from '../hierarchies/ladder';
import type { ClassTable } from '../histogram/class-table';
import { countSubjects } from '../histogram/count-subjects';
import type { Histogram, SensitiveCounts } from '../histogram/histogram';
import { listSensitive } from '../histogram/list-sensitive';
import { enforceAverageRisk } from './average-risk';
import type { ClassCriterion, Verdict } from './class-criterion';
import { createDiversity, createUnshared } from './diversity-criterion';
import { enforceLinkedRisk, findLinkedRisk, type LinkedRisk } from './linked-risk';
import { createPopulationCriteria } from './population-criterion';
import type { ClosenessFloor, PrivacyFloor } from './privacy-floor';
import { createSizeCriterion } from './size-criterion';
import { createCloseness, createTCriterion, sortByHierarchy } from './t-criterion';

/** A floor, ready to be held against the classes of one delivery. */
export interface FloorCriteria {
  /** The sensitive columns that l or t speak of; `ClassTable.sensitive` has them in this order. */
  readonly sensitive: readonly SensitiveCounts[];
  readonly criteria: readonly ClassCriterion[];
  readonly averageRisk?: number;
  /** In place of the average risk of classes, where somebody has rows in several tuples and can be followed over them. */
  readonly linkedRisk?: LinkedRisk;
}

/**
 * `isFollowed`: whether a receiver can tell which rows are one subject's.
 * @throws Error for a floor that speaks of a sensitive column, or of a value, that was not counted.
 */
export function createFloorCriteria(floor: PrivacyFloor, histogram: Histogram, isFollowed = false): FloorCriteria {
  const linkedRisk = isFollowed ? findLinkedRisk(floor, histogram) : undefined;
  const counted = listSensitive(floor).map((column) => {
    const found = histogram.sensitive.find(({ name }) => name === column);
    if (!found) throw new Error(`The histogram lacks sensitive column ${column}, which the floor speaks of.`);
    if (!found.holders && floor.l.some((each) => each.column === column) && countsSubjects(histogram))
      throw new Error(`The histogram does not say who has which value of ${column}, which l speaks of.`);
    const t = floor.t.find((each) => each.column === column);
    return t?.distance === 'hierarchical' ? sortByHierarchy(found, climbSensitive(t, found)) : ([found] as const);
  });
  const sensitive = counted.map(([counts]) => counts);
  const cellsOf = (column: string) => sensitive.findIndex(({ name }) => name === column);
  return {
    sensitive,
    criteria: [
      createSizeCriterion(floor, countSubjects(histogram)),
      ...createPopulationCriteria(floor),
      ...floor.l.flatMap((l) => {
        const cells = cellsOf(l.column);
        const missing = sensitive[cells]!.values.indexOf(null);
        return [createDiversity(l, cells, missing), ...(l.atLeast > 1 ? [createUnshared(l, cells, missing)] : [])];
      }),
      ...floor.t.map((t) => {
        const cells = cellsOf(t.column);
        const [counts, ladder] = counted[cells]!;
        return createCloseness(t, cells, createTCriterion(counts, t.distance, ladder));
      }),
    ],
    ...(linkedRisk ? { linkedRisk } : floor.risk?.average !== undefined && { averageRisk: floor.risk.average }),
  };
}

function climbSensitive(floor: Extract<ClosenessFloor, { distance: 'hierarchical' }>, counts: SensitiveCounts): Ladder {
  const { type, ...hierarchy } = floor.hierarchy;
  const ladder = climbHierarchy({ kind: 'hierarchy', ...hierarchy }, type, counts);
  if (ladder.kind !== 'ladder') throw new Error(`${hierarchy.file} lacks values of column ${counts.name}.`);
  return ladder;
}

/** Whether some subject may have several rows. */
function countsSubjects({ rows, subjects, spanning }: Histogram): boolean {
  return spanning.tuples.length > 0 || rows.some((count, tuple) => count !== subjects[tuple]);
}

/** What of the table's classes must be suppressed, at its node and at every finer one. */
export function judgeTable(table: ClassTable, { criteria, averageRisk, linkedRisk }: FloorCriteria): Verdict {
  const verdict: Verdict = {
    fails: new Uint8Array(table.classes),
    losses: new Float64Array(table.classes),
    lostRows: 0,
  };
  for (const { judge } of criteria) judge(table, verdict);
  const { fails, losses } = verdict;
  for (let index = 0; index < table.classes; index++) {
    if (table.rows[index] === 0) losses[index] = 0;
    else if (fails[index] === 1) verdict.lostRows += table.rows[index]! * losses[index]!;
  }
  if (averageRisk !== undefined) enforceAverageRisk(table, averageRisk, verdict);
  if (linkedRisk) enforceLinkedRisk(table, linkedRisk, verdict);
  return verdict;
}
