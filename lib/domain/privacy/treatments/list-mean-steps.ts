import type { ColumnType } from '../../agreement/plan/plan';
import { formatDecimal } from './decimal';
import { OWN_VALUE_IN } from './own-value-in';

/** A step of `text`, for groups whose values lie no more than `atMost` last digits apart. */
interface MeanStep {
  readonly atMost: string;
  readonly text: string;
}

/** Of what both engines count in. */
const MOST_DIGITS = 38;
/** Of an integer of 64 bits, whose last step is five with eighteen zeros. */
const INTEGER_DIGITS = 19;

/**
 * What means and medians of groups of `k` rows or more are rounded to, by how far a group's values lie apart: the least of 1, 2, 5, 10, 20 …
 * last digits that is at least that distance divided by k. So the difference of a group's sums in two rounds, each of k rows
 * or more and known to half a step for each row, tells of one who left no more than that he was in the group. Of a median,
 * which is one row's own value, small steps are left out (see `OWN_VALUE_IN`), unless all of the group have the same.
 */
export function listMeanSteps(
  type: Extract<ColumnType, { readonly kind: 'decimal' }> | { readonly kind: 'integer' },
  k: number,
  centre: 'mean' | 'median',
): readonly MeanStep[] {
  const [digits, scale] = type.kind === 'decimal' ? [type.precision, type.scale] : [INTEGER_DIGITS, 0];
  const most = 10n ** BigInt(MOST_DIGITS) - 1n;
  const steps = Array.from({ length: digits * 3 }, (_, place) => {
    const units = [1n, 2n, 5n][place % 3]! * 10n ** BigInt(Math.floor(place / 3));
    const atMost = units * BigInt(k);
    return { atMost: atMost < most ? atMost : most, text: formatDecimal({ digits: units, scale }) };
  });
  const wide = steps.filter(({ atMost }) => atMost >= OWN_VALUE_IN);
  const same = steps.slice(0, 1).map(({ text }) => ({ atMost: 0n, text }));
  const chosen = centre === 'mean' ? steps : [...same, ...(wide.length > 0 ? wide : steps.slice(-1))];
  return chosen.map(({ atMost, text }) => ({ atMost: String(atMost), text }));
}
