import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../audit/node-crypto';
import type { Plan, PlannedDataset } from '../domain/agreement/plan/plan';
import { solveDataset } from '../domain/exchange/gates/solve-dataset';
import { type FixedLevels, holdLevels } from '../domain/privacy/hierarchies/fixed-levels';
import { judgeTrace, type LegTrace, type TraceVerdict } from '../domain/trace/judge-trace';
import type { Engine } from '../engine/engine';
import { chooseMarkable, type Solved } from './choose-markable';
import { deriveLegKeys } from './leg-keys';
import { masterKeyFile, readMasterKey, UnusableKeyFile } from './master-key';

interface Tracing {
  readonly plan: Plan;
  readonly dataset: string;
  /** What was delivered in the round that the extract is from. */
  readonly delivery: string;
  readonly extract: string;
  readonly keysFolder: string;
  /** What the rounds on record settled for the dataset's version: every release of it has those levels. */
  readonly levelsOf?: (dataset: PlannedDataset) => FixedLevels | undefined;
  /** A private folder. */
  readonly scratch: string;
  readonly openEngine: (scratch: string) => Promise<Engine>;
  readonly onProgress: (stage: 'clean' | 'count' | 'solve' | 'compare') => void;
}

/**
 * From whose release an extract is. Every release is made again in private, from the same delivery and keys.
 * @throws UnusableKeyFile where the giver's key is not there: a new one would trace nothing.
 */
export async function traceExtract(tracing: Tracing): Promise<TraceVerdict> {
  const { plan, keysFolder, onProgress } = tracing;
  const dataset = plan.datasets.find(({ id }) => id === tracing.dataset);
  if (!dataset) throw new Error(`The plan has no dataset ${tracing.dataset}.`);
  const keyFile = masterKeyFile(keysFolder, plan.agreement.id, dataset.owner);
  if (!existsSync(keyFile)) {
    throw new UnusableKeyFile(`There is no key file ${keyFile}. Name the folder with the giver’s keys by --keys.`);
  }
  const master = readMasterKey(keysFolder, plan.agreement.id, dataset.owner);
  const engine = await tracing.openEngine(join(tracing.scratch, 'engine'));
  try {
    onProgress('clean');
    await engine.clean(dataset, tracing.delivery, join(tracing.scratch, 'quarantine.csv'));
    onProgress('count');
    const solved = dataset.privacy && (await solve());
    const traces: LegTrace[] = [];
    for (const leg of plan.legs.filter((candidate) => candidate.dataset === dataset.id)) {
      onProgress('compare');
      const keys = deriveLegKeys(master, plan.agreement.id, leg, dataset);
      const task = { dataset, leg, ...(solved && chooseMarkable(dataset, leg, solved)), keys };
      traces.push(await engine.trace(task, tracing.extract));
    }
    return judgeTrace(traces);
  } finally {
    await engine.close();
  }

  async function solve(): Promise<Solved> {
    const histogram = await engine.histogram(dataset!);
    onProgress('solve');
    const fixed = tracing.levelsOf?.(dataset!);
    // The one round that there can be of regions is solved as it was.
    const hold = holdLevels(dataset!, fixed?.mode === 'multidimensional' ? undefined : fixed, sha256);
    const { solution } = solveDataset(dataset!, dataset!.privacy!, histogram, hold);
    if (!solution)
      throw new UnreleasedDelivery(`This delivery of ${dataset!.id} was never released: its gates do not pass.`);
    return { histogram, solution };
  }
}

/** What is said to have leaked cannot have been released. */
export class UnreleasedDelivery extends Error {
  override readonly name = 'UnreleasedDelivery';
}
