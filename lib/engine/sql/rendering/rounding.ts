import type { ColumnType } from '../../../domain/agreement/plan/plan';
import { parseDecimal } from '../../../domain/privacy/treatments/decimal';
import type { ExactType } from './sql-expression';

/** What an engine's dialect says of its doubles and exact numbers, for the sums that all write alike. */
interface RoundingParts {
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

/** What a dialect says of its own, for means of exact numbers. */
export interface MeanParts {
  readonly renderType: (type: ColumnType) => string;
  /** A whole number, or a text of one, as one of 38 digits. */
  readonly wide: (number: string) => string;
  /** Whole part of a division, neither side being negative. */
  readonly quotient: (dividend: string, divisor: string) => string;
}

/** `units-above`. Decimals are told in units by their own digits. */
export function renderUnitsAbove(
  value: string,
  lower: string,
  type: ExactType,
  { wide, renderType }: MeanParts,
): string {
  if (type.kind === 'integer') return `(${wide(value)} - ${wide(lower)})`;
  const all = renderType({ kind: 'decimal', precision: 38, scale: type.scale });
  const digits = `CAST((CAST(${value} AS ${all}) - CAST(${lower} AS ${all})) AS ${renderType({ kind: 'string' })})`;
  return wide(`replace(${digits}, '.', '')`);
}

/** More than a type of 38 digits holds, so that some stand before the point whatever its scale. */
const DIGITS = 39;

/** `add-mean`: down to a whole digit, and one more where what is left is nearer to that, or half way and above 0. */
export function renderAddMean(
  [value, units, rows]: readonly [value: string, units: string, rows: string],
  type: ExactType,
  { wide, quotient, renderType }: MeanParts,
): string {
  const scale = type.kind === 'decimal' ? type.scale : 0;
  const [left, right] = [wide(units), wide(rows)];
  const all = renderType({ kind: 'decimal', precision: 38, scale });
  const base = scale === 0 ? wide(value) : `CAST(${value} AS ${all})`;
  // By its digits: as a product by the last digit it would have as many more before the point as there are behind it.
  const point = (count: string) => {
    const digits = `lpad(CAST(${count} AS ${renderType({ kind: 'string' })}), ${DIGITS}, '0')`;
    return `CAST(concat(substr(${digits}, 1, ${DIGITS - scale}), '.', substr(${digits}, ${DIGITS + 1 - scale})) AS ${all})`;
  };
  const more = (count: string) => `(${base} + ${scale === 0 ? wide(count) : point(count)})`;
  const down = quotient(left, right);
  const twice = `(2 * (${left} % ${right}))`;
  const isUp = `CASE WHEN ${more(down)} < 0 THEN ${twice} > ${right} ELSE ${twice} >= ${right} END`;
  return `CAST(${more(`(${down} + CASE WHEN ${isUp} THEN 1 ELSE 0 END)`)} AS ${renderType(type)})`;
}

/** The first day of a date's decade; there is no year 0. */
export function renderDecade(day: string): string {
  return `make_date(CASE WHEN year(${day}) < 10 THEN 1 ELSE year(${day}) - year(${day}) % 10 END, 1, 1)`;
}
