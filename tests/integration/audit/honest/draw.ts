import { seedRandom } from '../../../fixtures/seed-random';

/** What is drawn by a seed: the same for the same one. */
export interface Draw {
  /** From 0, below 1. */
  readonly share: () => number;
  /** A whole number below `end`. */
  readonly below: (end: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
}

export function openDraw(seed: number): Draw {
  const share = seedRandom(seed);
  const below = (end: number) => Math.floor(share() * end);
  return { share, below, chance: (least) => share() < least, pick: (from) => from[below(from.length)]! };
}
