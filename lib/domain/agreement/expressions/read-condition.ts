import { didYouMean } from '../checks/suggest-name';
import type { ColumnType } from '../plan/plan';
import { digitsOfNumber, digitsOfType, INTEGER_DIGITS } from './exact-digits';
import type { CompareOp, Expression } from './expression';
import {
  alike,
  calculate,
  compare,
  demand,
  isLiteral,
  meet,
  negate,
  type Operand,
  toMoment,
  valueTypeOf,
} from './operand';
import { TokenCursor } from './token-cursor';
import { ExpressionProblem, type Token } from './tokenise-expression';

const COMPARE: Readonly<Record<string, CompareOp>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const RESERVED = new Set(['and', 'or', 'not', 'in', 'between', 'is', 'like', 'true', 'false']);
const IN_REMEDY = "Write a list in parentheses, e.g. plan in ('S', 'M').";

/**
 * Reads the tokens of a check as a condition, by recursive descent: what binds least is read first.
 * @throws ExpressionProblem
 */
export function readCondition(tokens: readonly Token[], columns: ReadonlyMap<string, ColumnType>): Expression {
  return new ConditionReader(new TokenCursor(tokens), columns).readAll();
}

class ConditionReader {
  #columnsNamed = 0;

  constructor(
    private readonly cursor: TokenCursor,
    private readonly columns: ReadonlyMap<string, ColumnType>,
  ) {}

  readAll(): Expression {
    if (this.cursor.peek().kind === 'end')
      throw new ExpressionProblem(0, 'the check is empty', 'Write a condition, e.g. minutes >= 0.');
    const condition = this.#readJunction('or');
    if (this.cursor.peek().kind !== 'end')
      throw this.cursor.refuse(`${this.cursor.nameNext()} is not expected here`, 'Join conditions with `and` or `or`.');
    if (this.#columnsNamed === 0)
      throw new ExpressionProblem(0, 'the check names no column', 'Write a condition on a column, e.g. minutes >= 0.');
    return demand(condition, 'boolean', 'a check says yes or no').expression;
  }

  #readJunction(kind: 'or' | 'and'): Operand {
    const readPart = () => (kind === 'or' ? this.#readJunction('and') : this.#readNegation());
    const first = readPart();
    if (!this.cursor.isWord(kind)) return first;
    const operands = [demand(first, 'boolean', `\`${kind}\` joins conditions`).expression];
    while (this.cursor.takeWord(kind))
      operands.push(demand(readPart(), 'boolean', `\`${kind}\` joins conditions`).expression);
    return { expression: { kind, operands }, type: 'boolean', offset: first.offset };
  }

  #readNegation(): Operand {
    const { offset } = this.cursor.peek();
    if (!this.cursor.takeWord('not')) return this.#readPredicate();
    const operand = this.cursor.nest(() => this.#readNegation());
    return negate({ ...demand(operand, 'boolean', '`not` turns a condition round'), offset });
  }

  #readPredicate(): Operand {
    const left = this.#readSum();
    const isNegated =
      this.cursor.isWord('not') && ['in', 'between', 'like'].some((word) => this.cursor.isWord(word, 1));
    if (isNegated) this.cursor.take();
    const predicate = this.#readTail(left);
    return isNegated ? negate(predicate) : predicate;
  }

  #readTail(left: Operand): Operand {
    const op = this.#peekComparison();
    if (op !== undefined) return this.#readComparison(op, left);
    if (this.cursor.takeWord('in')) return this.#readIn(left);
    if (this.cursor.takeWord('between')) return this.#readBetween(left);
    if (this.cursor.takeWord('is')) return this.#readIs(left);
    if (this.cursor.isWord('like')) throw this.cursor.refuse('there is no `like`', 'Use `in (…)`, `=` or `length(…)`.');
    return left;
  }

  #peekComparison(): CompareOp | undefined {
    const { kind, value } = this.cursor.peek();
    return kind === 'symbol' && Object.hasOwn(COMPARE, value) ? COMPARE[value] : undefined;
  }

  #readComparison(op: CompareOp, left: Operand): Operand {
    this.cursor.take();
    const comparison = compare(op, left, this.#readSum());
    if (this.#peekComparison() !== undefined)
      throw this.cursor.refuse('comparisons do not chain', 'Write `a < b and b < c`, or `b between a and c`.');
    return comparison;
  }

  #readBetween(left: Operand): Operand {
    const low = compare('>=', left, this.#readSum());
    if (!this.cursor.takeWord('and'))
      throw this.cursor.refuse('`between` has no second bound', 'Write `x between 1 and 10`.');
    const high = compare('<=', left, this.#readSum());
    return {
      expression: { kind: 'and', operands: [low.expression, high.expression] },
      type: 'boolean',
      offset: left.offset,
    };
  }

  #readIs({ expression, offset }: Operand): Operand {
    const isNegated = this.cursor.takeWord('not');
    if (!this.cursor.takeWord('missing') && !this.cursor.takeWord('null')) {
      throw this.cursor.refuse(
        '`is` is followed by `missing` or `not missing`',
        'Write `x is missing`; compare values with `=`.',
      );
    }
    const missing: Operand = { expression: { kind: 'is-missing', operand: expression }, type: 'boolean', offset };
    return isNegated ? negate(missing) : missing;
  }

  #readIn(left: Operand): Operand {
    this.cursor.expectSymbol('(', IN_REMEDY);
    if (isLiteral(left.expression)) {
      throw new ExpressionProblem(
        left.offset,
        'a fixed value is looked for in fixed values',
        'Put a column before `in`.',
      );
    }
    const values: Expression[] = [];
    let { digits } = left;
    do {
      const value = this.#readFactor();
      if (!isLiteral(value.expression))
        throw new ExpressionProblem(
          value.offset,
          'a list holds only fixed values',
          "Write e.g. plan in ('S', 'M'); compare columns with `=`.",
        );
      digits = meet(digits, value);
      values.push(alike(left, value)[1].expression);
    } while (this.cursor.takeSymbol(','));
    this.cursor.expectSymbol(')', IN_REMEDY);
    return { expression: { kind: 'in', operand: left.expression, values }, type: 'boolean', offset: left.offset };
  }

  #readSum(): Operand {
    let left = this.#readProduct();
    while (this.cursor.isSymbol('+') || this.cursor.isSymbol('-')) {
      const op = this.cursor.take().value === '+' ? '+' : '-';
      left = calculate(op, left, this.#readProduct());
    }
    return left;
  }

  #readProduct(): Operand {
    let left = this.#readFactor();
    while (this.cursor.takeSymbol('*')) left = calculate('*', left, this.#readFactor());
    return left;
  }

  #readFactor(): Operand {
    const { offset } = this.cursor.peek();
    if (!this.cursor.takeSymbol('-')) return this.#readPrimary();
    const operand = this.cursor.nest(() => this.#readFactor());
    const { expression, type } = operand;
    if (type === 'number' && expression.kind === 'number' && !expression.value.startsWith('-'))
      return { ...operand, expression: { kind: 'number', value: `-${expression.value}` }, offset };
    return { ...calculate('-', fixedNumber('0', offset), operand), offset };
  }

  #readPrimary(): Operand {
    const name = this.cursor.nameNext();
    const { kind, value, offset } = this.cursor.take();
    switch (kind) {
      case 'number':
        return fixedNumber(value, offset);
      case 'text':
        return { expression: { kind, value }, type: kind, offset };
      case 'column':
        return this.#readColumn(value, offset);
      case 'word':
        return this.#readWord(value, offset);
      case 'symbol':
        if (value !== '(') break;
        return { ...this.#readParentheses(), offset };
      case 'end':
        break;
    }
    throw new ExpressionProblem(
      offset,
      `a value is missing before ${name}`,
      "Write a column, a number, a 'text' or a condition in parentheses.",
    );
  }

  #readParentheses(): Operand {
    const inner = this.cursor.nest(() => this.#readJunction('or'));
    this.cursor.expectSymbol(')', 'Close what `(` opened.');
    return inner;
  }

  #readWord(word: string, offset: number): Operand {
    const lower = word.toLowerCase();
    if (lower === 'true' || lower === 'false')
      return { expression: { kind: 'boolean', value: lower === 'true' }, type: 'boolean', offset };
    if ((lower === 'date' || lower === 'timestamp') && this.cursor.peek().kind === 'text') {
      const { value, offset: from } = this.cursor.take();
      return { ...toMoment({ expression: { kind: 'text', value }, type: 'text', offset: from }, lower), offset };
    }
    if (lower === 'length' && this.cursor.takeSymbol('(')) return this.#readLength(offset);
    if (RESERVED.has(lower)) {
      throw new ExpressionProblem(
        offset,
        `a value is missing before \`${word}\``,
        `Put "${word}" in double quotes if a column is called so.`,
      );
    }
    if (lower === 'null' && !this.columns.has(word))
      throw new ExpressionProblem(offset, '`null` is no value', 'Write `x is missing` or `x is not missing`.');
    if (this.cursor.isSymbol('(') && !this.columns.has(word))
      throw new ExpressionProblem(offset, `there is no function \`${word}\``, 'The only function is length(…).');
    return this.#readColumn(word, offset);
  }

  #readLength(offset: number): Operand {
    const operand = this.cursor.nest(() => this.#readSum());
    const { expression } = demand(operand, 'text', '`length` counts the characters of text');
    this.cursor.expectSymbol(')', 'Write length(name).');
    const length: Expression = { kind: 'length', operand: expression };
    return { expression: length, type: 'number', offset, digits: INTEGER_DIGITS };
  }

  #readColumn(name: string, offset: number): Operand {
    const type = this.columns.get(name);
    if (type === undefined) {
      throw new ExpressionProblem(
        offset,
        `there is no column \`${name}\``,
        `${didYouMean(name, this.columns.keys())}Columns: ${listNames(this.columns.keys())}. Texts stand in single quotes.`,
      );
    }
    this.#columnsNamed += 1;
    const digits = digitsOfType(type);
    return { expression: { kind: 'column', name }, type: valueTypeOf(type), offset, ...(digits && { digits }) };
  }
}

function fixedNumber(value: string, offset: number): Operand {
  return { expression: { kind: 'number', value }, type: 'number', offset, digits: digitsOfNumber(value) };
}

function listNames(names: Iterable<string>): string {
  const all = [...names];
  return all.length > 12 ? `${all.slice(0, 12).join(', ')}, …` : all.join(', ');
}
