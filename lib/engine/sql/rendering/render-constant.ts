import type { ValueParts } from './render-values';
import type { SqlExpression } from './sql-expression';

export type ConstantExpression = Extract<
  SqlExpression,
  { readonly kind: 'text' | 'number' | 'boolean' | 'null' | 'date' }
>;

export function renderConstant(
  expression: ConstantExpression,
  { quoteText, renderType }: Pick<ValueParts, 'quoteText' | 'renderType'>,
): string {
  switch (expression.kind) {
    case 'text':
      return quoteText(expression.value);
    case 'number':
      return renderNumber(expression.value);
    case 'boolean':
      return String(expression.value);
    case 'null':
      return `CAST(NULL AS ${renderType(expression.type)})`;
    case 'date':
      return `CAST(${quoteText(expression.value)} AS DATE)`;
  }
}

export function renderNumber(value: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) throw new Error('A number of the agreement is not one.');
  return value.startsWith('-') ? `(${value})` : value;
}

/** No engine takes a NUL for what it is: SQL text ends there. */
export function refuseNul(value: string): string {
  if (value.includes('\0')) throw new Error('A name or text of the agreement holds a NUL character.');
  return value;
}
