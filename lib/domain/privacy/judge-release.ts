import { formatCount } from '../format';
import type { RowCounts } from './certificate';
import type { PrivacyFloor } from './privacy-floor';
import type { MeasuredClasses, ReleaseMeasurement } from './release-measurement';
import { countSuppressible } from './suppression-limit';

/** Engines sum distances in floating point: one this close to the agreed one is taken as equal. */
const T_TOLERANCE = 1e-9;

/**
 * The promises that a written release does not keep, in words without values of the data; none when it may go out. What
 * was not measured, or measured as no number, is not kept. `floor`: absent for a dataset without classes.
 */
export function judgeRelease(
  floor: PrivacyFloor | undefined,
  measured: Pick<ReleaseMeasurement, 'rows' | 'classes'>,
  rows: RowCounts,
): readonly string[] {
  const miscounted = judgeRows(measured.rows, rows);
  if (!floor) return miscounted;
  if (!measured.classes) return [...miscounted, 'its classes were not measured'];
  const { classes } = measured;
  return [
    ...miscounted,
    ...judgeSuppression(floor, rows),
    ...judgeCover(classes, measured.rows),
    ...judgeK(floor, classes),
    ...judgeL(floor, classes),
    ...judgeT(floor, classes),
  ];
}

function judgeRows(measured: number, { received, rejected, suppressed, released }: RowCounts): readonly string[] {
  const counts = Object.entries({ received, rejected, suppressed, released });
  const broken = counts.filter(([, count]) => !(Number.isSafeInteger(count) && count >= 0));
  if (broken.length > 0) return [`rows were not counted: ${broken.map(([name]) => name).join(', ')}`];
  const failures: string[] = [];
  if (measured !== released) failures.push('it does not hold the rows that were counted as released');
  if (received !== rejected + suppressed + released) {
    const parts = [rejected, suppressed, released].map(formatCount).join(' + ');
    failures.push(`rows do not add up: ${formatCount(received)} received, ${parts} rejected, suppressed and released`);
  }
  return failures;
}

function judgeSuppression({ suppressAtMost }: PrivacyFloor, rows: RowCounts): readonly string[] {
  const limit = countSuppressible(suppressAtMost, rows.received - rows.rejected);
  if (rows.suppressed <= limit) return [];
  return [`${formatCount(rows.suppressed)} rows were suppressed where the agreement allows ${formatCount(limit)}`];
}

function judgeCover({ classSizes }: MeasuredClasses, released: number): readonly string[] {
  const covered = classSizes.reduce((sum, { rows }) => sum + rows, 0);
  return covered === released ? [] : ['its classes do not hold all of its rows'];
}

function judgeK({ k }: PrivacyFloor, measured: MeasuredClasses): readonly string[] {
  if (!Number.isFinite(measured.k)) return ['k was not measured'];
  if (measured.k >= k) return [];
  return [
    `its smallest class holds ${formatCount(measured.k)} of the ${formatCount(k)} subjects that the agreement asks for`,
  ];
}

function judgeL(floor: PrivacyFloor, measured: MeasuredClasses): readonly string[] {
  return floor.l.flatMap(({ column, atLeast }) => {
    const distinct = measured.l.find((candidate) => candidate.column === column)?.distinct;
    if (distinct === undefined || !Number.isFinite(distinct)) return [`l of ${column} was not measured`];
    if (distinct >= atLeast) return [];
    return [`a class holds ${distinct} of the ${atLeast} values of ${column} that the agreement asks for`];
  });
}

function judgeT(floor: PrivacyFloor, measured: MeasuredClasses): readonly string[] {
  return floor.t.flatMap(({ column, atMost, distance: measure }) => {
    const found = measured.t.find((candidate) => candidate.column === column && candidate.measure === measure);
    if (!found || !Number.isFinite(found.distance)) return [`t of ${column} was not measured as agreed`];
    if (found.distance <= atMost + T_TOLERANCE) return [];
    const distance = Number(found.distance.toPrecision(6));
    return [`a class is ${distance} from the delivery in ${column} where the agreement allows ${atMost}`];
  });
}
