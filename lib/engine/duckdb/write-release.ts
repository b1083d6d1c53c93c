import { join } from 'node:path';
import type { ReleaseTask, WrittenRelease } from '../engine';
import { type HelperTable, prepareTreatment } from '../sql/prepare-treatment';
import { listReleased, releasedName, releaseRows } from '../sql/release-rows';
import { type ClassesBy, RELEASED_TUPLES, type TreatedPart } from '../sql/treated-part';
import type { AcceptedFacts } from './accepted-facts';
import { ACCEPTED } from './clean-delivery';
import type { DuckDbSession } from './duckdb-session';
import { loadSolution } from './load-solution';
import { makeMapping } from './make-mapping';
import { drawMarkedSubjects, leaveOutMarked, loadMarkable } from './mark-release';
import { publishFile } from './publish-file';
import { quoteIdentifier, quoteText, renderQuery, selectFrom } from './sql-text';
import { withKeys } from './with-keys';

interface ReleaseConditions {
  readonly facts: AcceptedFacts;
  /** Rows that may be released. */
  readonly accepted: number;
  /** Has the last word, before the file is there. */
  readonly approve: () => Promise<void>;
}

/** Treats the accepted rows for one receiver and writes them; the file is there whole or not at all. */
export async function writeRelease(
  session: DuckDbSession,
  task: ReleaseTask,
  scratch: string,
  { facts, accepted, approve }: ReleaseConditions,
): Promise<WrittenRelease> {
  const { dataset } = task;
  const columns = listReleased(dataset);
  const classes = chooseClassesBy(task, facts);
  const { isSteady, packed } = facts;
  const part: TreatedPart = { dataset, rows: ACCEPTED, columns, classes, isSteady, packed };
  await prepareTables(session, task, part);
  const { rows: unmarked, marked } = await leaveOutMarked(session, task, part);
  const rows = selectFrom(
    columns.map((index) => ({ name: dataset.columns[index]!.name, sql: quoteIdentifier(releasedName(index)) })),
    `(${renderQuery(releaseRows({ ...part, rows: unmarked }))})`,
  );
  const written = join(scratch, 'release.parquet');
  await session.run(
    `COPY (${rows}) TO ${quoteText(written)} (${PARQUET_OPTIONS}, PRESERVE_ORDER ${accepted <= ROWS_IN_ORDER})`,
  );
  await approve();
  await publishFile(written, task.file);
  return { marked };
}

/**
 * Up to here the blocks of a file stand in the order of their rows, so that the same release has the same bytes. Longer ones
 * have the same rows in the same blocks, and whichever thread is ready writes its block: waiting would cost a third more.
 */
const ROWS_IN_ORDER = 500_000;

export const PARQUET_OPTIONS = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880';

export function chooseClassesBy(task: Omit<ReleaseTask, 'file'>, { isSettled }: AcceptedFacts): ClassesBy {
  if (!hasClasses(task)) return 'nothing';
  const { columns, subject } = task.dataset;
  const planned = columns.find(({ name }) => name === subject);
  // A row that names no subject has a class all the same.
  const named = planned?.missing.kind !== 'keep';
  return isSettled && named && planned?.treatment.kind === 'token' ? 'subject' : 'values';
}

/** A dataset with classes is never released without a solution: that would be every row, as it is. */
export function hasClasses({ dataset, solution }: Pick<ReleaseTask, 'dataset' | 'solution'>): boolean {
  if (dataset.classColumns.length === 0) return false;
  if (!solution) throw new Error(`Dataset ${dataset.id} has classes, and no solution says how to release them.`);
  return true;
}

/** Makes the tables by which `part` is treated. */
export async function prepareTables(
  session: DuckDbSession,
  task: Omit<ReleaseTask, 'file'>,
  part: TreatedPart,
): Promise<void> {
  const isLoaded =
    part.classes !== 'nothing' && task.solution && !(await loadSolution(session, task.dataset, task.solution));
  if (task.markable) await loadMarkable(session, task.markable);
  await withKeys(session, task.keys, async () => {
    const make = async (helper: HelperTable) => {
      if (helper.kind === 'mapping') await makeMapping(session, helper, task.keys);
      else await session.createTable(helper.name, helper.query);
    };
    const isTuples = ({ name }: HelperTable) => name === RELEASED_TUPLES;
    if (!isLoaded) for (const helper of prepareTreatment(part).filter(isTuples)) await make(helper);
    const unmarked = await drawMarkedSubjects(session, task, ACCEPTED);
    const whole = { ...part, ...(unmarked !== undefined && { unmarked }) };
    for (const helper of prepareTreatment(whole)) if (!isTuples(helper)) await make(helper);
  });
}
