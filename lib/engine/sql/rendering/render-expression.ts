import { type AggregateExpression, renderAggregate, renderWindow, type WindowExpression } from './render-aggregate';
import { type ConditionExpression, renderCondition } from './render-condition';
import { type ConstantExpression, renderConstant } from './render-constant';
import { createTextRenderer, type TextExpression } from './render-text';
import type { ValueParts } from './render-values';
import type { SqlExpression } from './sql-expression';
import type { SortKey } from './sql-query';

/** What a dialect says of its own, for the expressions that all write alike. */
interface ExpressionParts extends ValueParts {
  readonly quoteIdentifier: (name: string) => string;
  readonly renderSortKey: (key: SortKey) => string;
  readonly renderOwn: (expression: OwnExpression) => string;
}

type SharedKind =
  | (ConstantExpression | ConditionExpression | WindowExpression | AggregateExpression | TextExpression)['kind']
  | 'column'
  | 'column-of'
  | 'arithmetic'
  | 'choose'
  | 'first-present'
  | 'remainder';

/** What every dialect writes in its own way. */
export type OwnExpression = Exclude<SqlExpression, { readonly kind: SharedKind }>;

export function createExpressionRenderer(parts: ExpressionParts): (expression: SqlExpression) => string {
  const { quoteIdentifier, renderSortKey, renderOwn } = parts;
  const renderText = createTextRenderer(parts, render);

  function render(expression: SqlExpression): string {
    switch (expression.kind) {
      case 'text':
      case 'number':
      case 'boolean':
      case 'null':
      case 'date':
        return renderConstant(expression, parts);
      case 'same':
      case 'compare':
      case 'and':
      case 'or':
      case 'not':
      case 'in':
      case 'is-missing':
        return renderCondition(expression, render);
      case 'place':
      case 'over':
      case 'rank':
        return renderWindow(expression, render, renderSortKey);
      case 'count-rows':
      case 'count-where':
      case 'count-present':
      case 'minimum':
      case 'maximum':
      case 'sum':
        return renderAggregate(expression, render);
      case 'concatenate':
      case 'slice':
      case 'written-in':
      case 'parse':
      case 'rewrite':
      case 'in-range':
      case 'convert':
      case 'canonical-text':
      case 'code':
      case 'length':
      case 'list':
      case 'characters':
        return renderText(expression);
      case 'column':
        return quoteIdentifier(expression.name);
      case 'column-of':
        return `${quoteIdentifier(expression.relation)}.${quoteIdentifier(expression.name)}`;
      case 'arithmetic':
        return `(${render(expression.left)} ${expression.op} ${render(expression.right)})`;
      case 'choose': {
        const branches = expression.branches.map(({ when, result }) => `WHEN ${render(when)} THEN ${render(result)}`);
        const otherwise = expression.otherwise ? ` ELSE ${render(expression.otherwise)}` : '';
        return `CASE ${branches.join(' ')}${otherwise} END`;
      }
      case 'first-present':
        return `coalesce(${expression.operands.map(render).join(', ')})`;
      case 'remainder':
        return `(${render(expression.left)} % ${render(expression.right)})`;
      default:
        return renderOwn(expression);
    }
  }

  return render;
}
