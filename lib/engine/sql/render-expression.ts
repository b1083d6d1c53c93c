import { createRewriteRenderer } from './render-rewrite';
import { createValueRenderer, type ValueParts } from './render-values';
import type { SqlExpression } from './sql-expression';
import type { SortKey } from './sql-query';
import { writtenPattern } from './value-patterns';

/** What a dialect says of its own, for the expressions that all write alike. */
interface ExpressionParts extends ValueParts {
  readonly quoteIdentifier: (name: string) => string;
  readonly renderSortKey: (key: SortKey) => string;
  readonly renderOwn: (expression: OwnExpression) => string;
}

type SharedKind =
  | 'column'
  | 'column-of'
  | 'text'
  | 'number'
  | 'boolean'
  | 'null'
  | 'date'
  | 'same'
  | 'concatenate'
  | 'slice'
  | 'written-in'
  | 'parse'
  | 'rewrite'
  | 'in-range'
  | 'convert'
  | 'canonical-text'
  | 'code'
  | 'count-where'
  | 'compare'
  | 'arithmetic'
  | 'and'
  | 'or'
  | 'not'
  | 'in'
  | 'is-missing'
  | 'length'
  | 'choose'
  | 'first-present'
  | 'list'
  | 'characters'
  | 'remainder'
  | 'place'
  | 'rank'
  | 'over'
  | 'count-rows'
  | 'count-present'
  | 'minimum'
  | 'maximum'
  | 'sum';

/** What every dialect writes in its own way. */
export type OwnExpression = Exclude<SqlExpression, { readonly kind: SharedKind }>;

export function createExpressionRenderer(parts: ExpressionParts): (expression: SqlExpression) => string {
  const { quoteIdentifier, quoteText, renderType, renderMatch, renderInRange, renderSortKey, renderOwn } = parts;
  const { renderParse, renderConvert } = createValueRenderer(parts);
  const renderRewrite = createRewriteRenderer(parts);
  const renderAll = (expressions: readonly SqlExpression[], separator = ', ') =>
    expressions.map(render).join(separator);
  const renderOrder = (by: readonly SqlExpression[]) =>
    `ORDER BY ${by.map((key) => renderSortKey({ by: key })).join(', ')}`;

  const renderPartition = (within: readonly SqlExpression[]) =>
    within.length > 0 ? `PARTITION BY ${renderAll(within)} ` : '';

  function render(expression: SqlExpression): string {
    switch (expression.kind) {
      case 'column':
        return quoteIdentifier(expression.name);
      case 'column-of':
        return `${quoteIdentifier(expression.relation)}.${quoteIdentifier(expression.name)}`;
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
      case 'same':
        return `(${render(expression.left)} IS NOT DISTINCT FROM ${render(expression.right)})`;
      case 'concatenate':
        return `(${renderAll(expression.operands, ' || ')})`;
      case 'slice':
        return `substr(${render(expression.operand)}, ${expression.start + 1}, ${expression.count})`;
      case 'written-in':
        return renderMatch(render(expression.operand), writtenPattern(expression));
      case 'parse':
        return renderParse(render(expression.operand), expression.type);
      case 'rewrite':
        return renderRewrite(render(expression.operand), expression.style);
      case 'in-range':
        return renderInRange(render(expression.operand), expression.type);
      case 'convert':
        return renderConvert(render(expression.operand), expression.from, expression.to);
      case 'canonical-text':
        return `CAST(${render(expression.operand)} AS ${renderType({ kind: 'string' })})`;
      case 'code':
        return `CAST(${render(expression.operand)} AS INTEGER)`;
      case 'count-where':
        return `count(*) FILTER (WHERE ${render(expression.condition)})`;
      case 'compare':
      case 'arithmetic':
        return `(${render(expression.left)} ${expression.op} ${render(expression.right)})`;
      case 'and':
        return expression.operands.length === 0 ? 'true' : `(${renderAll(expression.operands, ' AND ')})`;
      case 'or':
        return expression.operands.length === 0 ? 'false' : `(${renderAll(expression.operands, ' OR ')})`;
      case 'not':
        return `(NOT ${render(expression.operand)})`;
      case 'in':
        return expression.values.length === 0
          ? 'false'
          : `(${render(expression.operand)} IN (${renderAll(expression.values)}))`;
      case 'is-missing':
        return `(${render(expression.operand)} IS NULL)`;
      case 'length':
        return `length(${render(expression.operand)})`;
      case 'choose': {
        const branches = expression.branches.map(({ when, result }) => `WHEN ${render(when)} THEN ${render(result)}`);
        const otherwise = expression.otherwise ? ` ELSE ${render(expression.otherwise)}` : '';
        return `CASE ${branches.join(' ')}${otherwise} END`;
      }
      case 'first-present':
        return `coalesce(${renderAll(expression.operands)})`;
      case 'list':
        return `concat_ws(${[quoteText(expression.separator), ...expression.operands.map(render)].join(', ')})`;
      case 'characters':
        return `${expression.at === 'start' ? 'left' : 'right'}(${render(expression.operand)}, ${expression.count})`;
      case 'remainder':
        return `(${render(expression.left)} % ${render(expression.right)})`;
      case 'place': {
        const { within, by } = expression;
        return `(row_number() OVER (${renderPartition(within)}${renderOrder(by)}) - 1)`;
      }
      case 'over': {
        const { aggregate, operand, within, by } = expression;
        const order = by.length > 0 ? renderOrder(by) : '';
        return `${aggregate === 'sum' ? 'sum' : 'min'}(${render(operand)}) OVER (${renderPartition(within)}${order})`;
      }
      case 'rank':
        return `(dense_rank() OVER (${renderOrder(expression.by)}) - 1)`;
      case 'count-rows':
        return 'count(*)';
      case 'count-present':
        return `count(${render(expression.operand)})`;
      case 'minimum':
        return `min(${render(expression.operand)})`;
      case 'maximum':
        return `max(${render(expression.operand)})`;
      case 'sum':
        return `sum(${render(expression.operand)})`;
      default:
        return renderOwn(expression);
    }
  }

  return render;
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
