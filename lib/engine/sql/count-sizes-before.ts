import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { isTreatedAlike, SUBJECT_ROWS } from './count-tuples';
import { columnOfClass, valueNameOf } from './dataset-columns';
import { COUNT_ROWS, code, column, named, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';

/**
 * Sizes of the classes that the accepted `rows` make with no column treated at all, not even masked. Mostly these are the
 * `tuples`: with the `subjects` who are in one alone, and those who are also in others (`spanning`).
 */
export function countSizesBefore(dataset: PlannedDataset, rows: string, tuples: string): SqlQuery {
  if (dataset.classColumns.some((_, index) => isTreatedAlike(columnOfClass(dataset, index))))
    return countUntreated(dataset, rows);
  const subjects: SqlExpression = {
    kind: 'arithmetic',
    op: '+',
    left: column('subjects'),
    right: column('spanning'),
  };
  return countSizes({ columns: [named('subjects', subjects)], from: table(tuples) });
}

function countUntreated(dataset: PlannedDataset, rows: string): SqlQuery {
  const { subject } = dataset;
  const names = dataset.classColumns.map(({ column: name }) => valueNameOf(dataset, name));
  const keys = names.map((name) => named(name, column(name)));
  const groupBy = names.map(column);
  if (subject === undefined)
    return countSizes({ columns: [named('subjects', COUNT_ROWS)], from: table(rows), groupBy });
  // In `countSubjectRows` a subject stands once for each of its sensitive values.
  const members: SqlQuery = {
    columns: [named('subject', column(valueNameOf(dataset, subject))), ...keys],
    from: table(SUBJECT_ROWS),
    distinct: true,
  };
  return countSizes({
    columns: [named('subjects', { kind: 'count-present', operand: column('subject') })],
    from: { kind: 'query', query: members, as: 'members' },
    groupBy,
  });
}

function countSizes(sizes: SqlQuery): SqlQuery {
  return {
    columns: [named('subjects', code(column('subjects'))), named('classes', code(COUNT_ROWS))],
    from: { kind: 'query', query: sizes, as: 'sizes' },
    groupBy: [column('subjects')],
  };
}
