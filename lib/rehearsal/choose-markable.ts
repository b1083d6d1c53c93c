import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan/plan';
import type { Histogram } from '../domain/privacy/histogram/histogram';
import type { Solution } from '../domain/privacy/search/solution';
import { findMarkable } from '../domain/privacy/treatments/find-markable';

/** How a delivery is generalised, and what that was found from. */
export interface Solved {
  readonly histogram: Histogram;
  readonly solution: Solution;
}

/** The part of a release's task that follows from the solution: with it, where the leg has a watermark, who may be left out. */
export function chooseMarkable(dataset: PlannedDataset, leg: PlannedLeg, { histogram, solution }: Solved) {
  if (leg.watermark === undefined || dataset.privacy === undefined) return { solution };
  return { solution, markable: findMarkable(histogram, solution, dataset.privacy, leg.watermark) };
}
