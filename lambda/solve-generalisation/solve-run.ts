import { sha256 } from '../../lib/audit/node-crypto';
import type { PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import { type SolvedDataset, solveDataset } from '../../lib/domain/exchange/gates/solve-dataset';
import { tellGates } from '../../lib/domain/exchange/report/tell-problems';
import { holdLevels } from '../../lib/domain/privacy/hierarchies/fixed-levels';
import type { Histogram } from '../../lib/domain/privacy/histogram/histogram';
import type { PrivacyFloor } from '../../lib/domain/privacy/models/privacy-floor';
import type { Solution } from '../../lib/domain/privacy/search/solution';
import { markablePath, writeMarkable, writeSolution } from '../../lib/domain/privacy/search/write-solution';
import { findMarkable } from '../../lib/domain/privacy/treatments/find-markable';
import type { Registry } from '../../lib/domain/registry/registry';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import { findDataset, UnfitPlan } from '../shared/find-dataset';
import { leaveLines } from '../shared/leave-lines';
import type { Log } from '../shared/log';
import type { Objects } from '../shared/objects';
import { type ReadColumns, readHistogram } from './read-histogram';

/** What the workflow is told: whether it may go on, and if not, at which gate it ends. */
export type SolveAnswer =
  | { readonly kind: 'solved' }
  | { readonly kind: 'withheld'; readonly gate: string; readonly problems: readonly string[] };

interface SolveSurroundings {
  /** The landing bucket. */
  readonly objects: Objects;
  readonly readColumns: ReadColumns;
  /** What earlier rounds settled. */
  readonly levels: Pick<ReturnType<Registry['levels']>, 'read'>;
  /** Milliseconds until the function is cut off. */
  readonly remaining: () => number;
  readonly log: Log;
}

/** Kept back from the search, to build the classes of millions of tuples and to write them. */
const TO_WRITE = 180_000;

/**
 * Solves one delivery's generalisation: reads the plan and the histogram of its run, and leaves the solution beside them. The
 * first release of a data set version chooses its levels, and later ones have those or none.
 * A search that would outlast the function ends with the best it has found, and with the gap that is proven of it.
 * What the gates say in detail may name values, so it stays there, with the raw data.
 * @throws UnfitPlan, InconsistentHistogram: nothing is solved by a plan or by counts that cannot be trusted.
 */
export async function solveRun(
  run: WorkflowRun,
  { objects, readColumns, levels, remaining, log }: SolveSurroundings,
): Promise<SolveAnswer> {
  const { agreement, dataset: id, work } = run;
  const { plan, dataset } = findDataset(run, await objects.read(run.plan.key));
  const { privacy } = dataset;
  if (privacy === undefined) throw new UnfitPlan(`${agreement}/${id} has no classes, and so nothing to solve.`);
  const histogram = await readHistogram(dataset, `${work}histogram/`, objects, readColumns);
  const hold = holdLevels(dataset, await levels.read(id, dataset.version), sha256);
  const budget = { classes: Number.POSITIVE_INFINITY, shouldStop: () => remaining() < TO_WRITE };
  const solved = solveDataset(dataset, privacy, histogram, hold, { budget });
  const legs = plan.legs.filter((leg) => leg.dataset === id);
  if (solved.solution !== undefined) await leaveMarkable(solved.solution, histogram, privacy, legs, work, objects);
  await leaveSolution(solved, `${work}solution/`, objects);
  const failed = solved.gates.find(({ passed }) => !passed);
  const { search, suppressedRows = 0 } = solved.solution ?? {};
  const counts = { levels: hold.kind, tuples: histogram.tuples, suppressedRows };
  const found = search && {
    mode: search.mode,
    ...(search.gap !== undefined && { gap: search.gap }),
    ...(search.endedBy && { endedBy: search.endedBy }),
  };
  log.info('Generalisation solved', {
    agreement,
    dataset: id,
    run: run.run,
    withheldAt: failed?.gate ?? '',
    ...counts,
    ...found,
  });
  return failed === undefined
    ? { kind: 'solved' }
    : { kind: 'withheld', gate: failed.gate, problems: tellGates(solved.gates) };
}

async function leaveMarkable(
  solution: Solution,
  histogram: Histogram,
  floor: PrivacyFloor,
  legs: readonly PlannedLeg[],
  work: string,
  objects: Objects,
): Promise<void> {
  for (const { id, watermark } of legs) {
    if (watermark === undefined) continue;
    const lines = writeMarkable(findMarkable(histogram, solution, floor, watermark));
    await leaveLines(objects, `${work}${markablePath(id)}/`, lines);
  }
}

/** The record of it comes last: where it stands, all stands. */
async function leaveSolution({ gates, solution }: SolvedDataset, prefix: string, objects: Objects): Promise<void> {
  if (solution !== undefined) {
    const { tables, summary } = writeSolution(solution);
    for (const { name, lines } of tables) await leaveLines(objects, `${prefix}${name}/`, lines);
    await objects.write(`${prefix}solution.json`, JSON.stringify({ ...summary, gates }));
  } else await objects.write(`${prefix}solution.json`, JSON.stringify({ solutionVersion: 1, gates }));
}
