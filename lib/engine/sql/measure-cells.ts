import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { groupWritten, listGroupedColumns, WRITTEN, WRITTEN_GROUPS } from './measure-rows';
import { listReleased, releasedName } from './release-rows';
import { COUNT_ROWS, column, isPresent, named, number, table, when } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';
import { HIDDEN } from './treat-value';

/** The queries that count cells of a written release, by row or by group. */

/** Rows, and cells that tell something: one that is hidden whole is as good as empty. */
export function countCells(dataset: PlannedDataset): SqlQuery {
  return {
    columns: [
      named('rows', COUNT_ROWS),
      ...listReleased(dataset).map((index) => named(releasedName(index), countTelling(dataset, index))),
    ],
    from: table(WRITTEN),
  };
}

function countTelling(dataset: PlannedDataset, index: number): SqlExpression {
  const value = column(releasedName(index));
  return mayBeHidden(dataset, index)
    ? { kind: 'count-where', condition: isTelling(dataset, index, value) }
    : { kind: 'count-present', operand: value };
}

function isTelling(dataset: PlannedDataset, index: number, value: SqlExpression): SqlExpression {
  return mayBeHidden(dataset, index) ? { kind: 'compare', op: '<>', left: value, right: HIDDEN } : isPresent(value);
}

function mayBeHidden({ columns }: PlannedDataset, index: number): boolean {
  const { kind } = columns[index]!.treatment;
  return kind === 'mask' || kind === 'common-text';
}

/** As `groupWritten`, and in each group of every other column the cells that tell something: `countGroupedCells` adds up all. */
export function groupWrittenCells(dataset: PlannedDataset): SqlQuery {
  const { columns, ...query } = groupWritten(dataset);
  const grouped = listGroupedColumns(dataset);
  const others = listReleased(dataset).filter((index) => !grouped.has(index));
  return {
    ...query,
    columns: [...columns, ...others.map((index) => named(cellsName(index), countTelling(dataset, index)))],
  };
}

const cellsName = (index: number) => `cells_${index}`;

/** As `countCells`, of the groups of `groupWrittenCells`. */
export function countGroupedCells(dataset: PlannedDataset): SqlQuery {
  const grouped = listGroupedColumns(dataset);
  const add = (operand: SqlExpression): SqlExpression => ({
    kind: 'first-present',
    operands: [{ kind: 'sum', operand }, number(0)],
  });
  const countOf = (index: number): SqlExpression => {
    const name = grouped.get(index);
    if (name === undefined) return column(cellsName(index));
    return when(isTelling(dataset, index, column(name)), column('rows'), number(0));
  };
  return {
    columns: [
      named('rows', add(column('rows'))),
      ...listReleased(dataset).map((index) => named(releasedName(index), add(countOf(index)))),
    ],
    from: table(WRITTEN_GROUPS),
  };
}
