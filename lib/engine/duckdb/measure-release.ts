import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import {
  assembleMeasurement,
  type ClassCounts,
  isFollowable,
  listGeneralised,
  type ReleaseCounts,
} from '../../domain/privacy/certificate/assemble-measurement';
import type {
  MeasuredSharers,
  ReleaseMeasurement,
  ShownRows,
} from '../../domain/privacy/certificate/release-measurement';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { listShared } from '../../domain/privacy/histogram/list-shared';
import { type PlaceCounts, scatter, sumSubjects } from '../../domain/privacy/histogram/place-counts';
import type { ReleaseTask } from '../engine';
import { hashFile } from '../intake/hash-file';
import { countLeastSharers } from '../sql/count-sharers';
import { SUBJECT_ROWS } from '../sql/count-tuples';
import { indexOfColumn, valueNameOf } from '../sql/dataset-columns';
import { countCells } from '../sql/measure-cells';
import {
  ACCEPTED_MEMBERS,
  countPlacedRows,
  countShown,
  groupWritten,
  keepSubjects,
  listWrittenClasses,
  partOfMembers,
  placeAcceptedMembers,
  placeWrittenMembers,
  WRITTEN,
  WRITTEN_CLASSES,
  WRITTEN_GROUPS,
  WRITTEN_MEMBERS,
} from '../sql/measure-rows';
import { countDistinct } from '../sql/measure-values';
import { listReleased, releasedName } from '../sql/release-rows';
import { canonicalText, column, named, table } from '../sql/rendering/expressions';
import type { AcceptedFacts } from './accepted-facts';
import { ACCEPTED } from './clean-delivery';
import { countPlaces } from './count-places';
import { countSensitive } from './count-sensitive';
import { countTracks } from './count-tracks';
import { drawSamples } from './draw-samples';
import type { DuckDbSession } from './duckdb-session';
import { lendFile } from './lend-file';
import { listPaths, quoteIdentifier, selectFrom } from './sql-text';
import { hasClasses, prepareTables } from './write-release';

/**
 * Measures what stands in the file. Only where it does not tell subjects apart are they counted on the accepted rows, and
 * only for classes in which both have the same number of rows.
 */
export async function measureRelease(
  session: DuckDbSession,
  task: ReleaseTask,
  facts: AcceptedFacts,
  scratch: string,
): Promise<ReleaseMeasurement> {
  const { riskBefore } = facts;
  const lent = join(scratch, 'measured.parquet');
  await lendFile(task.file, lent);
  try {
    await createWritten(session, task.dataset, lent);
    const [counts, sha256] = await Promise.all([countRelease(session, task, facts, scratch), hashFile(lent)]);
    const measured = assembleMeasurement(task.dataset, counts, task.solution?.levels);
    return { ...measured, ...(measured.classes && riskBefore && { riskBefore }), sha256 };
  } finally {
    await rm(lent, { force: true });
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

async function countRelease(
  session: DuckDbSession,
  task: ReleaseTask,
  facts: AcceptedFacts,
  scratch: string,
): Promise<ReleaseCounts> {
  const { dataset } = task;
  const [rows = 0, ...present] = (await session.read(countCells(dataset))).map(([count]) => Number(count));
  const classes = hasClasses(task) ? await countClasses(session, task, facts) : undefined;
  const common = {
    rows,
    present,
    samples: await drawSamples(session, dataset),
    shared: await countShared(session, dataset),
  };
  if (classes) return { ...common, classes, ...(await countTracks(session, task, scratch)) };
  if (dataset.subject === undefined) return common;
  return { ...common, subjects: await countAllSubjects(session, dataset, dataset.subject) };
}

async function countShared(session: DuckDbSession, dataset: PlannedDataset): Promise<readonly MeasuredSharers[]> {
  const shared: MeasuredSharers[] = [];
  for (const { index, name } of listShared(dataset)) {
    const [[subjects = null] = []] = await session.read(countLeastSharers(dataset, index, ACCEPTED));
    shared.push({ column: name, subjects: subjects === null ? null : Number(subjects) });
  }
  return shared;
}

async function countAllSubjects(session: DuckDbSession, dataset: PlannedDataset, subject: string): Promise<number> {
  const distinct = isFollowable(dataset)
    ? countDistinct(WRITTEN, releasedName(indexOfColumn(dataset, subject)))
    : countDistinct(ACCEPTED, valueNameOf(dataset, subject));
  const [[subjects] = []] = await session.read(distinct);
  return Number(subjects);
}

async function countClasses(session: DuckDbSession, task: ReleaseTask, facts: AcceptedFacts): Promise<ClassCounts> {
  const { dataset } = task;
  const { isSteady } = facts;
  await session.createTable(WRITTEN_GROUPS, groupWritten(dataset));
  await session.createTable(WRITTEN_CLASSES, listWrittenClasses(dataset));
  await session.createTable(WRITTEN_MEMBERS, placeWrittenMembers(dataset));
  await session.dropTable(WRITTEN_GROUPS);
  const [rows = new Uint32Array()] = await session.readNumbers({
    columns: [named('rows', column('rows'))],
    from: table(WRITTEN_CLASSES),
    orderBy: [{ by: column('place') }],
  });
  const members = await findMembers(session, task, facts);
  const isAccepted = members === ACCEPTED_MEMBERS;
  const counted =
    members === undefined ? {} : await countClassSubjects(session, members, rows.length, { isAccepted, isSteady });
  const subjects = counted.subjects ? sumSubjects(counted.subjects) : rows;
  // The file's own groups have one sensitive value each.
  const areHolders = isAccepted ? isSteady : listSensitive(dataset.privacy).length === 1;
  const sensitive = await countSensitive(session, task, { subjects, members, areHolders });
  for (const name of [WRITTEN_MEMBERS, ACCEPTED_MEMBERS]) await session.dropTable(name);
  const shownRows = await readShownRows(session, dataset);
  return { rows, ...counted, sensitive, shownRows, ...(await readShown(session, dataset)) };
}

async function readShownRows(session: DuckDbSession, dataset: PlannedDataset): Promise<readonly ShownRows[]> {
  const shown: ShownRows[] = [];
  for (const index of listGeneralised(dataset)) {
    const [texts = [], rows = []] = await session.read(countShown(dataset, index));
    shown.push({
      column: dataset.classColumns[index]!.column,
      texts: texts.map((text) => (text === null ? null : String(text))),
      rows: rows.map(Number),
    });
  }
  return shown;
}

/** Where it stands who is in which class: in the file, if that tells subjects apart. */
async function findMembers(
  session: DuckDbSession,
  task: ReleaseTask,
  { packed }: AcceptedFacts,
): Promise<string | undefined> {
  const { dataset } = task;
  const { subject } = dataset;
  if (subject === undefined) return undefined;
  if (isFollowable(dataset)) return WRITTEN_MEMBERS;
  const partOf = (rows: string) => ({ ...partOfMembers(dataset, rows), packed });
  await prepareTables(session, task, partOf(ACCEPTED));
  await session.createTable(ACCEPTED_MEMBERS, placeAcceptedMembers(partOf(SUBJECT_ROWS), subject));
  return ACCEPTED_MEMBERS;
}

async function countClassSubjects(
  session: DuckDbSession,
  members: string,
  classes: number,
  { isAccepted, isSteady }: { readonly isAccepted: boolean; readonly isSteady: boolean },
): Promise<Pick<ClassCounts, 'subjects' | 'recounted'>> {
  if (!isAccepted) return { subjects: await countPlaces(session, keepSubjects(members), classes) };
  const [places, rows, named] = await session.readNumbers(countPlacedRows(members));
  const subjects = isSteady
    ? { settled: scatter(places!, named!, classes), spanning: NOBODY }
    : await countPlaces(session, keepSubjects(members), classes);
  return { subjects, recounted: scatter(places!, rows!, classes) };
}

const NOBODY: PlaceCounts['spanning'] = { numbers: new Uint32Array(), places: new Uint32Array() };

/** What each class shows; only where it is held against a population's table. */
async function readShown(session: DuckDbSession, dataset: PlannedDataset): Promise<Pick<ClassCounts, 'shown'>> {
  if (dataset.privacy?.population?.kind !== 'counts') return {};
  const names = dataset.classColumns.map(({ column: name }) => releasedName(indexOfColumn(dataset, name)));
  const columns = await session.read({
    columns: names.map((name) => named(name, canonicalText(column(name)))),
    from: table(WRITTEN_CLASSES),
    orderBy: [{ by: column('place') }],
  });
  return { shown: columns.map((texts) => texts.map((text) => (typeof text === 'string' ? text : null))) };
}
