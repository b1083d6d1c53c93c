import type { Plan, PlannedLeg } from './plan';
import type { Side } from './side';

/** What one side holds and does of an agreement. Whoever draws or grants reads `datasets` and `legs`, and so cannot go too far. */
export interface SidePlan extends Plan {
  readonly side: Side;
  /** Datasets whose raw data come to this side. */
  readonly datasets: Plan['datasets'];
  /** Legs whose releases are made here, and granted from here. */
  readonly legs: Plan['legs'];
  /** Legs that reach this side from another's room: no raw data, no treatment, only the release. */
  readonly incoming: readonly PlannedLeg[];
  /** Legs between other rooms: their commitments count for the escrow of the round, nothing of theirs comes here. */
  readonly elsewhere: readonly PlannedLeg[];
}

/** A plan that a room has on record; one of a file is of no side yet. */
export function isForSide(plan: Plan): plan is SidePlan {
  return 'side' in plan;
}

/** A hosted room has all of the plan; a party's own room its raw data, the legs it gives and those that it gets. */
export function planForSide(plan: Plan, side: Side): SidePlan {
  if (side.kind === 'hosted') return { ...plan, side, incoming: [], elsewhere: [] };
  const { party } = side;
  return {
    ...plan,
    side,
    datasets: plan.datasets.filter(({ owner }) => owner === party),
    legs: plan.legs.filter(({ from }) => from === party),
    incoming: plan.legs.filter(({ to }) => to === party),
    elsewhere: plan.legs.filter(({ from, to }) => from !== party && to !== party),
  };
}
