import type { CompareOp, Expression } from './expression';
import { alike, calculate, compare, demand, isLiteral, negate, type Operand, toMoment, valueTypeOf } from './operand';
import type { ColumnType } from './plan';
import { didYouMean } from './suggest-name';
import { ExpressionProblem, type Token, tokeniseExpression } from './tokenise-expression';

type ExpressionReading =
  | { readonly kind: 'condition'; readonly condition: Expression }
  /** `offset`: characters from the start of the text. */
  | { readonly kind: 'refused'; readonly offset: number; readonly problem: string; readonly remedy: string };

const MAX_CHARACTERS = 2000;
const MAX_DEPTH = 50;
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

/** Reads a check such as `minutes >= 0 and plan in ('S', 'M')` against the columns of its dataset. Never throws. */
export function parseExpression(text: string, columns: ReadonlyMap<string, ColumnType>): ExpressionReading {
  if (text.length > MAX_CHARACTERS) {
    return {
      kind: 'refused',
      offset: 0,
      problem: `the check is longer than ${MAX_CHARACTERS} characters`,
      remedy: 'Split it into a list of checks.',
    };
  }
  try {
    return { kind: 'condition', condition: readCondition(tokeniseExpression(text), columns) };
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    return { kind: 'refused', offset: error.offset, problem: error.message, remedy: error.remedy };
  }
}

function readCondition(tokens: readonly Token[], columns: ReadonlyMap<string, ColumnType>): Expression {
  let next = 0;
  let depth = 0;
  let columnsNamed = 0;

  const peek = (ahead = 0): Token => tokens[Math.min(next + ahead, tokens.length - 1)]!;
  const isWord = (word: string, ahead = 0) => peek(ahead).kind === 'word' && peek(ahead).value.toLowerCase() === word;
  const isSymbol = (symbol: string, ahead = 0) => peek(ahead).kind === 'symbol' && peek(ahead).value === symbol;
  const takeIf = (found: boolean): boolean => {
    if (found) next += 1;
    return found;
  };
  const expectSymbol = (symbol: string, remedy: string) => {
    if (!takeIf(isSymbol(symbol)))
      throw new ExpressionProblem(peek().offset, `\`${symbol}\` is missing before ${nameToken(peek())}`, remedy);
  };
  const nest = <T>(read: () => T): T => {
    depth += 1;
    if (depth > MAX_DEPTH)
      throw new ExpressionProblem(
        peek().offset,
        `the check nests more than ${MAX_DEPTH} levels deep`,
        'Split it into a list of checks.',
      );
    const result = read();
    depth -= 1;
    return result;
  };

  function readJunction(kind: 'or' | 'and'): Operand {
    const readPart = () => (kind === 'or' ? readJunction('and') : readNegation());
    const first = readPart();
    if (!isWord(kind)) return first;
    const operands = [demand(first, 'boolean', `\`${kind}\` joins conditions`).expression];
    while (takeIf(isWord(kind)))
      operands.push(demand(readPart(), 'boolean', `\`${kind}\` joins conditions`).expression);
    return { expression: { kind, operands }, type: 'boolean', offset: first.offset };
  }

  function readNegation(): Operand {
    const { offset } = peek();
    if (!takeIf(isWord('not'))) return readPredicate();
    const operand = nest(readNegation);
    return negate({ ...demand(operand, 'boolean', '`not` turns a condition round'), offset });
  }

  function readPredicate(): Operand {
    const left = readSum();
    const isNegated = isWord('not') && (isWord('in', 1) || isWord('between', 1) || isWord('like', 1));
    if (isNegated) next += 1;
    const predicate = readTail(left);
    return isNegated ? negate(predicate) : predicate;
  }

  function readTail(left: Operand): Operand {
    const op = peek().kind === 'symbol' && Object.hasOwn(COMPARE, peek().value) ? COMPARE[peek().value] : undefined;
    if (op !== undefined) {
      next += 1;
      const comparison = compare(op, left, readSum());
      if (peek().kind === 'symbol' && Object.hasOwn(COMPARE, peek().value)) {
        throw new ExpressionProblem(
          peek().offset,
          'comparisons do not chain',
          'Write `a < b and b < c`, or `b between a and c`.',
        );
      }
      return comparison;
    }
    if (takeIf(isWord('in'))) return readIn(left);
    if (takeIf(isWord('between'))) {
      const low = compare('>=', left, readSum());
      if (!takeIf(isWord('and')))
        throw new ExpressionProblem(peek().offset, '`between` has no second bound', 'Write `x between 1 and 10`.');
      const high = compare('<=', left, readSum());
      return {
        expression: { kind: 'and', operands: [low.expression, high.expression] },
        type: 'boolean',
        offset: left.offset,
      };
    }
    if (takeIf(isWord('is'))) {
      const isNegated = takeIf(isWord('not'));
      if (!takeIf(isWord('missing') || isWord('null'))) {
        throw new ExpressionProblem(
          peek().offset,
          '`is` is followed by `missing` or `not missing`',
          'Write `x is missing`; compare values with `=`.',
        );
      }
      const missing: Operand = {
        expression: { kind: 'is-missing', operand: left.expression },
        type: 'boolean',
        offset: left.offset,
      };
      return isNegated ? negate(missing) : missing;
    }
    if (isWord('like'))
      throw new ExpressionProblem(peek().offset, 'there is no `like`', 'Use `in (…)`, `=` or `length(…)`.');
    return left;
  }

  function readIn(left: Operand): Operand {
    const remedy = "Write a list in parentheses, e.g. plan in ('S', 'M').";
    expectSymbol('(', remedy);
    if (isLiteral(left.expression)) {
      throw new ExpressionProblem(
        left.offset,
        'a fixed value is looked for in fixed values',
        'Put a column before `in`.',
      );
    }
    const values: Expression[] = [];
    do {
      const value = readFactor();
      if (!isLiteral(value.expression))
        throw new ExpressionProblem(
          value.offset,
          'a list holds only fixed values',
          "Write e.g. plan in ('S', 'M'); compare columns with `=`.",
        );
      values.push(alike(left, value)[1].expression);
    } while (takeIf(isSymbol(',')));
    expectSymbol(')', remedy);
    return { expression: { kind: 'in', operand: left.expression, values }, type: 'boolean', offset: left.offset };
  }

  function readSum(): Operand {
    let left = readProduct();
    while (isSymbol('+') || isSymbol('-')) {
      const op = takeIf(isSymbol('+')) ? '+' : '-';
      if (op === '-') next += 1;
      left = calculate(op, left, readProduct());
    }
    return left;
  }

  function readProduct(): Operand {
    let left = readFactor();
    while (takeIf(isSymbol('*'))) left = calculate('*', left, readFactor());
    return left;
  }

  function readFactor(): Operand {
    const { offset } = peek();
    if (!takeIf(isSymbol('-'))) return readPrimary();
    const { expression, type, offset: inner } = nest(readFactor);
    if (type === 'number' && expression.kind === 'number' && !expression.value.startsWith('-')) {
      return { expression: { kind: 'number', value: `-${expression.value}` }, type, offset };
    }
    return {
      ...calculate(
        '-',
        { expression: { kind: 'number', value: '0' }, type: 'number', offset },
        { expression, type, offset: inner },
      ),
      offset,
    };
  }

  function readPrimary(): Operand {
    const token = peek();
    next += 1;
    const { offset } = token;
    switch (token.kind) {
      case 'number':
        return { expression: { kind: 'number', value: token.value }, type: 'number', offset };
      case 'text':
        return { expression: { kind: 'text', value: token.value }, type: 'text', offset };
      case 'column':
        return readColumn(token.value, offset);
      case 'word':
        return readWord(token.value, offset);
      case 'symbol':
        if (token.value === '(') {
          const inner = nest(() => readJunction('or'));
          expectSymbol(')', 'Close what `(` opened.');
          return { ...inner, offset };
        }
        break;
      case 'end':
        break;
    }
    throw new ExpressionProblem(
      offset,
      `a value is missing before ${nameToken(token)}`,
      "Write a column, a number, a 'text' or a condition in parentheses.",
    );
  }

  function readWord(word: string, offset: number): Operand {
    const lower = word.toLowerCase();
    if (lower === 'true' || lower === 'false')
      return { expression: { kind: 'boolean', value: lower === 'true' }, type: 'boolean', offset };
    if ((lower === 'date' || lower === 'timestamp') && peek().kind === 'text') {
      const literal: Operand = {
        expression: { kind: 'text', value: peek().value },
        type: 'text',
        offset: peek().offset,
      };
      next += 1;
      return { ...toMoment(literal, lower), offset };
    }
    if (lower === 'length' && takeIf(isSymbol('('))) {
      const operand = demand(nest(readSum), 'text', '`length` counts the characters of text');
      expectSymbol(')', 'Write length(name).');
      return { expression: { kind: 'length', operand: operand.expression }, type: 'number', offset };
    }
    if (RESERVED.has(lower)) {
      throw new ExpressionProblem(
        offset,
        `a value is missing before \`${word}\``,
        `Put "${word}" in double quotes if a column is called so.`,
      );
    }
    if (lower === 'null' && !columns.has(word))
      throw new ExpressionProblem(offset, '`null` is no value', 'Write `x is missing` or `x is not missing`.');
    if (isSymbol('(') && !columns.has(word))
      throw new ExpressionProblem(offset, `there is no function \`${word}\``, 'The only function is length(…).');
    return readColumn(word, offset);
  }

  function readColumn(name: string, offset: number): Operand {
    const type = columns.get(name);
    if (type === undefined) {
      throw new ExpressionProblem(
        offset,
        `there is no column \`${name}\``,
        `${didYouMean(name, columns.keys())}Columns: ${listNames(columns.keys())}. Texts stand in single quotes.`,
      );
    }
    columnsNamed += 1;
    return { expression: { kind: 'column', name }, type: valueTypeOf(type), offset };
  }

  if (peek().kind === 'end')
    throw new ExpressionProblem(0, 'the check is empty', 'Write a condition, e.g. minutes >= 0.');
  const condition = readJunction('or');
  const rest = peek();
  if (rest.kind !== 'end')
    throw new ExpressionProblem(
      rest.offset,
      `${nameToken(rest)} is not expected here`,
      'Join conditions with `and` or `or`.',
    );
  if (columnsNamed === 0)
    throw new ExpressionProblem(0, 'the check names no column', 'Write a condition on a column, e.g. minutes >= 0.');
  return demand(condition, 'boolean', 'a check says yes or no').expression;
}

const nameToken = (token: Token) => (token.kind === 'end' ? 'the end' : `\`${token.value}\``);

function listNames(names: Iterable<string>): string {
  const all = [...names];
  return all.length > 12 ? `${all.slice(0, 12).join(', ')}, …` : all.join(', ');
}
