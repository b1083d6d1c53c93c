import type { Expression } from '../../../domain/agreement/expressions/expression';
import type { ColumnType } from '../../../domain/agreement/plan/plan';
import type { WrittenStyle } from '../../../domain/agreement/written-styles';
import type { ShownPeriod } from '../../../domain/privacy/treatments/list-period-steps';

/**
 * An expression of a query, before any engine's dialect renders it. Every condition of an agreement is one. Unless said
 * otherwise the result is null where an operand is.
 */
export type SqlExpression = Exclude<Expression, { readonly kind: CompositeKind }> | Composite | Computed | Aggregate;

/** The agreement's own operators, over any expression. */
type Composite =
  | {
      readonly kind: 'compare';
      readonly op: '=' | '<>' | '<' | '<=' | '>' | '>=';
      readonly left: SqlExpression;
      readonly right: SqlExpression;
    }
  | {
      readonly kind: 'arithmetic';
      readonly op: '+' | '-' | '*';
      readonly left: SqlExpression;
      readonly right: SqlExpression;
    }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly SqlExpression[] }
  | { readonly kind: 'not'; readonly operand: SqlExpression }
  | { readonly kind: 'in'; readonly operand: SqlExpression; readonly values: readonly SqlExpression[] }
  | { readonly kind: 'is-missing'; readonly operand: SqlExpression }
  | { readonly kind: 'length'; readonly operand: SqlExpression };

type CompositeKind = Composite['kind'];

type Computed =
  /** A column of the joined relation that is known under this alias. */
  | { readonly kind: 'column-of'; readonly relation: string; readonly name: string }
  | { readonly kind: 'null'; readonly type: ColumnType }
  /** Equality in which null equals null; never null itself. */
  | { readonly kind: 'same'; readonly left: SqlExpression; readonly right: SqlExpression }
  /** Whether the condition can be computed and is not false; never null. */
  | { readonly kind: 'holds'; readonly condition: SqlExpression }
  /** The first branch that is true, else `otherwise`, or null. */
  | {
      readonly kind: 'choose';
      readonly branches: readonly { readonly when: SqlExpression; readonly result: SqlExpression }[];
      readonly otherwise?: SqlExpression;
    }
  /** The first operand that is not null. */
  | { readonly kind: 'first-present'; readonly operands: readonly SqlExpression[] }
  /** Texts after one another. */
  | { readonly kind: 'concatenate'; readonly operands: readonly SqlExpression[] }
  /** The texts that are not null, with the separator between them; never null. */
  | { readonly kind: 'list'; readonly separator: string; readonly operands: readonly SqlExpression[] }
  /** That many code points from the start or the end of a text. */
  | {
      readonly kind: 'characters';
      readonly at: 'start' | 'end';
      readonly count: number;
      readonly operand: SqlExpression;
    }
  /** That many code points of a text, from the one at `start` on, counted from 0. */
  | { readonly kind: 'slice'; readonly start: number; readonly count: number; readonly operand: SqlExpression }
  /** Whether a text is that many code points long, every one of them one of `characters` (ASCII letters and digits). */
  | {
      readonly kind: 'written-in';
      readonly characters: string;
      readonly minLength: number;
      readonly maxLength: number;
      readonly operand: SqlExpression;
    }
  /** A text as a value of the type; null where it is not written as one, or would lose a digit. */
  | { readonly kind: 'parse'; readonly operand: SqlExpression; readonly type: ColumnType }
  /** A text that is written in a style as the usual one has it (`1234.56`, `2026-12-31`); null where it is not. */
  | { readonly kind: 'rewrite'; readonly operand: SqlExpression; readonly style: WrittenStyle }
  /** Whether a double is finite, or a date or timestamp lies in the years 1 to 9999, as those read from text do. */
  | { readonly kind: 'in-range'; readonly type: 'double' | 'date' | 'timestamp'; readonly operand: SqlExpression }
  /** A value of one type as the same value of another; null where there is none. */
  | { readonly kind: 'convert'; readonly operand: SqlExpression; readonly from: NativeType; readonly to: ColumnType }
  /** A value in canonical text: `7`, `7.50` (all digits of the scale), `true`, `2026-03-05`, `2026-03-05 10:00:00`. */
  | { readonly kind: 'canonical-text'; readonly operand: SqlExpression }
  /** HMAC-SHA256 of a text's UTF-8 bytes, as 64 hex digits, under a key whose pads the relation `keys` holds: see `padKey`. */
  | { readonly kind: 'hmac'; readonly operand: SqlExpression; readonly keys: string; readonly key: string }
  /** SHA-256 of a text's UTF-8 bytes, as 64 hex digits in lower case. */
  | { readonly kind: 'digest'; readonly operand: SqlExpression }
  /** The number that hex digits write, at most 12 of them. */
  | { readonly kind: 'hex-number'; readonly operand: SqlExpression }
  /** Remainder of whole numbers of 0 or more. */
  | { readonly kind: 'remainder'; readonly left: SqlExpression; readonly right: SqlExpression }
  /** A date or timestamp that many whole days later. */
  | {
      readonly kind: 'add-days';
      readonly type: 'date' | 'timestamp';
      readonly operand: SqlExpression;
      readonly days: SqlExpression;
    }
  /** A timestamp that many whole minutes later. */
  | { readonly kind: 'add-minutes'; readonly operand: SqlExpression; readonly minutes: SqlExpression }
  /** The beginning of the period that a date or timestamp lies in; weeks begin on Mondays, and nothing before the year 1. */
  | {
      readonly kind: 'begin-period';
      readonly type: 'date' | 'timestamp';
      readonly operand: SqlExpression;
      readonly period: ShownPeriod;
    }
  /**
   * The multiple of a number that is nearest to a value of the type, half way the one farther from 0. Exact for integers and
   * decimals; a multiple that the type cannot hold gives way to the one nearer to 0. For a double v and n / 10^s, which is
   * the multiple without zeros at its end, v / |v| × floor-or-ceil(|v| × 10^s / n) × n / 10^s in this order and never −0; v itself where that
   * many multiples are 2^53 or more.
   */
  | { readonly kind: 'round-to'; readonly operand: SqlExpression; readonly type: NumberType; readonly multiple: string }
  /** The same of a multiple that differs from row to row, a value of the type above 0. */
  | {
      readonly kind: 'round-by';
      readonly operand: SqlExpression;
      readonly type: ExactType;
      readonly multiple: SqlExpression;
    }
  /** A value of the type, and as many steps (a whole number of at most 2^41) more; exact, and fails where it does not fit. */
  | {
      readonly kind: 'add-steps';
      readonly operand: SqlExpression;
      readonly type: Exclude<NumberType, { readonly kind: 'double' }>;
      readonly steps: SqlExpression;
      readonly step: string;
    }
  /** How many of the type's last digits a value lies above another, which is no greater. */
  | {
      readonly kind: 'units-above';
      readonly operand: SqlExpression;
      readonly lower: SqlExpression;
      readonly type: ExactType;
    }
  /**
   * A value, and `units` / `rows` of the type's last digit more, rounded to that digit, half way away from 0. Whole numbers, the
   * one not negative, the other above 0; exact, and fails where it does not fit.
   */
  | {
      readonly kind: 'add-mean';
      readonly operand: SqlExpression;
      readonly units: SqlExpression;
      readonly rows: SqlExpression;
      readonly type: ExactType;
    }
  /** A 32-bit whole number; fails where it does not fit. */
  | { readonly kind: 'code'; readonly operand: SqlExpression }
  /** Place of the row in the order of these expressions, from 0; null last. Without any: in the order in which rows come. */
  | { readonly kind: 'place'; readonly within: readonly SqlExpression[]; readonly by: readonly SqlExpression[] }
  /** Over all rows that are alike in `within`; those up to the row's own in the order of `by`, where it is given. */
  | {
      readonly kind: 'over';
      readonly aggregate: 'sum' | 'minimum';
      readonly operand: SqlExpression;
      readonly within: readonly SqlExpression[];
      readonly by: readonly SqlExpression[];
    }
  /** How many different values of these expressions come before the row's own in their order; null last. */
  | { readonly kind: 'rank'; readonly by: readonly SqlExpression[] };

type Aggregate =
  | { readonly kind: 'count-rows' }
  /** Rows in which it is not null. */
  | { readonly kind: 'count-present'; readonly operand: SqlExpression }
  /** Rows for which the condition is true. */
  | { readonly kind: 'count-where'; readonly condition: SqlExpression }
  | { readonly kind: 'minimum' | 'maximum' | 'sum'; readonly operand: SqlExpression }
  /** Different texts that are not null, in an order of their own, with a comma between them. */
  | { readonly kind: 'text-set'; readonly operand: SqlExpression };

export type NumberType = Extract<ColumnType, { readonly kind: 'decimal' }> | { readonly kind: 'integer' | 'double' };

export type ExactType = Extract<ColumnType, { readonly kind: 'decimal' }> | { readonly kind: 'integer' };

/** Types that delivered files have and agreements do not. */
export type NativeType =
  | ColumnType
  | { readonly kind: 'instant' }
  /** Whole numbers beyond 64 bits. */
  | { readonly kind: 'wide-integer' };
