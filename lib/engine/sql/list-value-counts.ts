import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { valueName } from './dataset-columns';
import { all, COUNT_ROWS, column, columnOf, equals, isPresent, named, number, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';
import { findSubject } from './treated-part';

/**
 * Every value of a column, and of its `subjects` those that have no smaller one: so a subject is counted once in
 * the whole column, and values that are merged hold at least as many subjects as their counts add up to. Rows count where
 * no subject is named.
 */
export function listValueCounts(dataset: PlannedDataset, rows: string, index: number): SqlQuery {
  const value = column(valueName(index));
  const subject = findSubject(dataset);
  const present = { from: table(rows), where: isPresent(value) };
  const counted: SqlQuery = {
    columns: [named('value', value), named('rows', COUNT_ROWS)],
    ...present,
    groupBy: [value],
  };
  const result = (subjects: SqlExpression): SqlQuery['columns'] => [
    named('value', columnOf('counted', 'value')),
    named('subjects', subjects),
  ];
  const from = { kind: 'query', query: counted, as: 'counted' } as const;
  if (subject < 0) return { columns: result(columnOf('counted', 'rows')), from };
  const owner = column(valueName(subject));
  const least: SqlQuery = {
    columns: [named('value', { kind: 'minimum', operand: value })],
    from: table(rows),
    where: all([isPresent(value), isPresent(owner)]),
    groupBy: [owner],
  };
  const newcomers: SqlQuery = {
    columns: [named('value', column('value')), named('subjects', COUNT_ROWS)],
    from: { kind: 'query', query: least, as: 'least' },
    groupBy: [column('value')],
  };
  return {
    columns: result({ kind: 'first-present', operands: [columnOf('newcomers', 'subjects'), number(0)] }),
    from,
    joins: [
      {
        kind: 'left',
        with: { kind: 'query', query: newcomers, as: 'newcomers' },
        on: equals(columnOf('counted', 'value'), columnOf('newcomers', 'value')),
      },
    ],
  };
}
