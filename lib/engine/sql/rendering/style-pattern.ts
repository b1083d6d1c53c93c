import {
  DATE_STYLES,
  type DateStyle,
  isNumberStyle,
  NUMBER_STYLES,
  type NumberStyle,
  type WrittenStyle,
} from '../../../domain/agreement/written-styles';

/** A regular expression for the whole of a text that is written so. A date's groups are its first, second and third part, and the time. */
export function stylePattern(style: WrittenStyle): string {
  return isNumberStyle(style) ? numberPattern(style) : datePattern(style);
}

/** Thousands are divided throughout, in threes, or not at all; no number that is divided begins with a zero. */
function numberPattern(style: NumberStyle): string {
  const { groups, point } = NUMBER_STYLES[style];
  const fraction = `[${point}][0-9]+`;
  const divided = `[1-9][0-9]{0,2}([${groups.join('')}][0-9]{3})+`;
  return `[+-]?((${divided}|[0-9]+)(${fraction})?|${fraction})`;
}

/** Day, month, year, and the time behind them. */
function datePattern(style: DateStyle): string {
  const between = `[${DATE_STYLES[style].between}]`;
  return `([0-9]{1,2})${between}([0-9]{1,2})${between}([0-9]{4})([T ].*)?`;
}
