import type { Ladder } from '../lib/domain/privacy/hierarchies/ladder';
import { createClassMerger } from '../lib/domain/privacy/histogram/class-merger';
import { countTuples } from '../lib/domain/privacy/histogram/count-tuples';
import type { Histogram } from '../lib/domain/privacy/histogram/histogram';
import type { CensusProblem } from './census';

/** Leaves per level of fifteen quasi-identifiers; each level merges runs of leaves. 11,197,440 nodes; of the first twelve 466,560. */
const COLUMNS: readonly (readonly number[])[] = [
  [80, 16, 8, 4, 1], // age
  [1000, 100, 10, 1], // postcode
  [2, 1], // sex
  [7, 2, 1], // marital status
  [16, 6, 3, 1], // education
  [40, 4, 1], // country of birth
  [8, 3, 1], // class of work
  [14, 3, 1], // occupation
  [5, 1], // ethnicity
  [20, 5, 1], // income band
  [6, 3, 1], // persons in the household
  [4, 1], // housing
  [60, 12, 4, 1], // months as a customer
  [24, 6, 1], // tariff
  [30, 1], // device
];

/**
 * `related`: people have an age, a wealth and a place, and most columns follow from one or two of them; values are
 * skewed, as in a census. `skewed`: as skewed, each column by itself. `even`: every value as likely, each column by
 * itself, the worst case of all: hardly two rows are alike at any level but the coarsest.
 */
export type WideShape = 'related' | 'skewed' | 'even';

export const WIDE_SHAPES: readonly WideShape[] = ['related', 'skewed', 'even'];

/** Per column, how much of age, wealth and place is in it; the rest is chance. */
const TRAITS: readonly (readonly [number, number, number])[] = [
  [1, 0, 0],
  [0, 0.2, 0.97],
  [0, 0, 0],
  [0.75, 0.1, 0],
  [-0.2, 0.75, 0],
  [0, -0.2, 0.6],
  [0.2, 0.6, 0],
  [0, 0.8, 0.1],
  [0, -0.1, 0.6],
  [0.3, 0.85, 0],
  [0.6, 0.1, 0],
  [0.4, 0.6, 0.2],
  [0.6, 0, 0],
  [0.1, 0.6, 0],
  [-0.4, 0.5, 0],
];

/** Rows of a fixed seed, as the solver is given them; of the first so many columns. */
export function generateWide(shape: WideShape, rows: number, count = COLUMNS.length): CensusProblem {
  const columns = COLUMNS.slice(0, count);
  const codes = columns.map(() => new Uint32Array(rows));
  const random = createRandom(1994);
  for (let row = 0; row < rows; row++) {
    const traits = [drawNormal(random), drawNormal(random), drawNormal(random)];
    for (const [column, sizes] of columns.entries())
      codes[column]![row] = Math.min(sizes[0]! - 1, Math.floor(drawShare(shape, column, traits, random) * sizes[0]!));
  }
  const ladders = columns.map(climb);
  const each = tabulate(codes, new Uint32Array(rows).fill(1));
  const { tuples, rows: counts } = createClassMerger(each, ladders).merge(
    countTuples(each, []),
    ladders.map(() => 0),
  );
  const histogram = tabulate(
    codes.map((all) => tuples.map((row) => all[row]!)),
    counts,
  );
  return { histogram, ladders, weights: ladders.map(() => 1) };
}

/** Where a row stands among the leaves of a column, 0 up to 1; low ones are the frequent ones. */
function drawShare(shape: WideShape, column: number, traits: readonly number[], random: () => number): number {
  if (shape === 'even') return random();
  const skew = column === 0 ? 1 : 2;
  if (shape === 'skewed') return random() ** skew;
  const parts = TRAITS[column]!;
  const known = parts.reduce((sum, part, trait) => sum + part * traits[trait]!, 0);
  const chance = Math.sqrt(Math.max(0, 1 - parts.reduce((sum, part) => sum + part * part, 0)));
  return toShare(known + chance * drawNormal(random)) ** skew;
}

function tabulate(codes: readonly Uint32Array[], rows: Uint32Array): Histogram {
  return {
    tuples: rows.length,
    columns: codes.map((own, column) => ({
      name: `c${column}`,
      values: Array.from({ length: COLUMNS[column]![0]! }, (_, leaf) => String(leaf)),
      codes: own,
    })),
    rows,
    subjects: rows,
    spanning: { offsets: Uint32Array.of(0), tuples: new Uint32Array() },
    sensitive: [],
  };
}

function climb(sizes: readonly number[]): Ladder {
  const leaves = sizes[0]!;
  return {
    kind: 'ladder',
    levels: sizes.map((size, level) => {
      const codes = Uint32Array.from({ length: leaves }, (_, leaf) => Math.floor((leaf * size) / leaves));
      const shares = new Float64Array(size);
      for (const code of codes) shares[code]! += 1 / leaves;
      return { shown: Array.from({ length: size }, (_, code) => `${level}.${code}`), codes, shares };
    }),
  };
}

/** Numbers from 0 up to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of mean 0 and deviation 1 (Box and Muller). */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The share of a normal distribution below `value` (logistic approximation, good to 0.01). */
function toShare(value: number): number {
  return 1 / (1 + Math.exp(-1.702 * value));
}
