import type { Node } from '../../histogram/class-merger';
import type { LatticeMap } from '../lattice-map';
import { createNodeSet } from '../node-set';

/** What is known of nodes without looking at them. */
export interface KnownNodes {
  /** Too fine, or offered, or too dear for the pass at hand. */
  readonly isCovered: (place: number) => boolean;
  /** It is too fine, and so are all below it. */
  readonly ruleOut: (node: Node) => void;
  /** As words of a `NodeSet`. */
  readonly ruleOutAll: (words: Int32Array) => void;
  /** It has been offered, or is too fine as all below it are known to be: there is no more to know of it. */
  readonly settle: (node: Node) => void;
  /** It keeps the limit, and all below it cost at least what their levels do by these, lost rows included. */
  readonly bound: (node: Node, costs: readonly (readonly number[])[]) => void;
  /** For a pass that aims at something else, or at a better best. */
  readonly aimAnew: () => void;
  /** Those that are too fine or offered, to go on from. */
  readonly copy: () => ReturnType<typeof createNodeSet>;
}

/** More than what sums of costs differ by for rounding. */
const COST_ROUNDING = 1e-11;

/** `target`: what costs more is too dear. */
export function createKnownNodes(map: LatticeMap, target: () => number): KnownNodes {
  const done = createNodeSet(map);
  const dear = createNodeSet(map);
  const bounds: { readonly node: Node; readonly costs: readonly (readonly number[])[] }[] = [];
  const addDear = ({ node, costs }: (typeof bounds)[number]) =>
    dear.addDearBelow(node, costs, target() + COST_ROUNDING);
  return {
    isCovered: (place) => done.has(place) || dear.has(place),
    ruleOut: done.addBelow,
    ruleOutAll: done.addAll,
    settle: (node) => done.add(map.placeOf(node)),
    bound: (node, costs) => {
      bounds.push({ node, costs });
      addDear({ node, costs });
    },
    aimAnew: () => {
      dear.clear();
      for (const bound of bounds) addDear(bound);
    },
    copy: () => {
      const set = createNodeSet(map);
      set.become(done);
      return set;
    },
  };
}
