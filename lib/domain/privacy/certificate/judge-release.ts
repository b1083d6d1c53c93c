import type { PlannedDataset } from '../../agreement/plan/plan';
import { formatCount, formatShare } from '../../format';
import { listShared } from '../histogram/list-shared';
import { leastOfRisk } from '../models/least-of-risk';
import type { PrivacyFloor } from '../models/privacy-floor';
import { countSuppressible } from '../models/suppression-limit';
import type { RowCounts } from './certificate';
import type { MeasuredClasses, ReleaseMeasurement } from './release-measurement';

/** Measures are sums in floating point: one this close to the agreed one is taken as equal. */
export const TOLERANCE = 1e-9;

/**
 * The promises that a written release does not keep, in words without values of the data; none when it may go out. What
 * was not measured, or measured as no number, is not kept. `floor`: absent for a dataset without classes.
 */
export function judgeRelease(
  floor: PrivacyFloor | undefined,
  measured: Pick<ReleaseMeasurement, 'rows' | 'classes' | 'riskAfter'>,
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
    ...judgeRisk(floor, classes, measured.riskAfter),
    ...judgePopulation(floor, classes),
    ...judgeL(floor, classes),
    ...judgeT(floor, classes),
  ];
}

/** What goes out because enough share it has to be shared by so many in the written release. */
export function judgeShared(
  dataset: Pick<PlannedDataset, 'columns'>,
  measured: ReleaseMeasurement['shared'] = [],
): readonly string[] {
  return listShared(dataset).flatMap(({ name, k }) => {
    const found = measured.find(({ column }) => column === name);
    if (found === undefined || Number.isNaN(found.subjects))
      return [`who shares the values of ${name} was not counted`];
    if (found.subjects === null || found.subjects >= k) return [];
    return [
      `a value of ${name} is shared by ${formatCount(found.subjects)} of the ${formatCount(k)} subjects that the agreement asks for`,
    ];
  });
}

function judgeRows(
  measured: number,
  { received, rejected, suppressed, marked = 0, released }: RowCounts,
): readonly string[] {
  const counts = Object.entries({ received, rejected, suppressed, marked, released });
  const broken = counts.filter(([, count]) => !(Number.isSafeInteger(count) && count >= 0));
  if (broken.length > 0) return [`rows were not counted: ${broken.map(([name]) => name).join(', ')}`];
  const failures: string[] = [];
  if (measured !== released) failures.push('it does not hold the rows that were counted as released');
  if (received !== rejected + suppressed + marked + released) {
    const parts = [rejected, suppressed, ...(marked > 0 ? [marked] : []), released].map(formatCount).join(' + ');
    const names =
      marked > 0 ? 'rejected, suppressed, left out as marks and released' : 'rejected, suppressed and released';
    failures.push(`rows do not add up: ${formatCount(received)} received, ${parts} ${names}`);
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

function judgeRisk(
  { risk }: PrivacyFloor,
  { k, linkedK = k }: MeasuredClasses,
  measured: ReleaseMeasurement['riskAfter'],
): readonly string[] {
  const failures: string[] = [];
  if (risk?.maximum !== undefined && !(linkedK >= leastOfRisk(risk.maximum))) {
    const followed = linkedK < k ? ', of a subject that is followed over its rows in several classes,' : '';
    failures.push(
      `its greatest risk${followed} is ${formatShare(1 / linkedK)} where the agreement allows ${formatShare(risk.maximum)}`,
    );
  }
  if (risk?.average === undefined) return failures;
  if (!measured || !Number.isFinite(measured.marketer)) return [...failures, 'the average risk was not measured'];
  if (measured.marketer > risk.average + TOLERANCE)
    failures.push(
      `its average risk is ${formatShare(measured.marketer)} where the agreement allows ${formatShare(risk.average)}`,
    );
  return failures;
}

function judgePopulation({ kMap, presence }: PrivacyFloor, measured: MeasuredClasses): readonly string[] {
  const failures: string[] = [];
  if (kMap !== undefined) {
    if (measured.kMap === undefined || !Number.isFinite(measured.kMap)) failures.push('k-map was not measured');
    else if (measured.kMap < kMap)
      failures.push(
        `a class stands for ${formatCount(measured.kMap)} of the ${formatCount(kMap)} subjects of the population that the agreement asks for`,
      );
  }
  if (presence === undefined) return failures;
  const { least, greatest } = measured.presence ?? { least: Number.NaN, greatest: Number.NaN };
  if (!Number.isFinite(least) || !Number.isFinite(greatest)) return [...failures, 'presence was not measured'];
  if (greatest > presence.atMost + TOLERANCE || least < presence.atLeast - TOLERANCE)
    failures.push(
      `its classes hold ${formatShare(least)} to ${formatShare(greatest)} of the population they stand for, where the agreement asks for ${formatShare(presence.atLeast)} to ${formatShare(presence.atMost)}`,
    );
  return failures;
}

function judgeL(floor: PrivacyFloor, measured: MeasuredClasses): readonly string[] {
  return floor.l.flatMap((asked) => {
    const { column, atLeast } = asked;
    const found = measured.l.find((candidate) => candidate.column === column);
    if (atLeast > 1 && found?.shared === 1 && found.distinct > 1)
      return [`all subjects of a class have the same value of ${column}, whatever else some of them have`];
    if (atLeast > 1 && !Number.isFinite(found?.shared)) return [`l of ${column} was not measured`];
    if (asked.measure === 'entropy') {
      if (found?.entropy === undefined || !Number.isFinite(found.entropy))
        return [`entropy l of ${column} was not measured`];
      if (found.entropy >= atLeast - TOLERANCE) return [];
      return [
        `a class is as uncertain as ${Number(found.entropy.toPrecision(4))} values of ${column} where the agreement asks for ${atLeast}`,
      ];
    }
    if (asked.measure === 'recursive') {
      if (found?.recursive === undefined) return [`recursive l of ${column} was not measured`];
      if (found.recursive !== null && found.recursive < asked.c) return [];
      return [`a class holds a value of ${column} that outweighs the others more than ${asked.c} times`];
    }
    const distinct = found?.distinct;
    if (distinct === undefined || !Number.isFinite(distinct)) return [`l of ${column} was not measured`];
    if (distinct >= atLeast) return [];
    return [`a class holds ${distinct} of the ${atLeast} values of ${column} that the agreement asks for`];
  });
}

function judgeT(floor: PrivacyFloor, measured: MeasuredClasses): readonly string[] {
  return floor.t.flatMap(({ column, atMost, distance: measure }) => {
    const found = measured.t.find((candidate) => candidate.column === column && candidate.measure === measure);
    if (!found || !Number.isFinite(found.distance)) return [`t of ${column} was not measured as agreed`];
    if (found.distance <= atMost + TOLERANCE) return [];
    const distance = Number(found.distance.toPrecision(6));
    return [`a class is ${distance} from the delivery in ${column} where the agreement allows ${atMost}`];
  });
}
