import { formatCount } from '../../format';
import type { ClassTable, SensitiveCells } from '../histogram/class-table';
import type { ClassCriterion } from './class-criterion';
import type { DiversityFloor } from './privacy-floor';

/** Sums of logarithms and products of rows differ from what they should be by rounding alone. */
const ROUNDING = 1e-9;

/**
 * What one class holds of a sensitive column; missing values are left out. A subject counts once for each of its values:
 * a second value of one subject must not make up for what all of them share, nor many rows of one outweigh the others.
 */
interface Diversity {
  /** Subjects with a value, once for each. */
  readonly present: Float64Array;
  /** See `DiversityFloor`: distinct values, the number of equally frequent ones, or −(most frequent / the others). */
  readonly score: ArrayLike<number>;
}

/**
 * `missing`: code of the missing value, −1 where no row lacks one: a class of one value and of gaps tells the value.
 *
 * Parts of a class with too few distinct values have too few as well: all its rows are lost. Entropy is concave, so a
 * class of entropy H is no less uncertain than its parts are on average by holders; kept parts have log l at least, so of
 * its m holders m (1 − H / log l) are lost, with a row each. For recursive l let f be the most frequent value's holders
 * less `c` times the others'; no parting lowers the sum of f, it is below 0 in kept parts, and at most the holders of a
 * lost one: so f are lost at least. Both hold only where nobody in the class has rows in several tuples: such a subject is
 * in several parts, and its holders with it.
 */
export function createDiversity(floor: DiversityFloor, cells: number, missing: number): ClassCriterion {
  if (floor.measure === 'recursive') return createRecursive(floor, cells, missing);
  return floor.measure === 'entropy' ? createEntropy(floor, cells, missing) : createDistinct(floor, cells, missing);
}

/**
 * No value is one that all subjects of a class have: whoever knows that somebody is in it would know the value. Those with
 * a missing value are left out, as if they had no other. A class of one value alone has too few of them already.
 *
 * A part of such a class keeps this only with somebody in it who lacks the value there: who has it elsewhere, or was left
 * out of the class for a missing value beside it. Where nobody in the class has rows in several tuples and nobody has a
 * missing value, all its rows are lost.
 */
export function createUnshared(
  { column }: Pick<DiversityFloor, 'column'>,
  cells: number,
  missing: number,
): ClassCriterion {
  const measure = (table: ClassTable, known = countKnown(table, cells, missing)) =>
    measureShares(table, known, cells, missing);
  return {
    failure: `hold a value of ${column} that all of their subjects have`,
    score: (table) => measure(table).map((share) => -share),
    judge: (table, { fails, losses }) => {
      const known = countKnown(table, cells, missing);
      const shares = measure(table, known);
      for (let index = 0; index < fails.length; index++) {
        if (shares[index]! < 1) continue;
        fails[index] = 1;
        if (isSettled(table, index) && known[index] === table.subjects[index]) losses[index] = 1;
      }
    },
    relax: () => `ask no l of ${column}`,
  };
}

/** Per class, the greatest share of the subjects without a missing value that one value has; at most 1. */
function measureShares(table: ClassTable, known: Float64Array, cells: number, missing: number): Float64Array {
  const { classes, codes, holders } = table.sensitive[cells]!;
  const most = new Float64Array(table.classes);
  const distinct = countDistinct(table, cells, missing);
  for (let cell = 0; cell < classes.length; cell++)
    if (codes[cell] !== missing) most[classes[cell]!] = Math.max(most[classes[cell]!]!, holders[cell]!);
  return most.map((held, index) => (distinct[index]! < 2 ? 0 : held >= known[index]! ? 1 : held / known[index]!));
}

/** Per class, its subjects without a missing value. */
function countKnown({ subjects, sensitive }: ClassTable, cells: number, missing: number): Float64Array {
  const { classes, codes, holders } = sensitive[cells]!;
  const known = new Float64Array(subjects);
  for (let cell = 0; cell < classes.length; cell++)
    if (codes[cell] === missing) known[classes[cell]!]! -= holders[cell]!;
  return known;
}

function isSettled({ settled, subjects }: ClassTable, index: number): boolean {
  return settled[index] === subjects[index];
}

type Asked = Pick<DiversityFloor, 'column' | 'atLeast'>;

function createDistinct({ column, atLeast }: Asked, cells: number, missing: number): ClassCriterion {
  return {
    failure: `hold fewer than ${formatCount(atLeast)} values of ${column}`,
    score: (table) => countDistinct(table, cells, missing),
    judge: (table, { fails, losses }) => {
      const distinct = countDistinct(table, cells, missing);
      for (let index = 0; index < fails.length; index++) {
        if (distinct[index]! >= atLeast) continue;
        fails[index] = 1;
        losses[index] = 1;
      }
    },
    relax: (score) => relaxTo(column, score),
  };
}

function createEntropy({ column, atLeast }: Asked, cells: number, missing: number): ClassCriterion {
  return {
    failure: `hold less than the uncertainty of ${formatCount(atLeast)} equally frequent values of ${column}`,
    score: (table) => measureEntropy(table, cells, missing).score,
    judge: (table, { fails, losses }) => {
      const { present, score } = measureEntropy(table, cells, missing);
      for (let index = 0; index < fails.length; index++) {
        if (score[index]! >= atLeast - ROUNDING) continue;
        fails[index] = 1;
        const isBare = present[index] === 0;
        const lost = 1 - Math.log(Math.max(1, score[index]!)) / Math.log(atLeast) - ROUNDING;
        const share = isSettled(table, index) ? (lost * present[index]!) / table.rows[index]! : 0;
        losses[index] = Math.max(losses[index]!, isBare ? 1 : share);
      }
    },
    relax: (score) => relaxTo(column, score),
  };
}

function createRecursive(
  { column, atLeast, c }: Asked & { readonly c: number },
  cells: number,
  missing: number,
): ClassCriterion {
  const measure = (table: ClassTable) => measureRecursive(table.sensitive[cells]!, table.classes, missing, atLeast);
  return {
    failure: `hold a value of ${column} that outweighs the others (recursive l = ${atLeast}, c = ${c})`,
    score: (table) => measure(table).score,
    judge: (table, { fails, losses }) => {
      const { most, others } = measure(table);
      for (let index = 0; index < fails.length; index++) {
        const excess = most[index]! - c * others[index]!;
        if (excess < -ROUNDING) continue;
        fails[index] = 1;
        const share = isSettled(table, index) ? Math.max(0, excess - ROUNDING) / table.rows[index]! : 0;
        losses[index] = Math.max(losses[index]!, most[index] === 0 ? 1 : share);
      }
    },
    relax: (score) =>
      Number.isFinite(score)
        ? `raise c of ${column} to ${Math.floor(-score * 1000 + 1) / 1000}`
        : `ask no l of ${column}`,
  };
}

function relaxTo(column: string, score: number): string {
  const least = Math.floor(score + ROUNDING);
  return least >= 2 ? `lower l of ${column} to ${formatCount(least)}` : `ask no l of ${column}`;
}

function countDistinct(table: ClassTable, cells: number, missing: number): Uint32Array {
  const distinct = new Uint32Array(table.classes);
  const { classes, codes, holders } = table.sensitive[cells]!;
  for (let cell = 0; cell < classes.length; cell++)
    if (codes[cell] !== missing && holders[cell]! > 0) distinct[classes[cell]!]! += 1;
  return distinct;
}

function measureEntropy(table: ClassTable, cells: number, missing: number): Diversity {
  const { classes, codes, holders } = table.sensitive[cells]!;
  const present = new Float64Array(table.classes);
  const sums = new Float64Array(table.classes);
  for (let cell = 0; cell < classes.length; cell++) {
    const count = holders[cell]!;
    if (codes[cell] === missing || count === 0) continue;
    present[classes[cell]!]! += count;
    sums[classes[cell]!]! += count * Math.log(count);
  }
  const score = present.map((count, index) =>
    count === 0 ? 0 : Math.exp(Math.max(0, Math.log(count) - sums[index]! / count)),
  );
  return { present, score };
}

function measureRecursive({ classes, codes, holders }: SensitiveCells, count: number, missing: number, l: number) {
  const offsets = new Uint32Array(count + 1);
  const counts = (cell: number) => codes[cell] !== missing && holders[cell]! > 0;
  for (let cell = 0; cell < classes.length; cell++) if (counts(cell)) offsets[classes[cell]! + 1]! += 1;
  for (let index = 0; index < count; index++) offsets[index + 1]! += offsets[index]!;
  const next = offsets.slice();
  const sorted = new Uint32Array(offsets[count]!);
  for (let cell = 0; cell < classes.length; cell++) if (counts(cell)) sorted[next[classes[cell]!]!++] = holders[cell]!;
  const most = new Float64Array(count);
  const others = new Float64Array(count);
  const score = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const held = sorted.subarray(offsets[index], offsets[index + 1]).sort();
    most[index] = held.at(-1) ?? 0;
    for (let place = 0; place <= held.length - l; place++) others[index]! += held[place]!;
    score[index] = others[index] === 0 ? Number.NEGATIVE_INFINITY : -most[index]! / others[index]!;
  }
  return { most, others, score };
}
