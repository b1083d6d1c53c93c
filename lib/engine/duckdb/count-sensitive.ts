import type { WrittenValues } from '../../domain/privacy/certificate/assemble-measurement';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { scatter } from '../../domain/privacy/histogram/place-counts';
import type { ReleaseTask } from '../engine';
import { listHeld } from '../sql/count-holders';
import {
  countKnownSubjects,
  countReferenceValues,
  countWrittenHolders,
  countWrittenValues,
  partOfReference,
} from '../sql/measure-values';
import { canonicalText, column, isMissing, named, table } from '../sql/rendering/expressions';
import { ACCEPTED } from './clean-delivery';
import type { DuckDbSession } from './duckdb-session';
import { prepareTables } from './write-release';

const REFERENCE = 'reference_values';

/** Who is in which class. */
interface ClassMembers {
  /** Of each class: those who have a value at all, where none is missing. */
  readonly subjects: Uint32Array;
  /** The table of them; absent where every row is a subject. */
  readonly members: string | undefined;
  /** Whether every member is another subject, class or sensitive value. */
  readonly areHolders: boolean;
}

/** The sensitive values of the written classes, and of all accepted rows: what there is to see, and what there was. */
export async function countSensitive(
  session: DuckDbSession,
  task: ReleaseTask,
  { subjects, members, areHolders }: ClassMembers,
): Promise<readonly WrittenValues[]> {
  const counted: WrittenValues[] = [];
  const held = listHeld(task.dataset);
  for (const [index, name] of listSensitive(task.dataset.privacy).entries()) {
    const written = await countValues(session, task, name);
    const holders =
      members !== undefined && held.includes(index)
        ? await countHolders(session, task, written, { subjects, members, areHolders })
        : {};
    counted.push({ ...written, ...holders, ...(await readValues(session, task, name)) });
  }
  return counted;
}

async function countValues(
  session: DuckDbSession,
  task: ReleaseTask,
  name: string,
): Promise<WrittenValues & { readonly codes: Uint32Array }> {
  const { dataset } = task;
  const part = partOfReference(dataset, name, ACCEPTED);
  await prepareTables(session, task, { ...part, rows: ACCEPTED });
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
  return { column: name, reference, missing, places: places!, codes: codes!, rows: rows! };
}

/** Subjects by value. Nothing where they have other values than stand in the release: then l is not measured. */
async function countHolders(
  session: DuckDbSession,
  { dataset }: ReleaseTask,
  written: WrittenValues & { readonly codes: Uint32Array },
  { subjects: known, members, areHolders }: ClassMembers & { readonly members: string },
): Promise<Pick<WrittenValues, 'holders'>> {
  const { column: name } = written;
  const [places, codes, subjects, rows] = await session.readNumbers(
    countWrittenHolders(dataset, name, REFERENCE, members, areHolders),
  );
  const isSame = (one: Uint32Array, other: Uint32Array) =>
    one.length === other.length && one.every((number, index) => number === other[index]);
  if (!isSame(places!, written.places) || !isSame(codes!, written.codes)) return {};
  if (written.missing < 0) return { holders: { subjects: subjects!, rows: rows!, known } };
  const [at, having] = await session.readNumbers(countKnownSubjects(dataset, name, members));
  return { holders: { subjects: subjects!, rows: rows!, known: scatter(at!, having!, known.length) } };
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
