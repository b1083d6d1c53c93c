import { formatCount } from '../../domain/format';
import type { MappedTreatment } from '../sql/prepare-treatment';

export class TooManyValues extends Error {
  override readonly name = 'TooManyValues';
}

/** Some ten minutes of encryption, of the fifteen that a function has; and what is merged is held in memory at once. */
const MOST_REPLACED = 5_000_000;

/**
 * Asked before the values are read; the same on both engines, so that a rehearsal is refused what a deployed room would be.
 * @throws TooManyValues
 */
export function assertReplaceable(column: string, kind: MappedTreatment['kind'], values: number): void {
  if (values <= MOST_REPLACED) return;
  const [what, remedy] =
    kind === 'microaggregate'
      ? ['merged by microaggregation', 'Round it or generalise it, or declare fewer decimal places']
      : ['encrypted in their own form', 'Make it a token'];
  throw new TooManyValues(
    `Column ${column} has ${formatCount(values)} distinct values, and ${formatCount(MOST_REPLACED)} can be ${what}. ${remedy}.`,
  );
}
