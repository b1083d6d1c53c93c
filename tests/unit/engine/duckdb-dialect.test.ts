import { createHash, createHmac } from 'node:crypto';
import { padKey } from '../../../lib/engine/sql/key-pads';
import { renameColumns } from '../../../lib/engine/sql/rename-columns';
import { duckDbDialect } from '../../../lib/engine/sql/rendering/duckdb-dialect';
import {
  all,
  any,
  COUNT_ROWS,
  column,
  columnOf,
  equals,
  named,
  table,
  text,
  when,
} from '../../../lib/engine/sql/rendering/expressions';
import type { SqlExpression } from '../../../lib/engine/sql/rendering/sql-expression';

const { quoteIdentifier, quoteText, renderQuery } = duckDbDialect;

const render = (expression: SqlExpression) =>
  renderQuery({ columns: [named('x', expression)], from: table('t') })
    .replace('SELECT ', '')
    .replace(' AS "x"\nFROM "t" AS "t"', '');

test('names and texts stay what they are', () => {
  expect(quoteIdentifier('a"b; DROP TABLE x --')).toBe('"a""b; DROP TABLE x --"');
  expect(quoteText("it's; --\\")).toBe("'it''s; --\\'");
  expect(() => quoteText('a\0b')).toThrow('NUL');
  expect(() => quoteIdentifier('\0')).toThrow('NUL');
});

test.each<[SqlExpression, string]>([
  [{ kind: 'number', value: '-1.50' }, '(-1.50)'],
  [{ kind: 'number', value: '1e3' }, '1e3'],
  [all([]), 'true'],
  [any([]), 'false'],
  [all([column('a'), column('b'), column('c')]), '("a" AND "b" AND "c")'],
  [{ kind: 'in', operand: column('a'), values: [] }, 'false'],
  [{ kind: 'in', operand: column('a'), values: [text("'"), text('b')] }, `("a" IN ('''', 'b'))`],
  [{ kind: 'same', left: columnOf('r', 'a'), right: column('b') }, '("r"."a" IS NOT DISTINCT FROM "b")'],
  [when(column('a'), text('b')), `CASE WHEN "a" THEN 'b' END`],
  [when(column('a'), text('b'), text('c')), `CASE WHEN "a" THEN 'b' ELSE 'c' END`],
  [{ kind: 'holds', condition: equals(column('a'), text('b')) }, `coalesce(("a" = 'b'), true)`],
  [
    {
      kind: 'holds',
      condition: equals({ kind: 'arithmetic', op: '*', left: column('a'), right: column('a') }, column('b')),
    },
    'coalesce(try(coalesce((("a" * "a") = "b"), true)), false)',
  ],
  [
    { kind: 'place', within: [column('a')], by: [column('b')] },
    '(row_number() OVER (PARTITION BY "a" ORDER BY "b" NULLS LAST) - 1)',
  ],
  [{ kind: 'date', value: '2026-01-01' }, `CAST('2026-01-01' AS DATE)`],
  [{ kind: 'list', separator: '; ', operands: [column('a')] }, `concat_ws('; ', "a")`],
])('%j is rendered as %s', (expression, sql) => {
  expect(render(expression)).toBe(sql);
});

test.each(['1; DROP TABLE x', '', '1 OR 1', '0x10', '--1', 'NaN'])('%j is refused as a number', (value) => {
  expect(() => render({ kind: 'number', value })).toThrow('not one');
});

test('a query has its parts in order', () => {
  expect(
    renderQuery({
      columns: [named('n', COUNT_ROWS)],
      from: { kind: 'query', query: { columns: [named('a', column('b'))], from: table('t'), distinct: true }, as: 'q' },
      joins: [
        { kind: 'anti', with: table('u'), on: equals(columnOf('q', 'a'), columnOf('u', 'a')) },
        { kind: 'cross', with: table('keys') },
      ],
      where: column('a'),
      groupBy: [column('a')],
      orderBy: [{ by: column('a'), descending: true }],
    }),
  ).toBe(
    [
      'SELECT count(*) AS "n"',
      'FROM (SELECT DISTINCT "b" AS "a"\nFROM "t" AS "t") AS "q"',
      'ANTI JOIN "u" AS "u" ON ("q"."a" = "u"."a")',
      'CROSS JOIN "keys" AS "keys"',
      'WHERE "a"',
      'GROUP BY "a"',
      'ORDER BY "a" DESC NULLS LAST',
    ].join('\n'),
  );
});

test('conditions are renamed all the way down', () => {
  const condition: SqlExpression = {
    kind: 'or',
    operands: [
      { kind: 'not', operand: { kind: 'is-missing', operand: column('a') } },
      {
        kind: 'in',
        operand: { kind: 'length', operand: column('a') },
        values: [column('b'), { kind: 'number', value: '1' }],
      },
      equals({ kind: 'arithmetic', op: '+', left: column('a'), right: column('b') }, text('a')),
    ],
  };
  const renamed = render(renameColumns(condition, (name) => `value_${name}`));
  expect(renamed).toBe(
    `((NOT ("value_a" IS NULL)) OR (length("value_a") IN ("value_b", 1)) OR (("value_a" + "value_b") = 'a'))`,
  );
});

test('two pads make the HMAC of plain digests', () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
  const { inner, outer } = padKey(key);
  const digest = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const message = Buffer.from('msisdn 4477');
  expect(digest(outer, digest(inner, message))).toEqual(createHmac('sha256', key).update(message).digest());
  expect(() => padKey(new Uint8Array(65))).toThrow('at most 64 bytes');
});
