import type { Ladder } from '../hierarchies/ladder';
import type { Node } from '../histogram/class-merger';
import { BLOCK, MOST_CODES, type Step } from './lay-out-rows';

/** More bits than it takes to tell blocks apart, since columns tell in part the same. */
const SPARE_BITS = 3;

/**
 * By what to lay tuples out for a node: coarse steps, so that they serve many nodes, those that tell most first.
 * @param bitsAt per column and level, how many bits of a tuple it tells
 */
export function chooseSteps(
  node: Node,
  tuples: number,
  ladders: readonly Ladder[],
  bitsAt: readonly (readonly number[])[],
): readonly Step[] {
  let missing = Math.max(0, Math.log2(tuples / BLOCK)) + SPARE_BITS;
  const steps = ladders
    .map(({ levels }, column) => ({ column, level: Math.max(node[column]!, levels.length - 2) }))
    .filter(({ column, level }) => level < ladders[column]!.levels.length - 1)
    .map((step) => ({ ...step, bits: bitsAt[step.column]![step.level]! }))
    .sort((one, other) => other.bits - one.bits);
  let codes = 1;
  return steps.filter(({ column, level, bits }) => {
    const own = ladders[column]!.levels[level]!.shown.length;
    if (missing <= 0 || codes * own > MOST_CODES) return false;
    missing -= bits;
    codes *= own;
    return true;
  });
}
