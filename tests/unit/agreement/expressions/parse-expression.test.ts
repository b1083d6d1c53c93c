import fc from 'fast-check';
import type { Expression } from '../../../../lib/domain/agreement/expressions/expression';
import { parseExpression } from '../../../../lib/domain/agreement/expressions/parse-expression';
import type { ColumnType } from '../../../../lib/domain/agreement/plan/plan';
import { printExpression } from '../print-expression';

const COLUMNS: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ['minutes', { kind: 'integer' }],
  ['price', { kind: 'decimal', precision: 10, scale: 2 }],
  ['weight', { kind: 'double' }],
  ['plan', { kind: 'string' }],
  ['first name', { kind: 'string' }],
  ['say "hi"', { kind: 'string' }],
  ['größe', { kind: 'integer' }],
  ['paid', { kind: 'boolean' }],
  ['date', { kind: 'date' }],
  ['length', { kind: 'integer' }],
  ['missing', { kind: 'integer' }],
  ['null', { kind: 'integer' }],
  ['long', { kind: 'decimal', precision: 38, scale: 0 }],
  ['fine', { kind: 'decimal', precision: 38, scale: 38 }],
  ['wide', { kind: 'decimal', precision: 38, scale: 10 }],
  ['and', { kind: 'integer' }],
  ['at', { kind: 'timestamp' }],
]);

function read(text: string): Expression {
  const reading = parseExpression(text, COLUMNS);
  if (reading.kind === 'refused') throw new Error(`${reading.offset}: ${reading.problem}`);
  return reading.condition;
}

const column = (name: string): Expression => ({ kind: 'column', name });
const number = (value: string): Expression => ({ kind: 'number', value });
const text = (value: string): Expression => ({ kind: 'text', value });
const compare = (
  left: Expression,
  op: Extract<Expression, { kind: 'compare' }>['op'],
  right: Expression,
): Expression => ({
  kind: 'compare',
  op,
  left,
  right,
});

test.each<[string, Expression]>([
  ['minutes >= 0', compare(column('minutes'), '>=', number('0'))],
  ['minutes == 0', compare(column('minutes'), '=', number('0'))],
  ['minutes != 0', compare(column('minutes'), '<>', number('0'))],
  ['0.10 < weight', compare(number('0.10'), '<', column('weight'))],
  ['price > minutes', compare(column('price'), '>', column('minutes'))],
  ["plan = 'it''s'", compare(column('plan'), '=', text("it's"))],
  ['"first name" <> plan', compare(column('first name'), '<>', column('plan'))],
  ['"say ""hi""" = \'\'', compare(column('say "hi"'), '=', text(''))],
  ['größe < 3', compare(column('größe'), '<', number('3'))],
  ['minutes > -5', compare(column('minutes'), '>', number('-5'))],
  ['paid', column('paid')],
  ['not paid', { kind: 'not', operand: column('paid') }],
  ['paid = TRUE', compare(column('paid'), '=', { kind: 'boolean', value: true })],
  ["date >= '2026-01-31'", compare(column('date'), '>=', { kind: 'date', value: '2026-01-31' })],
  ["DATE '2026-01-31' <= date", compare({ kind: 'date', value: '2026-01-31' }, '<=', column('date'))],
  ["at < '2026-01-31 10:00'", compare(column('at'), '<', { kind: 'timestamp', value: '2026-01-31 10:00:00' })],
  ["at < date '2026-01-31'", compare(column('at'), '<', { kind: 'timestamp', value: '2026-01-31 00:00:00' })],
  [
    "at in ('2026-01-31')",
    { kind: 'in', operand: column('at'), values: [{ kind: 'timestamp', value: '2026-01-31 00:00:00' }] },
  ],
  ["plan in ('S', 'M')", { kind: 'in', operand: column('plan'), values: [text('S'), text('M')] }],
  ['minutes not in (-1)', { kind: 'not', operand: { kind: 'in', operand: column('minutes'), values: [number('-1')] } }],
  [
    'minutes between 1 and 5 and paid',
    {
      kind: 'and',
      operands: [
        {
          kind: 'and',
          operands: [compare(column('minutes'), '>=', number('1')), compare(column('minutes'), '<=', number('5'))],
        },
        column('paid'),
      ],
    },
  ],
  [
    'minutes not between 1 and 5',
    {
      kind: 'not',
      operand: {
        kind: 'and',
        operands: [compare(column('minutes'), '>=', number('1')), compare(column('minutes'), '<=', number('5'))],
      },
    },
  ],
  ['plan is missing', { kind: 'is-missing', operand: column('plan') }],
  ['plan IS NULL', { kind: 'is-missing', operand: column('plan') }],
  ['plan is not missing', { kind: 'not', operand: { kind: 'is-missing', operand: column('plan') } }],
  ['missing is missing', { kind: 'is-missing', operand: column('missing') }],
  ['null = 1', compare(column('null'), '=', number('1'))],
  ['"and" > 1', compare(column('and'), '>', number('1'))],
  ['length(plan) = length', compare({ kind: 'length', operand: column('plan') }, '=', column('length'))],
  [
    'paid or paid and not paid',
    {
      kind: 'or',
      operands: [column('paid'), { kind: 'and', operands: [column('paid'), { kind: 'not', operand: column('paid') }] }],
    },
  ],
  [
    'minutes - 2 - 3 * price < 0',
    compare(
      {
        kind: 'arithmetic',
        op: '-',
        left: { kind: 'arithmetic', op: '-', left: column('minutes'), right: number('2') },
        right: { kind: 'arithmetic', op: '*', left: number('3'), right: column('price') },
      },
      '<',
      number('0'),
    ),
  ],
  [
    '-(minutes) < 0',
    compare({ kind: 'arithmetic', op: '-', left: number('0'), right: column('minutes') }, '<', number('0')),
  ],
  ['((minutes))>1', compare(column('minutes'), '>', number('1'))],
])('%s', (written, expected) => {
  expect(read(written)).toEqual(expected);
});

const meetsIn = (whole: number, scale: number) =>
  `numbers meet here that need ${whole} digits before the point and ${scale} behind it, 38 being the most`;

test.each([
  'long < 1',
  'fine < 0.5',
  'fine >= 0',
  'wide < 12345678901234567890.5',
  'wide < minutes',
  'long = minutes * minutes',
  'minutes * minutes * minutes < 0.5',
  'length(plan) * price < 0.00001',
  'weight < 0.12345678901234567890',
  'long < weight + 0.5',
  'price * price * price * price > 0',
])('%s can be calculated by every engine', (written) => {
  expect(parseExpression(written, COLUMNS).kind).toBe('condition');
});

test.each<[string, number, string]>([
  ['minutes > > 1', 10, 'a value is missing before `>`'],
  ['minutes >', 9, 'a value is missing before the end'],
  ['minutes > 1 or', 14, 'a value is missing before the end'],
  ['minutes = paid', 10, 'a number is compared with true or false'],
  ["date = '2026-02-29'", 7, "'2026-02-29' is not a day of the calendar"],
  ['date = plan', 7, 'a date is compared with text'],
  ["plan in ('a'", 12, '`)` is missing before the end'],
  ["plan in 'a'", 8, '`(` is missing before `a`'],
  ['plan in ()', 9, 'a value is missing before `)`'],
  ['date + 1 > date', 0, '`+` calculates with numbers, and this is a date'],
  ['minutes between 1', 17, '`between` has no second bound'],
  ['minutes > 1;', 11, '`;` is not known here'],
  ['Minutes > 1', 0, 'there is no column `Minutes`'],
  ['minutes > 0x10', 10, 'a number runs into a name'],
  ['minutes > 1.2.3', 10, 'a number runs into a name'],
  ['minutes > 1e9', 10, 'a number runs into a name'],
  [`minutes > ${'9'.repeat(39)}`, 10, 'a number is longer than 38 digits'],
  ['toString = 1', 0, 'there is no column `toString`'],
  ['not', 3, 'a value is missing before the end'],
  ['1 in (1, 2) and paid', 0, 'a fixed value is looked for in fixed values'],
  ['paid and minutes', 9, '`and` joins conditions, and this is a number'],
  ['long < 0.5', 7, meetsIn(38, 1)],
  ['0.0 = long', 6, meetsIn(38, 1)],
  ['minutes < 0.12345678901234567890', 10, meetsIn(19, 20)],
  ['long between 1 and 2.5', 19, meetsIn(38, 1)],
  ['long in (1, 2, 0.5)', 15, meetsIn(38, 1)],
  ['wide in (1, 0.12345678901)', 12, meetsIn(28, 11)],
  ['fine < 1', 7, meetsIn(1, 38)],
  ['long - long * 0.5 > 0', 7, meetsIn(38, 1)],
  ['wide * wide < minutes', 14, meetsIn(19, 20)],
  ['fine * 0.5 < weight', 7, meetsIn(0, 39)],
  ['long + 1 < -0.5', 11, meetsIn(38, 1)],
])('%s is refused at %i: %s', (written, offset, problem) => {
  expect(parseExpression(written, COLUMNS)).toMatchObject({ kind: 'refused', offset, problem });
});

test.each([
  ['parentheses', `${'('.repeat(60)}paid${')'.repeat(60)}`],
  ['negations', `${'not '.repeat(60)}paid`],
  ['signs', `minutes > ${'-'.repeat(60)}1`],
  ['lengths', `${'length('.repeat(60)}plan${')'.repeat(60)} > 1`],
])('%s nested too deep are refused', (_, written) => {
  expect(parseExpression(written, COLUMNS)).toMatchObject({
    kind: 'refused',
    problem: expect.stringContaining('50 levels'),
  });
});

test('a check of 2000 characters is read, a longer one is not', () => {
  const long = `paid${' or paid'.repeat(249)}`;
  expect(parseExpression(long.padEnd(2000), COLUMNS).kind).toBe('condition');
  expect(parseExpression(long.padEnd(2001), COLUMNS)).toMatchObject({ kind: 'refused', offset: 0 });
});

describe('whatever the check', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,9})(\.\d{1,6})?$/);
  const day = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const named = (...names: string[]) => fc.constantFrom(...names).map(column);
  const { condition } = fc.letrec<Record<'number' | 'text' | 'condition', Expression>>((tie) => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      named('minutes', 'price', 'größe'),
      digits.map(number),
      fc.record({
        kind: fc.constant('arithmetic' as const),
        op: fc.constantFrom('+' as const, '-' as const, '*' as const),
        left: tie('number'),
        right: tie('number'),
      }),
      fc.record({ kind: fc.constant('length' as const), operand: tie('text') }),
    ),
    text: fc.oneof(named('plan', 'say "hi"'), fc.string({ unit: 'grapheme', maxLength: 8 }).map(text)),
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      named('paid'),
      fc
        .tuple(
          fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
          fc.oneof(
            fc.tuple(tie('number'), tie('number')),
            fc.tuple(tie('text'), tie('text')),
            fc.tuple(
              named('date'),
              day.map((value): Expression => ({ kind: 'date', value })),
            ),
            fc.tuple(
              named('at'),
              day.map((value): Expression => ({ kind: 'timestamp', value: `${value} 12:30:00.5` })),
            ),
          ),
        )
        .map(([op, [left, right]]) => compare(left, op as '=', right)),
      fc.record({ kind: fc.constant('not' as const), operand: tie('condition') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        operands: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('in' as const),
        operand: named('minutes', 'price'),
        values: fc.array(digits.map(number), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('is-missing' as const), operand: fc.oneof(tie('number'), tie('text')) }),
    ),
  }));

  test('what is printed is read as the same', () => {
    fc.assert(
      fc.property(condition, (expression) => {
        const printed = printExpression({ kind: 'and', operands: [expression, column('paid')] });
        fc.pre(printed.length <= 2000);
        expect(read(printed)).toEqual({ kind: 'and', operands: [expression, column('paid')] });
      }),
      { numRuns: 500 },
    );
  });

  test('any text is read or refused inside it', () => {
    const words = fc.constantFrom(
      'paid',
      'minutes',
      'plan',
      'and',
      'or',
      'not',
      'in',
      '(',
      ')',
      '=',
      '<',
      '-',
      '1',
      "'x'",
      'is',
      'missing',
      'between',
      'date',
      ',',
      '*',
      'length',
      'true',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((list) => list.join(' ')),
        ),
        (written) => {
          const reading = parseExpression(written, COLUMNS);
          if (reading.kind === 'condition') return;
          expect(reading.offset).toBeGreaterThanOrEqual(0);
          expect(reading.offset).toBeLessThanOrEqual(written.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
