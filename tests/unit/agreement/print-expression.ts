import type { Expression } from '../../../lib/domain/agreement/expressions/expression';

/** The expression in the language of checks, every part in parentheses. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return `"${expression.name.replaceAll('"', '""')}"`;
    case 'text':
      return quote(expression.value);
    case 'number':
      return expression.value;
    case 'boolean':
      return String(expression.value);
    case 'date':
    case 'timestamp':
      return `${expression.kind} ${quote(expression.value)}`;
    case 'compare':
    case 'arithmetic':
      return `(${printExpression(expression.left)} ${expression.op} ${printExpression(expression.right)})`;
    case 'and':
    case 'or':
      return `(${expression.operands.map(printExpression).join(` ${expression.kind} `)})`;
    case 'not':
      return `(not ${printExpression(expression.operand)})`;
    case 'in':
      return `(${printExpression(expression.operand)} in (${expression.values.map(printExpression).join(', ')}))`;
    case 'is-missing':
      return `(${printExpression(expression.operand)} is missing)`;
    case 'length':
      return `length(${printExpression(expression.operand)})`;
  }
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
