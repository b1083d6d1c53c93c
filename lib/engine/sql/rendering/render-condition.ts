import type { SqlExpression } from './sql-expression';

export type ConditionExpression = Extract<
  SqlExpression,
  { readonly kind: 'same' | 'compare' | 'and' | 'or' | 'not' | 'in' | 'is-missing' }
>;

/** @param render of any expression */
export function renderCondition(
  expression: ConditionExpression,
  render: (expression: SqlExpression) => string,
): string {
  const renderAll = (expressions: readonly SqlExpression[], separator = ', ') =>
    expressions.map(render).join(separator);
  switch (expression.kind) {
    case 'same':
      return `(${render(expression.left)} IS NOT DISTINCT FROM ${render(expression.right)})`;
    case 'compare':
      return `(${render(expression.left)} ${expression.op} ${render(expression.right)})`;
    case 'and':
      return expression.operands.length === 0 ? 'true' : `(${renderAll(expression.operands, ' AND ')})`;
    case 'or':
      return expression.operands.length === 0 ? 'false' : `(${renderAll(expression.operands, ' OR ')})`;
    case 'not':
      return `(NOT ${render(expression.operand)})`;
    case 'in':
      return expression.values.length === 0
        ? 'false'
        : `(${render(expression.operand)} IN (${renderAll(expression.values)}))`;
    case 'is-missing':
      return `(${render(expression.operand)} IS NULL)`;
  }
}
