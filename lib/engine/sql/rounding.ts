import { parseDecimal } from '../../domain/privacy/decimal';

/** What an engine's dialect says of its doubles and exact numbers, for the sums that all write alike. */
export interface RoundingParts {
  /** A plain number as a double. */
  readonly double: (number: string) => string;
  /** A double's whole part, as a double. */
  readonly floor: (value: string) => string;
}

/** `round-to` for doubles: by whole numbers, and one division at the end, which gives the double nearest to the decimal meant. */
export function renderRoundDouble(value: string, multiple: string, { double, floor }: RoundingParts): string {
  const { digits, scale } = parseDecimal(multiple) ?? { digits: 1n, scale: 0 };
  const [parts, unit] = [double(String(digits)), double(String(10n ** BigInt(scale)))];
  const multiples = `(abs(${value}) * ${unit} / ${parts})`;
  const down = floor(multiples);
  const nearest = `(${down} + CASE WHEN ${multiples} - ${down} >= ${double('0.5')} THEN ${double('1')} ELSE ${double('0')} END)`;
  const sign = `CASE WHEN ${value} < 0 THEN ${double('-1')} ELSE ${double('1')} END`;
  const tooMany = `${multiples} >= ${double(String(2n ** 53n))}`;
  return `CASE WHEN ${tooMany} THEN ${value} WHEN ${nearest} = ${double('0')} THEN ${double('0')} ELSE ${sign} * (${nearest} * ${parts} / ${unit}) END`;
}

/** `round-to` for exact numbers. `multiple`: of the same type as the value; `add`: the sum, or the first where that is too large. */
export function renderRoundExact(
  value: string,
  multiple: string,
  add: (nearer: string, step: string) => string,
): string {
  const rest = `(${value} % ${multiple})`;
  const nearer = `(${value} - ${rest})`;
  const step = `CASE WHEN ${value} < 0 THEN -${multiple} ELSE ${multiple} END`;
  return `CASE WHEN abs(${rest}) >= ${multiple} - abs(${rest}) THEN ${add(nearer, step)} ELSE ${nearer} END`;
}
