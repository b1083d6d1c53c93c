import { INTEGER } from '@duckdb/node-api';
import type { ReleaseTask } from '../engine';
import {
  drawMarks,
  LIST_MARKED,
  MARKABLE_CLASSES,
  MARKABLE_SUBJECTS,
  MARKED,
  MARKED_ROWS,
  partRows,
  UNMARKED_ROWS,
} from '../sql/mark-subjects';
import { treatRows } from '../sql/release-rows';
import { COUNT_ROWS, named } from '../sql/rendering/expressions';
import type { TreatedPart } from '../sql/treated-part';
import type { DuckDbSession } from './duckdb-session';
import { fillTable } from './fill-table';

/** Says of every class whether its subjects may be left out as marks. */
export async function loadMarkable(session: DuckDbSession, markable: Uint8Array): Promise<void> {
  await fillTable(session, MARKABLE_CLASSES, [
    { name: 'class', type: INTEGER, values: Uint32Array.from(markable, (_, index) => index) },
    { name: 'markable', type: INTEGER, values: Uint32Array.from(markable) },
  ]);
}

/** While the leg's keys are there. Returns the table of the rows that are left; undefined where none are taken. */
export async function drawMarkedSubjects(
  session: DuckDbSession,
  { dataset, leg }: Pick<ReleaseTask, 'dataset' | 'leg'>,
  rows: string,
): Promise<string | undefined> {
  if (leg.watermark === undefined || dataset.subject === undefined) return undefined;
  await session.createTable(MARKABLE_SUBJECTS, drawMarks(dataset, dataset.subject, rows, leg.watermark));
  await session.createTable(MARKED, LIST_MARKED);
  await session.createView(UNMARKED_ROWS, partRows(dataset, dataset.subject, rows, 'unmarked'));
  return UNMARKED_ROWS;
}

/** The rows that go out, and how many do not because their subject is marked. */
export async function leaveOutMarked(
  session: DuckDbSession,
  { dataset, leg }: Pick<ReleaseTask, 'dataset' | 'leg'>,
  part: TreatedPart,
): Promise<{ readonly rows: string; readonly marked: number }> {
  if (leg.watermark === undefined || dataset.subject === undefined) return { rows: part.rows, marked: 0 };
  await session.createView(MARKED_ROWS, partRows(dataset, dataset.subject, part.rows, 'marked'));
  // Rows without a class would have been suppressed anyway, and are counted as that.
  const query = treatRows({ ...part, rows: MARKED_ROWS });
  const counted = await session.read({
    columns: [named('rows', COUNT_ROWS)],
    from: { kind: 'query', query, as: 'left_out' },
  });
  return { rows: UNMARKED_ROWS, marked: Number(counted[0]?.[0] ?? 0) };
}
