import { isFollowable, type WrittenValues } from '../../domain/privacy/assemble-measurement';
import { listSensitive } from '../../domain/privacy/list-sensitive';
import { scatter } from '../../domain/privacy/place-counts';
import type { ReleaseTask } from '../engine';
import { listHeld } from '../sql/count-holders';
import { SUBJECT_ROWS } from '../sql/count-tuples';
import { indexOfColumn } from '../sql/dataset-columns';
import { canonicalText, column, isMissing, named, table } from '../sql/expressions';
import {
  countKnownSubjects,
  countReferenceValues,
  countWrittenHolders,
  countWrittenValues,
  listAcceptedMembers,
  listWrittenMembers,
  partOfMembers,
} from '../sql/measure-rows';
import type { Relation } from '../sql/sql-query';
import type { TreatedPart } from '../sql/treated-part';
import { ACCEPTED } from './clean-delivery';
import type { DuckDbSession } from './duckdb-session';
import { prepareTables } from './write-release';

const REFERENCE = 'reference_values';
const MEMBERS = 'members';

/**
 * The sensitive values of the written classes, and of all accepted rows: what there is to see, and what there was.
 * `subjects`: of each class; those who have a value at all, where none is missing.
 */
export async function countSensitive(
  session: DuckDbSession,
  task: ReleaseTask,
  subjects: Uint32Array,
): Promise<readonly WrittenValues[]> {
  const counted: WrittenValues[] = [];
  const held = listHeld(task.dataset);
  for (const [index, name] of listSensitive(task.dataset.privacy).entries())
    counted.push(await countValues(session, task, name, subjects, held.includes(index)));
  return counted;
}

async function countValues(
  session: DuckDbSession,
  task: ReleaseTask,
  name: string,
  subjects: Uint32Array,
  isHeld: boolean,
): Promise<WrittenValues> {
  const { dataset } = task;
  const part: TreatedPart = { dataset, rows: ACCEPTED, columns: [indexOfColumn(dataset, name)], classes: 'nothing' };
  await prepareTables(session, task, part);
  await session.createTable(REFERENCE, countReferenceValues(part));
  const [reference = new Uint32Array()] = await session.readNumbers({
    columns: [named('rows', column('rows'))],
    from: table(REFERENCE),
    orderBy: [{ by: column('code') }],
  });
  const [[missing = -1] = []] = await session.readNumbers({
    columns: [named('code', column('code'))],
    from: table(REFERENCE),
    where: isMissing(column('value')),
  });
  const [places, codes, rows] = await session.readNumbers(countWrittenValues(dataset, name, REFERENCE));
  return {
    column: name,
    reference,
    missing,
    places: places!,
    codes: codes!,
    rows: rows!,
    ...(isHeld && (await countHolders(session, task, name, { subjects, missing, places: places!, codes: codes! }))),
    ...(await readValues(session, task, name)),
  };
}

/** Subjects by value. Nothing where they have other values than stand in the release: then l is not measured. */
async function countHolders(
  session: DuckDbSession,
  task: ReleaseTask,
  name: string,
  written: {
    /** Of each class. */
    readonly subjects: Uint32Array;
    readonly missing: number;
    readonly places: Uint32Array;
    readonly codes: Uint32Array;
  },
): Promise<Pick<WrittenValues, 'holders'>> {
  const { dataset } = task;
  const members = await listMembers(session, task, dataset.subject!, name);
  const [places, codes, subjects, rows] = await session.readNumbers(
    countWrittenHolders(dataset, name, REFERENCE, members),
  );
  const isSame = (one: Uint32Array, other: Uint32Array) =>
    one.length === other.length && one.every((number, index) => number === other[index]);
  if (!isSame(places!, written.places) || !isSame(codes!, written.codes)) return {};
  if (written.missing < 0) return { holders: { subjects: subjects!, rows: rows!, known: written.subjects } };
  const [at, known] = await session.readNumbers(countKnownSubjects(dataset, name, members));
  return { holders: { subjects: subjects!, rows: rows!, known: scatter(at!, known!, written.subjects.length) } };
}

async function listMembers(
  session: DuckDbSession,
  task: ReleaseTask,
  subject: string,
  name: string,
): Promise<Relation> {
  const { dataset } = task;
  if (isFollowable(dataset)) return listWrittenMembers(dataset, subject, name);
  await prepareTables(session, task, partOfMembers(dataset, ACCEPTED, name));
  await session.createTable(MEMBERS, listAcceptedMembers(partOfMembers(dataset, SUBJECT_ROWS, name), subject));
  return table(MEMBERS);
}

/** Only where a hierarchy speaks of them. */
async function readValues(session: DuckDbSession, { dataset }: ReleaseTask, name: string) {
  const isClimbed = dataset.privacy?.t.some(({ column, distance }) => column === name && distance === 'hierarchical');
  if (!isClimbed) return {};
  const [values = []] = await session.read({
    columns: [named('value', canonicalText(column('value')))],
    from: table(REFERENCE),
    orderBy: [{ by: column('code') }],
  });
  return { values: values.map((value) => (typeof value === 'string' ? value : null)) };
}
