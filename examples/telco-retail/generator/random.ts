/** A stream of pseudo-random numbers: the same seed gives the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  chance(probability: number): boolean;
  /** Uniform, both ends included. */
  integer(from: number, to: number): number;
  /** Standard normal. */
  normal(): number;
  pick<T>(choice: Choice<T>): T;
}

/** Values to pick from, each as often as its weight says. */
export interface Choice<T> {
  readonly values: readonly T[];
  /** Running sums of the weights. */
  readonly sums: Float64Array;
}

/** mulberry32: 32 bits of state, which is plenty for made-up people and nothing to keep a secret with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    chance: (probability) => uniform() < probability,
    integer: (from, to) => from + Math.floor(uniform() * (to - from + 1)),
    // Box and Muller; 1 − u keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    pick: ({ values, sums }) => values[findSlot(sums, uniform() * sums[sums.length - 1]!)]!,
  };
}

export function weigh<T>(pairs: readonly (readonly [value: T, weight: number])[]): Choice<T> {
  const sums = new Float64Array(pairs.length);
  pairs.forEach(([, weight], index) => {
    sums[index] = weight + (index > 0 ? sums[index - 1]! : 0);
  });
  return { values: pairs.map(([value]) => value), sums };
}

/** The n-th value is picked 1/n^exponent as often as the first: a few common ones, a long tail. */
export function weighByRank<T>(values: readonly T[], exponent: number): Choice<T> {
  return weigh(values.map((value, rank) => [value, (rank + 1) ** -exponent] as const));
}

/** Index of the first running sum above `target`. */
function findSlot(sums: Float64Array, target: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
