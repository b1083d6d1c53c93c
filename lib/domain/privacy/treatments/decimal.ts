/** An exact decimal number: digits / 10^scale. */
export interface Decimal {
  readonly digits: bigint;
  /** 0 or more. */
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Reads what engines print of integers, decimals and doubles, exponents too; nothing for other text (`inf`, `nan`). */
export function parseDecimal(text: string): Decimal | undefined {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

/** The shortest plain text: no exponent, no zeros at the end of a fraction, `0` for −0. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The interval `[a,b)` of that width, aligned on 0, that holds the number. */
export function formatInterval(number: Decimal, width: Decimal): string {
  const scale = Math.max(number.scale, width.scale);
  const step = rescale(width, scale);
  const digits = rescale(number, scale);
  const quotient = digits / step;
  // BigInt division cuts towards 0; intervals go down.
  const index = digits < quotient * step ? quotient - 1n : quotient;
  const bound = (at: bigint) => formatDecimal({ digits: at * width.digits, scale: width.scale });
  return `[${bound(index)},${bound(index + 1n)})`;
}

function rescale({ digits, scale }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - scale);
}

/** Below 0 where the first is less, above where it is more. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  const scale = Math.max(one.scale, other.scale);
  const [left, right] = [rescale(one, scale), rescale(other, scale)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
