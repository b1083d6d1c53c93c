import type { ColumnType } from '../../../domain/agreement/plan/plan';
import type { SqlExpression } from './sql-expression';

/** How values are written in texts: regular expressions for the whole of one, in what RE2 and Java's both understand. */

export const DATE_PATTERN = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
export const TIME_PATTERN = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:[0-9]{2})?)?';
export const NUMBER_PATTERN = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?';

/** A number whose exponent has two digits at the most: more than a decimal has places. */
export const EXPONENT_PATTERN = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][+-]?0*[0-9]{1,2}';
export const MOST_PLACES = 99;

/** All digits must find a place; zeros at either end are none. */
export function decimalPattern({ precision, scale }: Extract<ColumnType, { readonly kind: 'decimal' }>): string {
  const whole = precision - scale;
  return `[+-]?(0*[0-9]{1,${whole}}([.][0-9]{0,${scale}}0*)?|0*[.][0-9]{1,${scale}}0*)`
    .replace('[0-9]{1,0}([.]', '0([.]')
    .replace('|0*[.][0-9]{1,0}0*', '');
}

/** That many characters out of a list of ASCII letters and digits. */
export function writtenPattern({
  characters,
  minLength,
  maxLength,
}: Extract<SqlExpression, { readonly kind: 'written-in' }>): string {
  if (!/^[0-9A-Za-z]+$/.test(characters)) throw new Error('An alphabet is made of ASCII letters and digits.');
  return `[${characters}]{${minLength},${maxLength}}`;
}

/** The texts, beside a one and a zero, that stand for true or false. */
export function spellingsOf(word: 'true' | 'false' | 'yes' | 'no'): readonly string[] {
  return [word, word.toUpperCase(), `${word[0]?.toUpperCase()}${word.slice(1)}`];
}
