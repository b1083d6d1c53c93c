import type { ColumnType } from '../../domain/agreement/plan/plan';
import type { Treatment } from '../../domain/privacy/treatments/treatment';
import { canonicalText, isPresent, number, text, when } from './rendering/expressions';
import type { NumberType, SqlExpression } from './rendering/sql-expression';

/** What stands for the hidden characters of a masked value, however many they are, and for a text that too few share. */
export const HIDDEN = text('***');

/** A value below `bottom` or above `top` becomes that bound. */
export function limitValue(
  value: SqlExpression,
  type: ColumnType,
  { bottom, top }: { readonly bottom?: string; readonly top?: string },
): SqlExpression {
  const limit = (op: '<' | '>', bound: string) => {
    const result: SqlExpression = { kind: 'parse', operand: text(bound), type };
    return { when: { kind: 'compare', op, left: value, right: result } as const, result };
  };
  return {
    kind: 'choose',
    branches: [...(bottom === undefined ? [] : [limit('<', bottom)]), ...(top === undefined ? [] : [limit('>', top)])],
    otherwise: value,
  };
}

export function roundValue(value: SqlExpression, type: ColumnType, multiple: string): SqlExpression {
  return { kind: 'round-to', operand: value, type: numberType(type), multiple };
}

/** @throws Error for a treatment that the plan should never have given a column of this type. */
export function numberType(type: ColumnType): NumberType {
  switch (type.kind) {
    case 'integer':
    case 'double':
      return { kind: type.kind };
    case 'decimal':
      return type;
    default:
      throw new Error(`A column of type ${type.kind} holds no numbers.`);
  }
}

/** A value too short to hide any character shows none. */
export function maskValue(value: SqlExpression, mask: Extract<Treatment, { kind: 'mask' }>): SqlExpression {
  const { keepFirst, keepLast } = mask;
  if (keepFirst + keepLast === 0) return when(isPresent(value), HIDDEN);
  const shown = canonicalText(value);
  const ends = (at: 'start' | 'end', count: number): SqlExpression[] =>
    count === 0 ? [] : [{ kind: 'characters', at, count, operand: shown }];
  const hidesSome: SqlExpression = {
    kind: 'compare',
    op: '>',
    left: { kind: 'length', operand: shown },
    right: number(keepFirst + keepLast),
  };
  return {
    kind: 'choose',
    branches: [
      {
        when: hidesSome,
        result: { kind: 'concatenate', operands: [...ends('start', keepFirst), HIDDEN, ...ends('end', keepLast)] },
      },
      { when: isPresent(value), result: HIDDEN },
    ],
  };
}

/** 128 bits. */
export const TOKEN_DIGITS = 32;

/** The first 128 bits of the HMAC of the value's canonical text, as hex digits. */
export function tokenOf(value: SqlExpression, keys: string): SqlExpression {
  return {
    kind: 'characters',
    at: 'start',
    count: TOKEN_DIGITS,
    operand: { kind: 'hmac', operand: canonicalText(value), keys, key: 'token' },
  };
}

/** A number of 48 bits that is the subject's own; rows that name no subject share the one of the empty text. */
export function shiftSeedOf(subject: SqlExpression, keys: string): SqlExpression {
  const digest: SqlExpression = { kind: 'hmac', operand: nameSubject(subject), keys, key: 'date_shift' };
  return { kind: 'hex-number', operand: { kind: 'characters', at: 'start', count: 12, operand: digest } };
}

/** 64 hex digits that are the subject's own. */
export function noiseSeedOf(subject: SqlExpression, keys: string): SqlExpression {
  return { kind: 'hmac', operand: nameSubject(subject), keys, key: 'noise' };
}

function nameSubject(subject: SqlExpression): SqlExpression {
  return { kind: 'first-present', operands: [canonicalText(subject), text('')] };
}

/**
 * Moves a date or timestamp by −days … +days whole days, never 0. A value so near an end of the years 1 to 9999 that it
 * would leave them moves as far the other way.
 */
export function shiftDate(value: SqlExpression, type: ColumnType, days: number, seed: SqlExpression): SqlExpression {
  const draw: SqlExpression = { kind: 'remainder', left: seed, right: number(2 * days) };
  const earlier: SqlExpression = { kind: 'compare', op: '<', left: draw, right: number(days) };
  const minus = (left: SqlExpression, right: SqlExpression): SqlExpression => ({
    kind: 'arithmetic',
    op: '-',
    left,
    right,
  });
  const drawn = when(earlier, minus(draw, number(days)), minus(draw, number(days - 1)));
  const kind = type.kind === 'date' ? 'date' : 'timestamp';
  const moveBy = (by: SqlExpression): SqlExpression => ({ kind: 'add-days', type: kind, operand: value, days: by });
  const stays: SqlExpression = { kind: 'in-range', type: kind, operand: moveBy(drawn) };
  return when(stays, moveBy(drawn), moveBy(minus(number(0), drawn)));
}
