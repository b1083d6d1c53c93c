import type { ColumnType } from '../plan/plan';

/** How many digits an exact number has at most, before the point and behind it. */
export interface Digits {
  readonly whole: number;
  readonly scale: number;
  /** Whether it has 64 bits, and what is calculated of such numbers again. */
  readonly isInteger?: boolean;
}

/** Engines count exact numbers in so many digits. */
export const MOST_DIGITS = 38;

/** Of a whole number of 64 bits. */
export const INTEGER_DIGITS: Digits = { whole: 19, scale: 0, isInteger: true };

/** Absent where values of the type are no exact numbers. */
export function digitsOfType(type: ColumnType): Digits | undefined {
  if (type.kind === 'integer') return INTEGER_DIGITS;
  return type.kind === 'decimal' ? { whole: type.precision - type.scale, scale: type.scale } : undefined;
}

/** Zeros at its end count: they are places that it is compared by. */
export function digitsOfNumber(written: string): Digits {
  const [whole = '', fraction = ''] = written.replace(/^-?0*/, '').split('.');
  return { whole: whole.length, scale: fraction.length, isInteger: !written.includes('.') && whole.length < 19 };
}

/** What holds both, as they are compared and added; may have more than `MOST_DIGITS`. */
export function joinDigits(left: Digits, right: Digits): Digits {
  return { whole: Math.max(left.whole, right.whole), scale: Math.max(left.scale, right.scale) };
}

/** Of a sum or difference, or of a product; what is too large for it engines tell. */
export function calculatedDigits(op: '+' | '-' | '*', left: Digits, right: Digits): Digits {
  if (left.isInteger && right.isInteger) return INTEGER_DIGITS;
  const sides =
    op === '*' ? { whole: left.whole + right.whole, scale: left.scale + right.scale } : joinDigits(left, right);
  return { whole: Math.max(0, Math.min(sides.whole + 1, MOST_DIGITS - sides.scale)), scale: sides.scale };
}
