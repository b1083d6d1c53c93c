import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { isFollowable } from '../../domain/privacy/certificate/assemble-measurement';
import { indexOfColumn, valueNameOf } from './dataset-columns';
import { WRITTEN } from './measure-rows';
import { releasedName, treatRows } from './release-rows';
import {
  all,
  COUNT_ROWS,
  code,
  column,
  columnOf,
  equals,
  isPresent,
  named,
  number,
  table,
  when,
} from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';
import { HIDDEN } from './treat-value';

/**
 * The fewest subjects that share a value of a column in the written release: rows, where none is named; no number where no
 * value is shown. Where the file does not tell subjects apart they are counted on the accepted rows, and only for values of
 * which both have the same number of rows. `accepted`: the table of these.
 */
export function countLeastSharers(dataset: PlannedDataset, index: number, accepted: string): SqlQuery {
  const { subject } = dataset;
  const sharers =
    subject === undefined || isFollowable(dataset)
      ? countWrittenSharers(dataset, index)
      : recountSharers(dataset, index, subject, accepted);
  return {
    columns: [named('subjects', code({ kind: 'minimum', operand: column('sharers') }))],
    from: { kind: 'query', query: sharers, as: 'shared' },
  };
}

/** Neither missing nor hidden. */
function isShown(dataset: PlannedDataset, index: number, value: SqlExpression): SqlExpression {
  const isHidden: SqlExpression = { kind: 'compare', op: '<>', left: value, right: HIDDEN };
  return dataset.columns[index]!.treatment.kind === 'common-text'
    ? all([isPresent(value), isHidden])
    : isPresent(value);
}

function countWrittenSharers(dataset: PlannedDataset, index: number): SqlQuery {
  const { subject } = dataset;
  const value = column(releasedName(index));
  const pairs: SqlQuery = {
    columns: [
      named('value', value),
      ...(subject === undefined ? [] : [named('subject', column(releasedName(indexOfColumn(dataset, subject))))]),
    ],
    from: table(WRITTEN),
    where: isShown(dataset, index, value),
    distinct: subject !== undefined,
  };
  return {
    columns: [
      named('value', column('value')),
      named('sharers', subject === undefined ? COUNT_ROWS : { kind: 'count-present', operand: column('subject') }),
    ],
    from: { kind: 'query', query: pairs, as: 'pairs' },
    groupBy: [column('value')],
  };
}

function recountSharers(dataset: PlannedDataset, index: number, subject: string, accepted: string): SqlQuery {
  const value = column(releasedName(index));
  const written: SqlQuery = {
    columns: [named('value', value), named('rows', COUNT_ROWS)],
    from: table(WRITTEN),
    where: isShown(dataset, index, value),
    groupBy: [value],
  };
  const name = valueNameOf(dataset, subject);
  const classes = dataset.classColumns.length > 0 ? 'values' : 'nothing';
  const treated = treatRows({ dataset, rows: accepted, columns: [index], classes, tokensInPlace: true }, [name]);
  const pairs: SqlQuery = {
    columns: [named('value', value), named('subject', column(name)), named('rows', COUNT_ROWS)],
    from: { kind: 'query', query: treated, as: 'treated' },
    groupBy: [value, column(name)],
  };
  const held: SqlQuery = {
    columns: [
      named('value', column('value')),
      named('subjects', { kind: 'count-present', operand: column('subject') }),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: { kind: 'query', query: pairs, as: 'pairs' },
    groupBy: [column('value')],
  };
  const fits = equals(columnOf('written_values', 'rows'), columnOf('held_values', 'rows'));
  return {
    columns: [
      named('value', columnOf('written_values', 'value')),
      named('sharers', when(fits, columnOf('held_values', 'subjects'), number(0))),
    ],
    from: { kind: 'query', query: written, as: 'written_values' },
    joins: [
      {
        kind: 'left',
        with: { kind: 'query', query: held, as: 'held_values' },
        on: equals(columnOf('written_values', 'value'), columnOf('held_values', 'value')),
      },
    ],
  };
}
