import type { ColumnType } from '../../../domain/agreement/plan/plan';
import type { NativeType } from './sql-expression';
import {
  DATE_PATTERN,
  decimalPattern,
  EXPONENT_PATTERN,
  MOST_PLACES,
  NUMBER_PATTERN,
  spellingsOf,
  TIME_PATTERN,
} from './value-patterns';

export type RangedType = 'double' | 'date' | 'timestamp';
type DecimalType = Extract<ColumnType, { readonly kind: 'decimal' }>;

/** What a dialect says of its own, for how texts and other types become values of the agreement's. */
export interface ValueParts {
  readonly quoteText: (value: string) => string;
  readonly renderType: (type: ColumnType) => string;
  /** Whether the whole text matches. */
  readonly renderMatch: (text: string, pattern: string) => string;
  readonly renderInRange: (value: string, type: RangedType) => string;
  /** A text of the form of a timestamp as one, in UTC; null where it is none. */
  readonly renderMoment: (text: string) => string;
}

/** Engines' own casts are laxer, each in its own way: one takes `1_000`, another ` 7`, `2026-3-5` or `7D`, and both round. */
export function createValueRenderer(parts: ValueParts) {
  const { quoteText, renderType, renderMatch, renderInRange, renderMoment } = parts;
  const castTo = (operand: string, type: ColumnType) => `CAST(${operand} AS ${renderType(type)})`;
  const tryCastTo = (operand: string, type: ColumnType) => `TRY_${castTo(operand, type)}`;
  const toText = (operand: string) => castTo(operand, { kind: 'string' });

  function renderParse(operand: string, type: ColumnType): string {
    const where = (pattern: string, value: string) => `CASE WHEN ${renderMatch(operand, pattern)} THEN ${value} END`;
    switch (type.kind) {
      case 'string':
        return operand;
      case 'integer':
        return where('[+-]?[0-9]+', tryCastTo(operand, type));
      case 'double':
        return where(NUMBER_PATTERN, renderWithin(tryCastTo(operand, type), 'double'));
      case 'decimal':
        return renderParseDecimal(operand, type);
      case 'boolean':
        return renderParseBoolean(operand);
      case 'date':
        return where(DATE_PATTERN, renderWithin(tryCastTo(operand, type), 'date'));
      case 'timestamp':
        return where(`${DATE_PATTERN}([T ]${TIME_PATTERN})?`, renderWithin(renderMoment(operand), 'timestamp'));
    }
  }

  function renderWithin(value: string, type: RangedType): string {
    return `CASE WHEN ${renderInRange(value, type)} THEN ${value} END`;
  }

  function renderParseBoolean(operand: string): string {
    const among = (texts: readonly string[]) => `${operand} IN (${texts.map(quoteText).join(', ')})`;
    const yes = among(['1', ...spellingsOf('true'), ...spellingsOf('yes')]);
    const no = among(['0', ...spellingsOf('false'), ...spellingsOf('no')]);
    return `CASE WHEN ${yes} THEN true WHEN ${no} THEN false END`;
  }

  /** A number with an exponent is written out first: a cast of its own would round what does not fit. */
  function renderParseDecimal(operand: string, type: DecimalType): string {
    const parse = (text: string) =>
      `CASE WHEN ${renderMatch(text, decimalPattern(type))} THEN ${tryCastTo(text, type)}`;
    const written = `${parse(renderWrittenOut(operand))} END`;
    return `${parse(operand)} WHEN ${renderMatch(operand, EXPONENT_PATTERN)} THEN ${written} END`;
  }

  /** `-1.5e3` as `-0…01500.0…0`: its digits between zeros enough for any exponent, the point at its place. */
  function renderWrittenOut(operand: string): string {
    const pattern = quoteText('^([+-]?)([0-9]*)[.]?([0-9]*)[eE]([+-]?[0-9]+)$');
    const part = (group: number) => `regexp_extract(${operand}, ${pattern}, ${group})`;
    const zeros = quoteText('0'.repeat(MOST_PLACES));
    const digits = `(${zeros} || ${part(2)} || ${part(3)} || ${zeros})`;
    const whole = `(${MOST_PLACES} + length(${part(2)}) + TRY_CAST(${part(4)} AS INTEGER))`;
    return `(${part(1)} || left(${digits}, ${whole}) || '.' || substr(${digits}, ${whole} + 1))`;
  }

  function renderConvert(operand: string, from: NativeType, to: ColumnType): string {
    const cast = castTo(operand, to);
    const tryCast = tryCastTo(operand, to);
    if (from.kind === 'string') return renderParse(operand, to);
    switch (to.kind) {
      case 'string':
      case 'double':
        return cast;
      case 'timestamp':
        // The last days that a file can hold are too late for a moment.
        return from.kind === 'date' ? `CASE WHEN ${renderInRange(operand, 'date')} THEN ${cast} END` : cast;
      case 'integer':
        return renderConvertToInteger(operand, from, cast, tryCast);
      case 'decimal':
        if (from.kind === 'double') return `CASE WHEN CAST(${tryCast} AS DOUBLE) = ${operand} THEN ${tryCast} END`;
        // A file can hold longer ones than it says.
        return fitsWithin(from, to) ? tryCast : renderParse(toText(operand), to);
      case 'boolean':
        return from.kind === 'boolean' ? operand : renderParse(toText(operand), to);
      case 'date':
        return from.kind === 'date' ? operand : `CASE WHEN ${operand} = ${cast} THEN ${cast} END`;
    }
  }

  return { renderParse, renderConvert };
}

function renderConvertToInteger(operand: string, from: NativeType, cast: string, tryCast: string): string {
  switch (from.kind) {
    case 'integer':
      return cast;
    case 'wide-integer':
      return tryCast;
    case 'double':
      // Spark's cast of 2⁶³ ends one below it.
      return `CASE WHEN ${operand} = floor(${operand}) AND ${operand} < CAST('9223372036854775808' AS DOUBLE) THEN ${tryCast} END`;
    default:
      return `CASE WHEN ${operand} = floor(${operand}) THEN ${tryCast} END`;
  }
}

/** Whether a decimal of the first type is one of the second, whatever its value. */
function fitsWithin(from: NativeType, to: DecimalType): boolean {
  if (from.kind !== 'decimal') return false;
  return from.scale <= to.scale && from.precision - from.scale <= to.precision - to.scale;
}
