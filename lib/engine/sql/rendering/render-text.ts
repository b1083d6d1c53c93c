import { createRewriteRenderer } from './render-rewrite';
import { createValueRenderer, type ValueParts } from './render-values';
import type { SqlExpression } from './sql-expression';
import { writtenPattern } from './value-patterns';

export type TextExpression = Extract<
  SqlExpression,
  {
    readonly kind:
      | 'concatenate'
      | 'slice'
      | 'written-in'
      | 'parse'
      | 'rewrite'
      | 'in-range'
      | 'convert'
      | 'canonical-text'
      | 'code'
      | 'length'
      | 'list'
      | 'characters';
  }
>;

/** Of texts, and of what is read from them and written into them. @param render of any expression */
export function createTextRenderer(
  parts: ValueParts,
  render: (expression: SqlExpression) => string,
): (expression: TextExpression) => string {
  const { quoteText, renderType, renderMatch, renderInRange } = parts;
  const { renderParse, renderConvert } = createValueRenderer(parts);
  const renderRewrite = createRewriteRenderer(parts);

  return (expression) => {
    switch (expression.kind) {
      case 'concatenate':
        return `(${expression.operands.map(render).join(' || ')})`;
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
      case 'length':
        return `length(${render(expression.operand)})`;
      case 'list':
        return `concat_ws(${[quoteText(expression.separator), ...expression.operands.map(render)].join(', ')})`;
      case 'characters':
        return `${expression.at === 'start' ? 'left' : 'right'}(${render(expression.operand)}, ${expression.count})`;
    }
  };
}
