import {
  DATE_STYLES,
  type DateStyle,
  isNumberStyle,
  NUMBER_STYLES,
  type NumberStyle,
  type WrittenStyle,
} from '../../../domain/agreement/written-styles';
import type { ValueParts } from './render-values';
import { stylePattern } from './style-pattern';

/** `rewrite`: by patterns and plain replacing, which engines do alike. What follows it holds the result against its type. */
export function createRewriteRenderer({ quoteText, renderMatch }: Pick<ValueParts, 'quoteText' | 'renderMatch'>) {
  const where = (text: string, pattern: string, result: string) =>
    `CASE WHEN ${renderMatch(text, pattern)} THEN ${result} END`;

  function rewriteNumber(text: string, style: NumberStyle): string {
    const { groups, point } = NUMBER_STYLES[style];
    const plain = groups.reduce((rest, group) => `replace(${rest}, ${quoteText(group)}, '')`, text);
    return where(text, stylePattern(style), point === '.' ? plain : `replace(${plain}, ${quoteText(point)}, '.')`);
  }

  function rewriteDate(text: string, style: DateStyle): string {
    const { day, month } = DATE_STYLES[style];
    const pattern = stylePattern(style);
    const part = (group: number) => `regexp_extract(${text}, ${quoteText(`^${pattern}$`)}, ${group})`;
    const twoDigits = (group: number) => `lpad(${part(group)}, 2, '0')`;
    return where(text, pattern, `(${part(3)} || '-' || ${twoDigits(month)} || '-' || ${twoDigits(day)} || ${part(4)})`);
  }

  return (text: string, style: WrittenStyle): string =>
    isNumberStyle(style) ? rewriteNumber(text, style) : rewriteDate(text, style);
}
