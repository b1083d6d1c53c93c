import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { matchKeys, readKeys, SUBJECT_ROWS } from './count-tuples';
import { valueName, valueNameOf } from './dataset-columns';
import { canonicalText, column, columnOf, equals, isPresent, named, number, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';
import { joinOn, KEYS, RELEASED_TUPLES } from './treated-part';

/**
 * The queries of a watermark: subjects whom a keyed choice leaves out of one receiver's release. They read, where there are
 * classes, `released_tuples`, and `markable_classes`: class, markable (1 or 0; see `findMarkable`).
 */

export const MARKABLE_CLASSES = 'markable_classes';
/** `subject`, and whether it is `marked`; all whom the choice could have fallen on. */
export const MARKABLE_SUBJECTS = 'markable_subjects';
export const MARKED = 'marked_subjects';
export const UNMARKED_ROWS = 'unmarked_rows';
export const MARKED_ROWS = 'marked_rows';
const DIGITS = 12;

/** Read while `keys` is there. */
export function drawMarks(dataset: PlannedDataset, subject: string, rows: string, share: number): SqlQuery {
  const drawn: SqlExpression = {
    kind: 'hex-number',
    operand: {
      kind: 'characters',
      at: 'start',
      count: DIGITS,
      operand: { kind: 'hmac', operand: canonicalText(columnOf('eligible', 'subject')), keys: KEYS, key: 'watermark' },
    },
  };
  const marked: SqlExpression = {
    kind: 'compare',
    op: '<',
    left: drawn,
    right: number(Math.floor(share * 16 ** DIGITS)),
  };
  return {
    columns: [named('subject', columnOf('eligible', 'subject')), named('marked', marked)],
    from: { kind: 'query', query: listEligible(dataset, subject, rows), as: 'eligible' },
    joins: [{ kind: 'cross', with: table(KEYS) }],
  };
}

function listEligible(dataset: PlannedDataset, subject: string, rows: string): SqlQuery {
  const value = column(valueNameOf(dataset, subject));
  if (dataset.classColumns.length === 0) {
    return { columns: [named('subject', value)], from: table(rows), where: isPresent(value), distinct: true };
  }
  const placed: SqlQuery = {
    columns: [
      named('subject', columnOf('keyed', 'subject')),
      named('least', { kind: 'minimum', operand: columnOf(MARKABLE_CLASSES, 'markable') }),
    ],
    from: readKeys(dataset, SUBJECT_ROWS, [named('subject', value)]),
    joins: [
      { kind: 'inner', with: table(RELEASED_TUPLES), on: matchKeys(dataset, 'keyed', RELEASED_TUPLES) },
      joinOn('inner', MARKABLE_CLASSES, 'class', columnOf(RELEASED_TUPLES, 'class')),
    ],
    where: isPresent(columnOf('keyed', 'subject')),
    groupBy: [columnOf('keyed', 'subject')],
  };
  return {
    columns: [named('subject', column('subject'))],
    from: { kind: 'query', query: placed, as: 'placed' },
    where: equals(column('least'), number(1)),
  };
}

export const LIST_MARKED: SqlQuery = {
  columns: [named('subject', column('subject'))],
  from: table(MARKABLE_SUBJECTS),
  where: column('marked'),
};

/** The accepted rows without those of marked subjects, or only those of marked ones. */
export function partRows(
  dataset: PlannedDataset,
  subject: string,
  rows: string,
  keep: 'unmarked' | 'marked',
): SqlQuery {
  const names = ['position', ...dataset.columns.map((_, index) => valueName(index))];
  const on = equals(columnOf(rows, valueNameOf(dataset, subject)), columnOf(MARKED, 'subject'));
  return {
    columns: names.map((name) => named(name, columnOf(rows, name))),
    from: table(rows),
    joins: [{ kind: keep === 'marked' ? 'inner' : 'anti', with: table(MARKED), on }],
  };
}
