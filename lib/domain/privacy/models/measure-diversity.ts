import type { MeasuredDiversity } from '../certificate/release-measurement';
import type { ClassDistribution } from './class-distances';
import type { DiversityFloor } from './privacy-floor';

/** Holders of each value of a class; `known`: subjects that have any. Without it every holder is another subject. */
export interface HeldValues extends ClassDistribution {
  readonly known?: number;
}

/** The least diverse of the classes, measured straight from the definitions. `missing`: code of the missing value. */
export function measureDiversity(
  floor: DiversityFloor,
  classes: readonly HeldValues[],
  missing: number,
): MeasuredDiversity {
  const held = classes.map(({ codes, rows, known }) => {
    const counts = rows.filter((count, index) => codes[index] !== missing && count > 0);
    return { counts, known: known ?? counts.reduce((sum, count) => sum + count, 0) };
  });
  const least = (measure: (counts: readonly number[]) => number) =>
    held.reduce((found, { counts }) => Math.min(found, measure(counts)), Number.POSITIVE_INFINITY);
  const measured = {
    column: floor.column,
    distinct: classes.length === 0 ? 0 : least(({ length }) => length),
    shared: held.reduce((most, { counts, known }) => Math.max(most, shareMost(counts, known)), 0),
  };
  if (floor.measure === 'entropy') return { ...measured, entropy: least(countEquals) };
  if (floor.measure !== 'recursive') return measured;
  const recursive = held.reduce((most, { counts }) => Math.max(most, weighMost(counts, floor.atLeast)), 0);
  return { ...measured, recursive: Number.isFinite(recursive) ? recursive : null };
}

function shareMost(counts: readonly number[], known: number): number {
  const most = counts.reduce((found, count) => Math.max(found, count), 0);
  return most >= known ? 1 : most / known;
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
