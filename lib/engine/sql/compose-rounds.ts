import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { indexOfColumn } from './dataset-columns';
import { releasedName } from './release-rows';
import {
  COUNT_ROWS,
  canonicalText,
  code,
  column,
  isMissing,
  isPresent,
  named,
  table,
  text,
  when,
} from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';

/**
 * The queries that lay the releases of several rounds side by side. Each round's rows stand in a relation of their own, by
 * `releasedName`, as `written` has them; `tracked_rounds` holds `placeRound` of all of them.
 */

export const TRACKED = 'tracked_rounds';

export function earlierName(index: number): string {
  return `earlier_${index}`;
}

/** Released columns that are read of an earlier round: who, and what is shown of the class columns. */
export function listTracked(dataset: PlannedDataset, subject: string): readonly number[] {
  const names = new Set([subject, ...dataset.classColumns.map(({ column: name }) => name)]);
  return [...names].map((name) => indexOfColumn(dataset, name));
}

/** Each `subject` of a round, and as `place` the round and the class of each of its rows. */
export function placeRound(dataset: PlannedDataset, subject: string, rows: string, round: number): SqlQuery {
  const who = column(releasedName(indexOfColumn(dataset, subject)));
  const shown = dataset.classColumns.map(({ column: name }) =>
    writePart(column(releasedName(indexOfColumn(dataset, name)))),
  );
  return {
    columns: [
      named('subject', canonicalText(who)),
      named('place', { kind: 'digest', operand: { kind: 'concatenate', operands: [text(`${round}:`), ...shown] } }),
    ],
    from: table(rows),
    where: isPresent(who),
    distinct: true,
  };
}

/** With its length before it, so that no two rows of values make the same text. */
function writePart(value: SqlExpression): SqlExpression {
  const written = canonicalText(value);
  const counted: SqlExpression = {
    kind: 'concatenate',
    operands: [canonicalText({ kind: 'length', operand: written }), text(':'), written],
  };
  return when(isMissing(value), text('-'), counted);
}

/** How many groups there are of so many subjects; those with the same places are one. */
export function countTrackGroups(): SqlQuery {
  const tracks: SqlQuery = {
    columns: [named('track', { kind: 'text-set', operand: column('place') })],
    from: table(TRACKED),
    groupBy: [column('subject')],
  };
  const sizes: SqlQuery = {
    columns: [named('subjects', COUNT_ROWS)],
    from: { kind: 'query', query: tracks, as: 'tracks' },
    groupBy: [column('track')],
  };
  return {
    columns: [named('subjects', code(column('subjects'))), named('groups', code(COUNT_ROWS))],
    from: { kind: 'query', query: sizes, as: 'sizes' },
    groupBy: [column('subjects')],
  };
}
