import type { ClassDistribution } from './class-distances';
import type { DiversityFloor } from './privacy-floor';
import type { MeasuredDiversity } from './release-measurement';

/** The least diverse of the classes, measured straight from the definitions. `missing`: code of the missing value. */
export function measureDiversity(
  floor: DiversityFloor,
  classes: readonly ClassDistribution[],
  missing: number,
): MeasuredDiversity {
  const held = classes.map(({ codes, rows }) => rows.filter((_, index) => codes[index] !== missing));
  const distinct = held.reduce((least, rows) => Math.min(least, rows.length), Number.POSITIVE_INFINITY);
  const measured = { column: floor.column, distinct: classes.length === 0 ? 0 : distinct };
  if (floor.measure === 'entropy')
    return { ...measured, entropy: held.reduce((least, rows) => Math.min(least, countEquals(rows)), Infinity) };
  if (floor.measure !== 'recursive') return measured;
  const recursive = held.reduce((most, rows) => Math.max(most, weighMost(rows, floor.atLeast)), 0);
  return { ...measured, recursive: Number.isFinite(recursive) ? recursive : null };
}

/** The number of equally frequent values that are as uncertain: 2 to the power of the entropy in bits. */
function countEquals(rows: readonly number[]): number {
  const total = rows.reduce((sum, count) => sum + count, 0);
  return rows.length === 0 ? 0 : 2 ** rows.reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
}

function weighMost(rows: readonly number[], l: number): number {
  const sorted = rows.toSorted((one, other) => other - one);
  const others = sorted.slice(l - 1).reduce((sum, count) => sum + count, 0);
  return others === 0 ? Number.POSITIVE_INFINITY : sorted[0]! / others;
}
