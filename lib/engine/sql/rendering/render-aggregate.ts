import type { SqlExpression } from './sql-expression';
import type { SortKey } from './sql-query';

export type AggregateExpression = Extract<
  SqlExpression,
  { readonly kind: 'count-rows' | 'count-where' | 'count-present' | 'minimum' | 'maximum' | 'sum' }
>;

export type WindowExpression = Extract<SqlExpression, { readonly kind: 'place' | 'over' | 'rank' }>;

/** @param render of any expression */
export function renderAggregate(
  expression: AggregateExpression,
  render: (expression: SqlExpression) => string,
): string {
  switch (expression.kind) {
    case 'count-rows':
      return 'count(*)';
    case 'count-where':
      return `count(*) FILTER (WHERE ${render(expression.condition)})`;
    case 'count-present':
      return `count(${render(expression.operand)})`;
    case 'minimum':
      return `min(${render(expression.operand)})`;
    case 'maximum':
      return `max(${render(expression.operand)})`;
    case 'sum':
      return `sum(${render(expression.operand)})`;
  }
}

/** What is told of a row by the others. @param render of any expression */
export function renderWindow(
  expression: WindowExpression,
  render: (expression: SqlExpression) => string,
  renderSortKey: (key: SortKey) => string,
): string {
  const renderOrder = (by: readonly SqlExpression[]) =>
    `ORDER BY ${by.map((key) => renderSortKey({ by: key })).join(', ')}`;
  const renderPartition = (within: readonly SqlExpression[]) =>
    within.length > 0 ? `PARTITION BY ${within.map(render).join(', ')} ` : '';
  switch (expression.kind) {
    case 'place': {
      const { within, by } = expression;
      return `(row_number() OVER (${renderPartition(within)}${by.length > 0 ? renderOrder(by) : ''}) - 1)`;
    }
    case 'over': {
      const { aggregate, operand, within, by } = expression;
      const order = by.length > 0 ? renderOrder(by) : '';
      return `${aggregate === 'sum' ? 'sum' : 'min'}(${render(operand)}) OVER (${renderPartition(within)}${order})`;
    }
    case 'rank':
      return `(dense_rank() OVER (${renderOrder(expression.by)}) - 1)`;
  }
}
