import type { Histogram } from '../histogram/histogram';
import { invertGroups } from './invert-groups';

/** Subjects by the regions that they have rows in, while these are cut: the same group, the same set of regions. */
export interface LinkedGroups {
  /** Whether every group that has rows in a region is still large enough where this is cut into these two. */
  readonly allows: (lower: Uint32Array, upper: Uint32Array) => boolean;
  /** The region is cut. */
  readonly cut: (lower: Uint32Array, upper: Uint32Array) => void;
}

/** In which part of a cut region a group's subjects have rows; a number of its own with the group's. */
const PARTS = 3;

/**
 * `wholes`: the regions to begin with. `least`: subjects that a group must hold. A cut parts the groups that have the region
 * in their set, and no others; each in three at most: who is below, who is above, and who is in both.
 */
export function createLinkedGroups(
  { tuples, subjects, spanning }: Histogram,
  wholes: readonly { readonly tuples: Uint32Array }[],
  least: number,
): LinkedGroups {
  const subjectsOf = invertGroups(spanning.offsets, spanning.tuples, tuples);
  /** Of the subjects who have all their rows in a tuple's region. */
  const aloneOf = new Uint32Array(tuples);
  for (const [index, whole] of wholes.entries()) for (const tuple of whole.tuples) aloneOf[tuple] = index;
  const { groupOf, groups } = groupByWholes(spanning, wholes, tuples);
  let known = groups;
  /** 1 for a subject met below, 2 above, 3 in both; 0 between two calls. */
  const metIn = new Uint8Array(groupOf.length);

  function meet(lower: Uint32Array, upper: Uint32Array): readonly number[] {
    const met: number[] = [];
    for (const [part, held] of [lower, upper].entries())
      for (const tuple of held)
        for (let place = subjectsOf.offsets[tuple]!; place < subjectsOf.offsets[tuple + 1]!; place++) {
          const subject = subjectsOf.members[place]!;
          if (metIn[subject] === 0) met.push(subject);
          metIn[subject]! |= 1 << part;
        }
    return met;
  }

  return {
    allows: (lower, upper) => {
      const sizes = new Map<number, number>();
      const add = (part: number, count: number) => sizes.set(part, (sizes.get(part) ?? 0) + count);
      for (const [part, held] of [lower, upper].entries())
        for (const tuple of held) if (subjects[tuple]! > 0) add(PARTS * aloneOf[tuple]! + part, subjects[tuple]!);
      for (const subject of meet(lower, upper)) {
        add(PARTS * groupOf[subject]! + metIn[subject]! - 1, 1);
        metIn[subject] = 0;
      }
      for (const size of sizes.values()) if (size < least) return false;
      return true;
    },
    cut: (lower, upper) => {
      const numbers = new Map<number, number>();
      const numberOf = (part: number) => {
        const number = numbers.get(part) ?? known++;
        numbers.set(part, number);
        return number;
      };
      for (const subject of meet(lower, upper)) {
        groupOf[subject] = numberOf(PARTS * groupOf[subject]! + metIn[subject]! - 1);
        metIn[subject] = 0;
      }
      for (const [part, held] of [lower, upper].entries())
        for (const tuple of held) aloneOf[tuple] = numberOf(PARTS * aloneOf[tuple]! + part);
    },
  };
}

/** Whoever has rows in one of the wholes alone has its number for a group. */
function groupByWholes(
  { offsets, tuples: listed }: Histogram['spanning'],
  wholes: readonly { readonly tuples: Uint32Array }[],
  tuples: number,
): { readonly groupOf: Uint32Array; readonly groups: number } {
  const wholeOf = new Int32Array(tuples).fill(-1);
  for (const [index, whole] of wholes.entries()) for (const tuple of whole.tuples) wholeOf[tuple] = index;
  const numbers = new Map(wholes.map((_, index) => [String(index), index]));
  const groupOf = new Uint32Array(offsets.length - 1);
  for (let subject = 0; subject < groupOf.length; subject++) {
    const own = new Set(
      Array.from(listed.subarray(offsets[subject], offsets[subject + 1]), (tuple) => wholeOf[tuple]!),
    );
    own.delete(-1);
    const key = [...own].sort((one, other) => one - other).join();
    groupOf[subject] = numbers.get(key) ?? numbers.size;
    numbers.set(key, groupOf[subject]!);
  }
  return { groupOf, groups: numbers.size };
}
