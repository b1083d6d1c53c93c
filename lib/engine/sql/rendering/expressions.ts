import type { SqlExpression } from './sql-expression';
import type { NamedExpression, Relation } from './sql-query';

/** Short forms, so that a query reads like one. */

export function column(name: string): SqlExpression {
  return { kind: 'column', name };
}

export function columnOf(relation: string, name: string): SqlExpression {
  return { kind: 'column-of', relation, name };
}

export function text(value: string): SqlExpression {
  return { kind: 'text', value };
}

export function number(value: number): SqlExpression {
  return { kind: 'number', value: String(value) };
}

export function table(name: string, as = name): Relation {
  return { kind: 'table', name, as };
}

export function named(name: string, expression: SqlExpression): NamedExpression {
  return { name, expression };
}

export function same(left: SqlExpression, right: SqlExpression): SqlExpression {
  return { kind: 'same', left, right };
}

export function equals(left: SqlExpression, right: SqlExpression): SqlExpression {
  return { kind: 'compare', op: '=', left, right };
}

export function isMissing(operand: SqlExpression): SqlExpression {
  return { kind: 'is-missing', operand };
}

export function isPresent(operand: SqlExpression): SqlExpression {
  return { kind: 'not', operand: isMissing(operand) };
}

export function all(operands: readonly SqlExpression[]): SqlExpression {
  return operands.length === 1 ? operands[0]! : { kind: 'and', operands };
}

export function any(operands: readonly SqlExpression[]): SqlExpression {
  return operands.length === 1 ? operands[0]! : { kind: 'or', operands };
}

export function when(condition: SqlExpression, result: SqlExpression, otherwise?: SqlExpression): SqlExpression {
  return { kind: 'choose', branches: [{ when: condition, result }], ...(otherwise && { otherwise }) };
}

export function code(operand: SqlExpression): SqlExpression {
  return { kind: 'code', operand };
}

export function canonicalText(operand: SqlExpression): SqlExpression {
  return { kind: 'canonical-text', operand };
}

export const COUNT_ROWS: SqlExpression = { kind: 'count-rows' };
