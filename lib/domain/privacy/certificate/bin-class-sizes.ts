import type { ClassSizeCount } from '../histogram/class-size-count';
import type { ClassSizeBin } from './certificate';

/** At most so many bins on either side of k. */
const BINS_BELOW = 4;
const BINS_FROM_K = 8;

/**
 * Counts classes in at most twelve bins without gaps, from one subject to the largest class. One bin begins at k; from
 * there the bounds grow, and fall, by the least power of two that needs no more bins: 1, 2–4, 5–9, 10–19 … for k = 5.
 */
export function binClassSizes(sizes: readonly ClassSizeCount[], k: number): readonly ClassSizeBin[] {
  const largest = sizes.reduce((most, { subjects }) => Math.max(most, subjects), 0);
  if (largest === 0) return [];
  const starts = listStarts(k, largest);
  const bins = starts.map((from, index) => ({ from, to: (starts[index + 1] ?? largest + 1) - 1, classes: 0, rows: 0 }));
  for (const { subjects, classes, rows } of sizes) {
    const bin = bins.findLast(({ from }) => from <= subjects);
    if (!bin) throw new RangeError('A class without subjects has no size to be counted by.');
    bin.classes += classes;
    bin.rows += rows;
  }
  return bins;
}

function listStarts(k: number, largest: number): readonly number[] {
  const below: number[] = [];
  const fall = chooseFactor(k, BINS_BELOW);
  for (let bound = k; bound > 1; ) {
    bound = Math.floor(bound / fall) || 1;
    below.unshift(bound);
  }
  const from: number[] = [];
  const growth = chooseFactor((largest + 1) / k, BINS_FROM_K);
  for (let bound = k; bound <= largest; bound *= growth) from.push(bound);
  return [...below.filter((start) => start <= largest), ...from];
}

/** The least power of two that spans a ratio in so many steps. */
function chooseFactor(ratio: number, steps: number): number {
  let factor = 2;
  while (factor ** steps < ratio) factor *= 2;
  return factor;
}
