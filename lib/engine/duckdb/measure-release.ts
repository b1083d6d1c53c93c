import { copyFile, link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedDataset } from '../../domain/agreement/plan';
import { binClassSizes } from '../../domain/privacy/bin-class-sizes';
import type { RiskMeasures } from '../../domain/privacy/certificate';
import { measureRisk } from '../../domain/privacy/measure-risk';
import type { ReleaseMeasurement } from '../../domain/privacy/release-measurement';
import type { ReleaseTask } from '../engine';
import { hashFile } from '../intake/hash-file';
import { SUBJECT_ROWS } from '../sql/count-tuples';
import { indexOfColumn, valueNameOf } from '../sql/dataset-columns';
import { column, named, table } from '../sql/expressions';
import {
  countCells,
  countDistinct,
  countPlacedRows,
  keepSubjects,
  listWrittenClasses,
  partOfClasses,
  placeAcceptedSubjects,
  placeWrittenSubjects,
  WRITTEN,
  WRITTEN_CLASSES,
} from '../sql/measure-rows';
import { listReleased, releasedName } from '../sql/release-rows';
import { ACCEPTED } from './clean-delivery';
import type { DuckDbSession } from './duckdb-session';
import { measureSensitive } from './measure-sensitive';
import { countPlaces, countSizes, offsetsOf, type PlaceCounts, scatter, sumSubjects } from './place-counts';
import { listPaths, quoteIdentifier, selectFrom } from './sql-text';
import { hasClasses, prepareTables } from './write-release';

/**
 * Measures what stands in the file. Only where it does not tell subjects apart are they counted on the accepted rows, and
 * only for classes in which both have the same number of rows. `riskBefore`: of the accepted rows, untreated.
 */
export async function measureRelease(
  session: DuckDbSession,
  task: ReleaseTask,
  riskBefore: RiskMeasures | undefined,
  scratch: string,
): Promise<ReleaseMeasurement> {
  const lent = join(scratch, 'measured.parquet');
  await lendFile(task.file, lent);
  try {
    await createWritten(session, task.dataset, lent);
    const [measured, sha256] = await Promise.all([measureRows(session, task), hashFile(lent)]);
    return { ...measured, ...(measured.classes && riskBefore && { riskBefore }), sha256 };
  } finally {
    await rm(lent, { force: true });
  }
}

/** The session reads nothing outside its own folder. */
async function lendFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}

async function createWritten(session: DuckDbSession, dataset: PlannedDataset, path: string): Promise<void> {
  const columns = listReleased(dataset).map((index) => ({
    name: releasedName(index),
    sql: quoteIdentifier(dataset.columns[index]!.name),
  }));
  await session.run(
    `CREATE OR REPLACE VIEW ${WRITTEN} AS ${selectFrom(columns, `read_parquet(${listPaths([path])})`)}`,
  );
}

async function measureRows(session: DuckDbSession, task: ReleaseTask): Promise<Omit<ReleaseMeasurement, 'sha256'>> {
  const { dataset } = task;
  const [rows = 0, ...present] = (await session.read(countCells(dataset))).map(([count]) => Number(count));
  const cells = present.reduce((sum, count) => sum + count, 0);
  const completeness = rows === 0 ? 0 : cells / (rows * present.length);
  if (!hasClasses(task)) return { rows, completeness, subjects: await countAllSubjects(session, dataset, rows) };

  await session.createTable(WRITTEN_CLASSES, listWrittenClasses(dataset));
  const [classRows = new Uint32Array()] = await session.readNumbers({
    columns: [named('rows', column('rows'))],
    from: table(WRITTEN_CLASSES),
    orderBy: [{ by: column('place') }],
  });
  const counts = await countClassSubjects(session, task, classRows);
  const sizes = countSizes(counts.subjects, classRows);
  const k = counts.subjects.reduce((least, subjects) => Math.min(least, subjects), sizes.at(-1)?.subjects ?? 0);
  return {
    rows,
    completeness,
    subjects: counts.total,
    classes: {
      k,
      classes: classRows.length,
      ...(await measureSensitive(session, task, classRows.length)),
      classSizes: binClassSizes(sizes, dataset.privacy?.k ?? k),
      ...(counts.linkedK !== undefined && { linkedK: counts.linkedK }),
    },
    riskAfter: measureRisk(sizes),
  };
}

/** Whether a receiver can follow a subject over its rows, and so can we. */
function isFollowable({ columns, subject }: PlannedDataset): boolean {
  const treatment = columns.find(({ name }) => name === subject)?.treatment.kind;
  return treatment === 'token' || treatment === 'keep';
}

async function countAllSubjects(session: DuckDbSession, dataset: PlannedDataset, rows: number): Promise<number> {
  const { subject } = dataset;
  if (subject === undefined) return rows;
  const distinct = isFollowable(dataset)
    ? countDistinct(WRITTEN, releasedName(indexOfColumn(dataset, subject)))
    : countDistinct(ACCEPTED, valueNameOf(dataset, subject));
  const [[subjects] = []] = await session.read(distinct);
  return Number(subjects);
}

interface ClassSubjects {
  /** Per class; 0 where it does not have the rows that the accepted rows say it has. */
  readonly subjects: Uint32Array;
  readonly total: number;
  readonly linkedK?: number;
}

async function countClassSubjects(
  session: DuckDbSession,
  task: ReleaseTask,
  classRows: Uint32Array,
): Promise<ClassSubjects> {
  const { dataset } = task;
  const { subject } = dataset;
  if (subject === undefined) return { subjects: classRows, total: classRows.reduce((sum, rows) => sum + rows, 0) };
  if (isFollowable(dataset)) {
    const placed = keepSubjects({
      kind: 'query',
      query: placeWrittenSubjects(dataset, subject),
      as: 'written_subjects',
    });
    const counts = await countPlaces(session, placed, classRows.length);
    const linkedK = measureLinkedK(counts);
    return { subjects: sumSubjects(counts), total: countSubjects(counts), ...(linkedK !== undefined && { linkedK }) };
  }
  const part = partOfClasses(dataset, SUBJECT_ROWS);
  await prepareTables(session, task, part);
  await session.createTable(PLACED, placeAcceptedSubjects(part, subject));
  const counts = await countPlaces(session, keepSubjects(table(PLACED)), classRows.length);
  const [places, rows] = await session.readNumbers(countPlacedRows(table(PLACED)));
  const recounted = scatter(places!, rows!, classRows.length);
  const subjects = sumSubjects(counts).map((count, place) => (recounted[place] === classRows[place] ? count : 0));
  return { subjects, total: countSubjects(counts) };
}

const PLACED = 'placed_subjects';

function countSubjects({ settled, spanning }: PlaceCounts): number {
  const spanningSubjects = spanning.numbers.length === 0 ? 0 : spanning.numbers.at(-1)! + 1;
  return settled.reduce((sum, subjects) => sum + subjects, spanningSubjects);
}

/** Fewest subjects with the same set of classes; nothing where every subject has one class only. */
function measureLinkedK({ settled, spanning }: PlaceCounts): number | undefined {
  if (spanning.numbers.length === 0) return undefined;
  const groups = new Map<string, number>();
  const offsets = offsetsOf(spanning.numbers);
  for (let subject = 0; subject + 1 < offsets.length; subject++) {
    const classes = spanning.places.subarray(offsets[subject], offsets[subject + 1]).join();
    groups.set(classes, (groups.get(classes) ?? 0) + 1);
  }
  const alone = settled.filter((subjects) => subjects > 0);
  return [...groups.values(), ...alone].reduce((least, subjects) => Math.min(least, subjects));
}
