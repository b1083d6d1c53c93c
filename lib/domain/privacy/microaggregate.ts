import type { ColumnType } from '../agreement/plan';
import { type Decimal, formatDecimal, parseDecimal } from './decimal';
import type { Treatment } from './treatment';

/** The values of a column in their order, each once: their rows, and the subjects that have no smaller value. */
export interface ValueCounts {
  /** Canonical texts. */
  readonly values: readonly string[];
  readonly rows: ArrayLike<number>;
  readonly subjects: ArrayLike<number>;
}

/**
 * Univariate microaggregation (Defays and Anwar, 1998). Neighbouring values are put together until they hold `k` subjects, in
 * ascending order; what is left at the end joins the last group. Each group shows the mean of its rows, exact and rounded to
 * the column's last digit, half way away from 0; or their median, of an even number the lower one. Where all together are
 * fewer than k, nothing is shown.
 */
export function microaggregate(
  counts: ValueCounts,
  type: ColumnType,
  { k, centre }: Extract<Treatment, { kind: 'microaggregate' }>,
): readonly (string | null)[] {
  const replacements: (string | null)[] = [];
  for (const { start, end } of groupValues(counts.subjects, counts.values.length, k)) {
    const shown = centre === 'mean' ? meanOf(counts, start, end, type) : medianOf(counts, start, end);
    for (let index = start; index < end; index++) replacements[index] = shown;
  }
  return replacements.length > 0 ? replacements : counts.values.map(() => null);
}

interface Group {
  readonly start: number;
  /** Excluded. */
  readonly end: number;
}

function groupValues(subjects: ArrayLike<number>, length: number, k: number): readonly Group[] {
  const groups: Group[] = [];
  let start = 0;
  let held = 0;
  for (let index = 0; index < length; index++) {
    held += subjects[index]!;
    if (held < k) continue;
    groups.push({ start, end: index + 1 });
    start = index + 1;
    held = 0;
  }
  const last = groups.pop();
  return last === undefined ? [] : [...groups, { start: last.start, end: length }];
}

function meanOf({ values, rows }: ValueCounts, start: number, end: number, type: ColumnType): string {
  const scale = type.kind === 'decimal' ? type.scale : 0;
  let sum = 0n;
  let count = 0n;
  for (let index = start; index < end; index++) {
    const weight = BigInt(rows[index]!);
    sum += unitsOf(parseDecimal(values[index]!), scale) * weight;
    count += weight;
  }
  return formatDecimal({ digits: divideRounded(sum, count), scale });
}

function unitsOf(value: Decimal | undefined, scale: number): bigint {
  if (value === undefined || value.scale > scale) throw new Error('A value is not of its column.');
  return value.digits * 10n ** BigInt(scale - value.scale);
}

/** Half way away from 0; the divisor is above 0. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

function medianOf({ values, rows }: ValueCounts, start: number, end: number): string {
  let total = 0;
  for (let index = start; index < end; index++) total += rows[index]!;
  let passed = 0;
  let index = start;
  for (; index < end - 1; index++) {
    passed += rows[index]!;
    if (2 * passed >= total) break;
  }
  return values[index]!;
}
