import { parseExpression } from '../../../../lib/domain/agreement/expressions/parse-expression';
import { formatRuleset, writeDataQuality } from '../../../../lib/domain/agreement/expressions/write-data-quality';
import type { ColumnType, PlannedColumn, PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const TYPES = new Map<string, ColumnType>([
  ['minutes', { kind: 'integer' }],
  ['price', { kind: 'decimal', precision: 10, scale: 2 }],
  ['plan', { kind: 'string' }],
  ['paid', { kind: 'boolean' }],
  ['day', { kind: 'date' }],
  ['at', { kind: 'timestamp' }],
  ['first name', { kind: 'string' }],
  ['and', { kind: 'integer' }],
]);

function datasetWith(checks: readonly string[], missing: PlannedColumn['missing'] = { kind: 'keep' }): PlannedDataset {
  const [usage] = TELCO_RETAIL_PLAN.datasets;
  const parsed = checks.map((text) => {
    const reading = parseExpression(text, TYPES);
    if (reading.kind === 'refused') throw new Error(`${text}: ${reading.problem}`);
    return { text, condition: reading.condition };
  });
  const columns = [...TYPES].map(([name, type]) => ({ ...usage!.columns[5]!, name, type, missing, checks: [] }));
  return { ...usage!, columns: columns.map((column, at) => (at === 0 ? { ...column, checks: parsed } : column)) };
}

test.each<[string, readonly string[]]>([
  ['minutes >= 0', ['ColumnValues "minutes" >= 0 where "`minutes` is not null"']],
  ['0 <= minutes', ['ColumnValues "minutes" >= 0 where "`minutes` is not null"']],
  ['5 = minutes', ['ColumnValues "minutes" = 5 where "`minutes` is not null"']],
  ['not minutes < 0', ['ColumnValues "minutes" >= 0 where "`minutes` is not null"']],
  ['not not price <> 1.50', ['ColumnValues "price" != 1.50 where "`price` is not null"']],
  [
    'minutes >= 0 and minutes < 44640',
    [
      'ColumnValues "minutes" >= 0 where "`minutes` is not null"',
      'ColumnValues "minutes" < 44640 where "`minutes` is not null"',
    ],
  ],
  [
    "not (minutes < 0 or plan = 'X')",
    [
      'ColumnValues "minutes" >= 0 where "`minutes` is not null"',
      'ColumnValues "plan" != "X" where "`plan` is not null"',
    ],
  ],
  ["plan in ('S', 'M')", ['ColumnValues "plan" in [ "S", "M" ] where "`plan` is not null"']],
  ["not plan in ('S', 'M')", ['ColumnValues "plan" not in [ "S", "M" ] where "`plan` is not null"']],
  ['length(plan) <= 3', ['ColumnLength "plan" <= 3 where "`plan` is not null"']],
  ["day >= '2026-01-01'", ['ColumnValues "day" >= "2026-01-01" where "`day` is not null"']],
])('%s', (check, rules) => {
  expect(writeDataQuality(datasetWith([check]))).toEqual({ rules, unsaid: [] });
});

test.each([
  ['minutes >= 0 or price > 1'],
  ['minutes < price'],
  ['minutes + 1 > 0'],
  ['paid = true'],
  ["plan < 'M'"],
  ['plan = \'say "hi"\''],
  ["at >= '2026-01-01 10:00:00'"],
  ["[first name] <> ''"],
  ['minutes > 0 and minutes < price'],
])('%s is left to cleaning, and listed', (check) => {
  const text = check.replace('[first name]', '"first name"');
  expect(writeDataQuality(datasetWith([text]))).toEqual({ rules: [], unsaid: [{ column: 'minutes', check: text }] });
});

test('what may not be missing is said, once', () => {
  const { rules, unsaid } = writeDataQuality(datasetWith([], { kind: 'reject' }));
  expect(rules).toEqual(['minutes', 'price', 'plan', 'paid', 'day', 'at', 'and'].map((name) => `IsComplete "${name}"`));
  expect(unsaid).toEqual([{ column: 'first name', check: 'not missing' }]);
});

test('a ruleset is a list', () => {
  expect(formatRuleset(['IsComplete "a"', 'IsComplete "b"'])).toBe('Rules = [\n  IsComplete "a",\n  IsComplete "b"\n]');
});
