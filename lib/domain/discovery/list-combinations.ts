import type { Combination } from './column-profile';

/** A combination under which nearly every row stands alone: adding a column says nothing new. */
const NEARLY_ALL = 0.95;

/**
 * The combinations of that many columns that are worth counting: none of which a part singles nearly everybody out already.
 * @param counted Those of fewer columns, all of them that were worth it.
 */
export function listCombinations(
  columns: readonly string[],
  size: number,
  counted: readonly Combination[],
): readonly (readonly string[])[] {
  const saturated = counted.filter(({ alone }) => alone >= NEARLY_ALL);
  return choose(columns, size).filter(
    (chosen) => !saturated.some((part) => part.columns.every((name) => chosen.includes(name))),
  );
}

function choose(columns: readonly string[], size: number): readonly (readonly string[])[] {
  if (size === 0) return [[]];
  return columns.flatMap((first, index) =>
    choose(columns.slice(index + 1), size - 1).map((others) => [first, ...others]),
  );
}

/** The combinations that single out most, the smaller first among equals; one whose part does nearly as much is left out. */
export function rankCombinations(counted: readonly Combination[], most: number): readonly Combination[] {
  const ranked = counted
    .filter(({ alone }) => alone > 0)
    .toSorted((left, right) => right.alone - left.alone || left.columns.length - right.columns.length);
  const isPart = (part: Combination, whole: Combination) =>
    part.columns.length < whole.columns.length && part.columns.every((name) => whole.columns.includes(name));
  return ranked
    .filter((whole) => !ranked.some((part) => isPart(part, whole) && part.alone >= whole.alone * 0.95))
    .slice(0, most);
}
