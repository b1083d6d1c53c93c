import type { Node } from '../histogram/class-merger';
import { precedes } from './lattice-box';

export interface SearchBudget {
  /** Classes that may be looked at, over all nodes counted; the same on every machine. */
  readonly classes: number;
  /** Asked after every node counted: whether to end with the best found so far. */
  readonly shouldStop?: () => boolean;
}

export const NO_BUDGET: SearchBudget = { classes: Number.POSITIVE_INFINITY };

export interface SolveProgress {
  /** Nodes counted so far. */
  readonly checked: number;
  /** Share of the lattice that is decided, 0 to 1. */
  readonly settled: number;
  /** Of the best solution so far; see `SearchResult`. */
  readonly gap?: number;
}

export interface SearchResult {
  /** Absent when no node meets the floor, or none was found before the search ended. */
  readonly best?: Candidate;
  readonly checked: number;
  /** By how much, as a share of its cost, the best one may be above the true optimum: 0 when it is that. */
  readonly gap: number;
  /** What ended a search that did not come to its end. */
  readonly endedBy?: 'budget' | 'clock';
}

interface Candidate {
  /** By the metric, suppression included. */
  readonly cost: number;
  readonly suppressed: number;
  readonly node: Node;
}

/** What is known while a lattice is searched. */
export interface SearchRun {
  /** Before anything is looked at. It does not come back where the budget is spent. */
  readonly heed: () => void;
  /** The same, before a node is looked at. */
  readonly begin: () => void;
  /** Classes that were looked at. */
  readonly spend: (classes: number) => void;
  /** Nodes of which this pass need not know more. */
  readonly settle: (nodes: number) => void;
  /** A node that keeps the floor: it is the best from now on, if it is better than that. */
  readonly offer: (candidate: Candidate) => void;
  /** Whether it would be the best; of a bound, whether a node that keeps to it could be. */
  readonly wouldBeBest: (candidate: Candidate) => boolean;
  /** The same, by more than the gap that this pass is content with. */
  readonly mayImprove: (candidate: Candidate) => boolean;
  /** What costs more than this does not improve; infinite as long as there is no best one. */
  readonly target: () => number;
  /** Infinite, too, as long as there is no best one. */
  readonly bestCost: () => number;
  /**
   * Goes through the lattice once for each gap, so that an early end leaves one that is proven. `bound`: what no node is
   * below. `boundNow`: where a pass is ended, what no node is below that is better than the best. The last gap is 0.
   */
  readonly pass: (
    gaps: readonly number[],
    bound: number,
    goThrough: () => void,
    boundNow?: () => number,
  ) => SearchResult;
}

/** Costs that differ by less are taken as equal: they do so by rounding. */
const COST_ROUNDING = 1e-12;

class SearchEnded extends Error {}

/**
 * Of nodes with equal cost that with the fewest suppressed rows is the best, then the one of lexicographically smaller
 * levels. `nodes`: of the whole lattice.
 */
export function createSearchRun(
  nodes: number,
  budget: SearchBudget,
  onProgress?: (progress: SolveProgress) => void,
): SearchRun {
  let best: Candidate | undefined;
  let checked = 0;
  let seen = 0;
  let settled = 0;
  let tolerance = 0;
  let proven = 0;

  const gapOf = ({ cost }: Candidate) => (cost === 0 ? 0 : Math.max(0, (cost - proven) / cost));

  function heed(): void {
    if (checked > 0 && (seen > budget.classes || budget.shouldStop?.() === true)) throw new SearchEnded();
  }

  return {
    heed,
    begin: () => {
      heed();
      checked += 1;
    },
    spend: (classes) => {
      seen += classes;
      onProgress?.({ checked, settled: settled / nodes, ...(best && { gap: gapOf(best) }) });
    },
    settle: (count) => {
      settled += count;
    },
    offer: (candidate) => {
      if (improvesOn(best, candidate, 0)) best = candidate;
    },
    wouldBeBest: (candidate) => improvesOn(best, candidate, 0),
    mayImprove: (candidate) => improvesOn(best, candidate, tolerance),
    target: () => (best ? best.cost * (1 - tolerance) + COST_ROUNDING : Number.POSITIVE_INFINITY),
    bestCost: () => best?.cost ?? Number.POSITIVE_INFINITY,
    pass: (gaps, bound, goThrough, boundNow) => {
      proven = bound;
      try {
        for (tolerance of gaps) {
          settled = 0;
          goThrough();
          if (!best) break;
          proven = Math.max(proven, best.cost * (1 - tolerance));
        }
      } catch (error) {
        if (!(error instanceof SearchEnded)) throw error;
        if (best && boundNow) proven = Math.max(proven, boundNow());
        const endedBy = seen > budget.classes ? 'budget' : 'clock';
        return { checked, gap: best ? gapOf(best) : 1, endedBy, ...(best && { best }) };
      }
      return { checked, gap: 0, ...(best && { best }) };
    },
  };
}

/**
 * Whether the one is better than the best by more than this share. Also answers for bounds: when what is asked about is at
 * most a node's own and does not improve, nor does the node.
 */
function improvesOn(best: Candidate | undefined, { cost, suppressed, node }: Candidate, within: number): boolean {
  if (!best) return true;
  const target = best.cost * (1 - within);
  if (cost < target - COST_ROUNDING) return true;
  if (cost > target + COST_ROUNDING || within > 0) return false;
  if (suppressed !== best.suppressed) return suppressed < best.suppressed;
  return precedes(node, best.node);
}
