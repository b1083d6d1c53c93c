import type { SqlExpression } from './rendering/sql-expression';

/** A condition of the agreement, over columns of other names. */
export function renameColumns(expression: SqlExpression, rename: (name: string) => string): SqlExpression {
  const inside = (operand: SqlExpression) => renameColumns(operand, rename);
  switch (expression.kind) {
    case 'column':
      return { kind: 'column', name: rename(expression.name) };
    case 'compare':
    case 'arithmetic':
      return { ...expression, left: inside(expression.left), right: inside(expression.right) };
    case 'and':
    case 'or':
      return { ...expression, operands: expression.operands.map(inside) };
    case 'in':
      return { ...expression, operand: inside(expression.operand), values: expression.values.map(inside) };
    case 'not':
    case 'is-missing':
    case 'length':
      return { ...expression, operand: inside(expression.operand) };
    default:
      return expression;
  }
}
