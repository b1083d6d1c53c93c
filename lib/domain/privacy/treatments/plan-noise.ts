import type { Treatment } from './treatment';

/**
 * How noise is drawn, in whole numbers alone, so that every engine draws the same: 2 × `thresholds.length` uniform numbers
 * of 32 bits, the first half for what is added, the second for what is taken away. Bit i of each half is 1 where its number
 * is below `thresholds[i]`.
 */
interface NoisePlan {
  readonly thresholds: readonly number[];
  /** Steps that a value moves by at most. */
  readonly most: number;
}

/** One part in 2^32 is the finest chance that is drawn. */
const CHANCES = 2 ** 32;

/** More binary digits than this are not drawn: a plan with more is none. */
export const NOISE_DIGITS = 40;

/**
 * Discrete Laplace noise (Ghosh, Roughgarden and Sundararajan, 2009) in whole steps: the chance of k steps falls like
 * e^(−epsilon × |k| / range), where the range is that of the bounds, in steps, which are multiples of the step. Of a geometric
 * number of that kind the binary digits are independent of one another, and the difference of two is the noise. A digit whose
 * chance is below 2^-33 is never drawn; with the rounding of the others that makes a delta of less than 2^-26.
 */
export function planNoise({ epsilon, bottom, top, step }: Extract<Treatment, { kind: 'noise' }>): NoisePlan {
  const range = Math.round((Number(top) - Number(bottom)) / Number(step));
  const thresholds: number[] = [];
  while (thresholds.length <= NOISE_DIGITS) {
    const chance = 1 / (1 + Math.exp((epsilon * 2 ** thresholds.length) / range));
    const threshold = Math.round(chance * CHANCES);
    if (threshold === 0) break;
    thresholds.push(threshold);
  }
  return { thresholds, most: 2 ** thresholds.length - 1 };
}
