import { isDate, readTimestamp } from '../periods/duration';
import type { ColumnType } from '../plan/plan';
import { calculatedDigits, type Digits, joinDigits, MOST_DIGITS } from './exact-digits';
import type { CompareOp, Expression } from './expression';
import { ExpressionProblem } from './tokenise-expression';

/** What a value of a check is; all numbers are alike. */
type ValueType = 'number' | 'text' | 'boolean' | 'date' | 'timestamp';

/** A part of a check, with its type and where it starts. */
export interface Operand {
  readonly expression: Expression;
  readonly type: ValueType;
  readonly offset: number;
  /** Of an exact number. */
  readonly digits?: Digits;
}

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  number: 'a number',
  text: 'text',
  boolean: 'true or false',
  date: 'a date',
  timestamp: 'a timestamp',
};

export function negate({ expression, offset }: Operand): Operand {
  return { expression: { kind: 'not', operand: expression }, type: 'boolean', offset };
}

export function compare(op: CompareOp, leftAsWritten: Operand, rightAsWritten: Operand): Operand {
  const [left, right] = alike(leftAsWritten, rightAsWritten);
  if (left.type === 'boolean' && op !== '=' && op !== '<>') {
    throw new ExpressionProblem(right.offset, 'true and false have no order', 'Use = or <>.');
  }
  meet(left.digits, right);
  return {
    expression: { kind: 'compare', op, left: left.expression, right: right.expression },
    type: 'boolean',
    offset: left.offset,
  };
}

export function calculate(op: '+' | '-' | '*', left: Operand, right: Operand): Operand {
  const [a, b] = [left, right].map(
    (operand) => demand(operand, 'number', `\`${op}\` calculates with numbers`).expression,
  );
  if (op !== '*') meet(left.digits, right);
  const digits = left.digits && right.digits && calculatedDigits(op, left.digits, right.digits);
  if (digits && digits.scale > MOST_DIGITS) throw tooLong(right, digits);
  const expression: Expression = { kind: 'arithmetic', op, left: a!, right: b! };
  return { expression, type: 'number', offset: left.offset, ...(digits && { digits }) };
}

/**
 * What holds both numbers, where they are exact. Engines write both out with the places of either before they compare them:
 * a value that is too long for that would end the run, and be named in the engine's message.
 * @throws ExpressionProblem where no engine can
 */
export function meet(left: Digits | undefined, right: Operand): Digits | undefined {
  if (!left || !right.digits) return undefined;
  const digits = joinDigits(left, right.digits);
  if (digits.whole + digits.scale > MOST_DIGITS) throw tooLong(right, digits);
  return digits;
}

function tooLong({ offset }: Operand, { whole, scale }: Digits): ExpressionProblem {
  return new ExpressionProblem(
    offset,
    `numbers meet here that need ${whole} digits before the point and ${scale} behind it, ${MOST_DIGITS} being the most`,
    'Write the fixed number with fewer places, or declare the column with fewer digits.',
  );
}

/** Both operands as one type: a text beside a date or timestamp is read as one, a fixed date beside a timestamp too. */
export function alike(left: Operand, right: Operand): [Operand, Operand] {
  if (left.type === right.type) return [left, right];
  if (left.type === 'date' || left.type === 'timestamp') {
    if (right.expression.kind === 'text' || (left.type === 'timestamp' && right.expression.kind === 'date'))
      return [left, toMoment(right, left.type)];
  }
  if (right.type === 'date' || right.type === 'timestamp') {
    if (left.expression.kind === 'text' || (right.type === 'timestamp' && left.expression.kind === 'date'))
      return [toMoment(left, right.type), right];
  }
  throw new ExpressionProblem(
    right.offset,
    `${TYPE_NAMES[left.type]} is compared with ${TYPE_NAMES[right.type]}`,
    "Compare like with like: 12 for a number, 'text' for text, true or false, '2026-01-31' for a date.",
  );
}

export function toMoment({ expression, offset }: Operand, type: 'date' | 'timestamp'): Operand {
  const written = expression.kind === 'text' || expression.kind === 'date' ? expression.value : '';
  if (type === 'date' && isDate(written)) return { expression: { kind: 'date', value: written }, type, offset };
  const value = readTimestamp(written);
  if (value === undefined) {
    throw new ExpressionProblem(
      offset,
      `'${written}' is not a day of the calendar`,
      "Write '2026-01-31', or '2026-01-31 23:59:00' (UTC) for a timestamp.",
    );
  }
  if (type === 'timestamp') return { expression: { kind: 'timestamp', value }, type, offset };
  throw new ExpressionProblem(
    offset,
    `'${written}' is a timestamp, not a date`,
    "Write a day alone, e.g. '2026-01-31'.",
  );
}

export function demand(operand: Operand, type: ValueType, why: string): Operand {
  if (operand.type === type) return operand;
  throw new ExpressionProblem(
    operand.offset,
    `${why}, and this is ${TYPE_NAMES[operand.type]}`,
    `Put ${type === 'boolean' ? 'a condition such as minutes >= 0' : TYPE_NAMES[type]} here.`,
  );
}

export function valueTypeOf(type: ColumnType): ValueType {
  switch (type.kind) {
    case 'integer':
    case 'double':
    case 'decimal':
      return 'number';
    case 'string':
      return 'text';
    case 'boolean':
    case 'date':
    case 'timestamp':
      return type.kind;
  }
}

export function isLiteral({ kind }: Expression): boolean {
  return kind === 'text' || kind === 'number' || kind === 'boolean' || kind === 'date' || kind === 'timestamp';
}
