import { join } from 'node:path';
import { sha256 } from '../audit/node-crypto';
import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan/plan';
import { judgeCleaning } from '../domain/exchange/gates/gates';
import { judgeLeg } from '../domain/exchange/gates/judge-leg';
import { solveDataset } from '../domain/exchange/gates/solve-dataset';
import { hashInput } from '../domain/exchange/rounds/find-repeated';
import type { GateResult, LegOutcome } from '../domain/exchange/rounds/round';
import type { RowCounts } from '../domain/privacy/certificate/certificate';
import { type FixedLevels, holdLevels, settleLevels } from '../domain/privacy/hierarchies/fixed-levels';
import type { CleanDelivery, Engine, ErasedSubjects } from '../engine/engine';
import { InvalidDelivery } from '../engine/invalid-delivery';
import { chooseMarkable, type Solved } from './choose-markable';
import { deriveErasureKey, deriveLegKeys } from './leg-keys';
import { readMasterKey } from './master-key';
import type { Rehearsal } from './rehearsal';
import { watchSearch } from './watch-search';

export interface OpenedDataset extends Rehearsal {
  readonly dataset: PlannedDataset;
  readonly engine: Engine;
}

interface DatasetPreparation extends OpenedDataset {
  /** SHA-256, hex. */
  readonly planHash: string;
}

interface PreparedDataset {
  readonly legs: readonly LegOutcome[];
  /** What its release settles for later rounds; absent for a dataset without classes. */
  readonly settled?: FixedLevels;
}

/**
 * Looks at a delivery before any is treated, which may take long.
 * @throws InvalidDelivery when it is missing or cannot be read as its dataset.
 */
export async function inspectDataset(opened: OpenedDataset): Promise<void> {
  const { dataset, engine, onProgress } = opened;
  onProgress({ dataset: dataset.id, stage: 'inspect' });
  await engine.inspect(dataset, findDelivery(opened));
}

/**
 * Takes one delivery through all gates of all its legs; certified releases wait in the escrow. Generalisation is solved
 * once for all receivers, so that two of them cannot intersect what they got.
 * @throws InvalidDelivery when the delivery is missing or cannot be read as its dataset.
 */
export async function prepareDataset(preparation: DatasetPreparation): Promise<PreparedDataset> {
  const { dataset, engine, plan, folder, onProgress } = preparation;
  const legs = plan.legs.filter((leg) => leg.dataset === dataset.id);
  const path = findDelivery(preparation);

  onProgress({ dataset: dataset.id, stage: 'clean' });
  const quarantine = join(folder.prepared, dataset.owner, 'quarantine', `${dataset.id}.csv`);
  const delivery = await engine.clean(dataset, path, quarantine, findErased(preparation));
  const gates = [judgeCleaning(dataset, delivery)];
  const stop = () => ({ legs: legs.map((leg): LegOutcome => ({ leg, gates, rows: countRefused(delivery) })) });
  if (!allPassed(gates)) return stop();

  const solved = await solveDelivery(preparation, gates);
  if (!allPassed(gates)) return stop();

  const outcomes: LegOutcome[] = [];
  for (const leg of legs) outcomes.push(await prepareLeg(preparation, leg, delivery, gates, solved));
  return { legs: outcomes, ...(solved && { settled: settleLevels(dataset, solved.solution, sha256) }) };
}

function findErased({ plan, dataset, keysFolder, erasedFrom }: DatasetPreparation): ErasedSubjects | undefined {
  const digests = erasedFrom?.(dataset.id) ?? [];
  if (digests.length === 0) return undefined;
  const master = readMasterKey(keysFolder, plan.agreement.id, dataset.owner);
  return { key: deriveErasureKey(master, plan.agreement.id, dataset), digests };
}

/** Adds its gates to `gates`; no solution where the dataset has no classes, or a gate failed. */
async function solveDelivery(preparation: DatasetPreparation, gates: GateResult[]): Promise<Solved | undefined> {
  const { dataset, engine, onProgress } = preparation;
  const { privacy: floor } = dataset;
  if (!floor) return undefined;
  onProgress({ dataset: dataset.id, stage: 'count' });
  const histogram = await engine.histogram(dataset);
  onProgress({ dataset: dataset.id, stage: 'solve' });
  const tell = (note: string) => onProgress({ dataset: dataset.id, stage: 'solve', note });
  const watch = watchSearch(tell, () => performance.now(), preparation.searchMinutes);
  const hold = holdLevels(dataset, preparation.record?.levelsOf(dataset), sha256);
  const solved = solveDataset(dataset, floor, histogram, hold, watch);
  gates.push(...solved.gates);
  return solved.solution && { histogram, solution: solved.solution };
}

async function prepareLeg(
  preparation: DatasetPreparation,
  leg: PlannedLeg,
  delivery: CleanDelivery,
  passed: readonly GateResult[],
  solved: Solved | undefined,
): Promise<LegOutcome> {
  const { plan, dataset, engine, folder, onProgress } = preparation;
  const master = readMasterKey(preparation.keysFolder, plan.agreement.id, leg.from);
  const earlier = preparation.record?.earlierOf(leg, dataset);
  const task = {
    dataset,
    leg,
    ...(earlier && earlier.known > 0 && { earlier: earlier.files }),
    ...(solved && chooseMarkable(dataset, leg, solved)),
    keys: deriveLegKeys(master, plan.agreement.id, leg, dataset),
    file: join(folder.releases, `${leg.id}.parquet`),
  };
  onProgress({ dataset: dataset.id, stage: 'release', to: leg.to });
  const { marked } = await engine.release(task);
  onProgress({ dataset: dataset.id, stage: 'measure', to: leg.to });
  const measurement = await engine.measure(task);

  const { certified, ...judged } = judgeLeg({
    plan,
    dataset,
    leg,
    cleaning: delivery,
    measurement,
    marked,
    passed,
    ...(solved && { solution: solved.solution, values: solved.histogram.columns }),
    ...(earlier && { earlier: earlier.known }),
    ...(preparation.record?.others && { others: preparation.record.others }),
    hashes: { input: hashInput(delivery.files, sha256), plan: preparation.planHash, output: measurement.sha256 },
    tool: { name: 'barter-room', version: preparation.toolVersion, engine: engine.name },
  });
  return { leg, ...judged, ...certified };
}

function countRefused({ received, rejected, rejectedBy }: CleanDelivery): RowCounts {
  return { received, rejected, rejectedBy, suppressed: 0, released: 0 };
}

function allPassed(gates: readonly GateResult[]): boolean {
  return gates.every((gate) => gate.passed);
}

function findDelivery({ dataset: { id: dataset }, deliveries }: OpenedDataset): string {
  const path = deliveries.get(dataset);
  if (path !== undefined) return path;
  throw new InvalidDelivery(dataset, [
    { where: dataset, problem: 'no delivery was named', remedy: `Add --data ${dataset}=PATH.` },
  ]);
}
