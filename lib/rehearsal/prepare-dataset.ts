import { join } from 'node:path';
import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan';
import { judgeCleaning, judgeHierarchies, judgeSolution, judgeVerification } from '../domain/exchange/gates';
import type { GateResult, LegOutcome } from '../domain/exchange/round';
import { valueRelease } from '../domain/exchange/value-release';
import { buildLadder } from '../domain/privacy/build-ladder';
import type { RowCounts } from '../domain/privacy/certificate';
import { certifyRelease } from '../domain/privacy/certify-release';
import type { Histogram, HistogramColumn } from '../domain/privacy/histogram';
import { judgeRelease } from '../domain/privacy/judge-release';
import type { Solution } from '../domain/privacy/solution';
import { solveGeneralisation } from '../domain/privacy/solve-generalisation';
import type { CleanDelivery, Engine } from '../engine/engine';
import { InvalidDelivery } from '../engine/invalid-delivery';
import { deriveLegKeys, readMasterKey } from './leg-keys';
import type { Rehearsal } from './rehearsal';

export interface DatasetPreparation extends Rehearsal {
  readonly dataset: PlannedDataset;
  readonly engine: Engine;
  /** SHA-256, hex. */
  readonly planHash: string;
}

/**
 * Takes one delivery through all gates of all its legs; certified releases wait in the escrow. Generalisation is solved
 * once for all receivers, so that two of them cannot intersect what they got.
 * @throws InvalidDelivery when the delivery is missing or cannot be read as its dataset.
 */
export async function prepareDataset(preparation: DatasetPreparation): Promise<readonly LegOutcome[]> {
  const { dataset, engine, plan, folder, onProgress } = preparation;
  const legs = plan.legs.filter((leg) => leg.dataset === dataset.id);
  const path = preparation.deliveries.get(dataset.id);
  if (path === undefined) throw missingDelivery(dataset.id);

  onProgress({ dataset: dataset.id, stage: 'clean' });
  const quarantine = join(folder.prepared, dataset.owner, 'quarantine', `${dataset.id}.csv`);
  const delivery = await engine.clean(dataset, path, quarantine);
  const gates = [judgeCleaning(dataset, delivery)];
  const stop = () => legs.map((leg): LegOutcome => ({ leg, gates, rows: countRows(delivery) }));
  if (!allPassed(gates)) return stop();

  const solved = await solveDataset(preparation, gates);
  if (!allPassed(gates)) return stop();

  const outcomes: LegOutcome[] = [];
  for (const leg of legs) outcomes.push(await prepareLeg(preparation, leg, delivery, gates, solved));
  return outcomes;
}

/** Adds its gates to `gates`; no solution where the dataset has no classes, or a gate failed. */
async function solveDataset(preparation: DatasetPreparation, gates: GateResult[]): Promise<Solution | undefined> {
  const { dataset, engine, onProgress } = preparation;
  const { privacy: floor, classColumns } = dataset;
  if (!floor) return undefined;
  onProgress({ dataset: dataset.id, stage: 'count' });
  const histogram = await engine.histogram(dataset);
  const ladders = classColumns.map(({ column, generalisation }) =>
    buildLadder(generalisation, typeInClass(dataset, column), findClassColumn(histogram, column)),
  );
  gates.push(judgeHierarchies(ladders.flatMap((ladder) => (ladder.kind === 'unknown-values' ? [ladder] : []))));
  if (!allPassed(gates)) return undefined;

  onProgress({ dataset: dataset.id, stage: 'solve' });
  const solution = solveGeneralisation({
    histogram,
    ladders: ladders.flatMap((ladder) => (ladder.kind === 'ladder' ? [ladder] : [])),
    weights: classColumns.map(({ weight }) => weight),
    floor,
  });
  gates.push(judgeSolution(solution));
  return solution.kind === 'solved' ? solution : undefined;
}

async function prepareLeg(
  preparation: DatasetPreparation,
  leg: PlannedLeg,
  delivery: CleanDelivery,
  passed: readonly GateResult[],
  solution: Solution | undefined,
): Promise<LegOutcome> {
  const { plan, dataset, engine, folder, onProgress } = preparation;
  const master = readMasterKey(preparation.keysFolder, plan.agreement.id, leg.from);
  const task = {
    dataset,
    leg,
    ...(solution && { solution }),
    keys: deriveLegKeys(master, plan.agreement.id, leg, dataset),
    file: join(folder.releases, `${leg.id}.parquet`),
  };
  onProgress({ dataset: dataset.id, stage: 'release', to: leg.to });
  await engine.release(task);
  onProgress({ dataset: dataset.id, stage: 'measure', to: leg.to });
  const measurement = await engine.measure(task);

  const rows = countRows(delivery, measurement.rows, solution?.suppressedRows);
  const verification = judgeVerification(judgeRelease(dataset.privacy, measurement, rows), measurement.rows);
  const gates = [...passed, verification];
  if (!verification.passed) return { leg, gates, rows };
  const certificate = certifyRelease({
    plan,
    dataset,
    leg,
    rows,
    measurement,
    ...(solution && { solution }),
    hashes: { input: delivery.files, plan: preparation.planHash, output: measurement.sha256 },
    tool: { name: 'barter-room', version: preparation.toolVersion, engine: engine.name },
  });
  const value = valueRelease({
    weight: plan.fairness.weights[dataset.id] ?? 1,
    subjects: measurement.subjects,
    completeness: measurement.completeness,
    loss: solution?.loss ?? 0,
  });
  return { leg, gates, rows, certificate, value };
}

function countRows(delivery: CleanDelivery, released = 0, suppressed = 0): RowCounts {
  const { received, rejected, rejectedBy } = delivery;
  return { received, rejected, rejectedBy, suppressed, released };
}

/** A masked column is text whatever it was before. */
function typeInClass(dataset: PlannedDataset, name: string) {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`The plan's class column ${name} is no column of dataset ${dataset.id}.`);
  return column.treatment.kind === 'mask' ? ({ kind: 'string' } as const) : column.type;
}

function findClassColumn(histogram: Histogram, name: string): HistogramColumn {
  const column = histogram.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`The histogram lacks class column ${name}.`);
  return column;
}

function allPassed(gates: readonly GateResult[]): boolean {
  return gates.every((gate) => gate.passed);
}

function missingDelivery(dataset: string): InvalidDelivery {
  return new InvalidDelivery(dataset, [
    { where: dataset, problem: 'no delivery was named', remedy: `Add --data ${dataset}=PATH.` },
  ]);
}
