import { version } from '@duckdb/node-api';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { CleanDelivery, Engine } from '../engine';
import { type FoundFile, listDeliveredFiles } from '../intake/list-delivered-files';
import { InvalidDelivery } from '../invalid-delivery';
import { UNCOUNTED } from './accepted-facts';
import { cleanDelivery } from './clean-delivery';
import { countHistogram } from './count-histogram';
import { DamagedFile } from './damaged-file';
import { describeLooks, refuseChanged } from './file-looks';
import { inspectDelivery } from './inspect-delivery';
import { measureRelease } from './measure-release';
import { readDelivery } from './read-delivery';
import { traceExtract } from './trace-extract';
import { type DuckDbEngineOptions, Workspace } from './workspace';
import { writeQuarantine } from './write-quarantine';
import { writeRelease } from './write-release';

/** The engine of laptops and tests: DuckDB inside this process, without network, extensions or files it was not given. */
export async function openDuckDbEngine(options: DuckDbEngineOptions): Promise<Engine> {
  const workspace = await Workspace.open(options);
  const { directory } = workspace;
  const work = <T>(dataset: PlannedDataset, begun: Promise<T>) => workspace.track(blameDelivery(dataset, begun));
  return {
    name: `DuckDB ${version()}`,
    inspect: (dataset, path) => work(dataset, inspect(workspace, dataset, path)),
    clean: (dataset, ...given) => work(dataset, clean(workspace, dataset, ...given)),
    histogram: (dataset) => work(dataset, count(workspace, dataset)),
    async release(task) {
      const { session, facts, accepted = Number.POSITIVE_INFINITY, refuseChanged } = workspace.find(task.dataset);
      const conditions = { facts, accepted, approve: refuseChanged };
      return work(task.dataset, writeRelease(session, task, directory, conditions));
    },
    async trace(task, extract) {
      const { session, facts } = workspace.find(task.dataset);
      return workspace.track(traceExtract(session, task, extract, directory, facts));
    },
    async measure(task) {
      const { session, facts } = workspace.find(task.dataset);
      return workspace.track(measureRelease(session, task, facts, directory));
    },
    close: () => workspace.close(),
  };
}

async function inspect(workspace: Workspace, dataset: PlannedDataset, path: string): Promise<void> {
  const found = findFiles(dataset, path);
  const rows = await inspectDelivery(dataset, found, () => workspace.openSession(found.files));
  if (rows === 0) throw describeEmpty(dataset, found.files);
}

async function clean(
  workspace: Workspace,
  ...[dataset, path, quarantineFile, erased]: Parameters<Engine['clean']>
): Promise<CleanDelivery> {
  const { directory } = workspace;
  await workspace.putAway();
  const found = findFiles(dataset, path);
  const looks = await describeLooks(found.files);
  const session = await workspace.openSession(found.files);
  const refuse = () => refuseChanged(dataset.id, found.files, looks);
  const opened = { dataset: dataset.id, session, facts: UNCOUNTED, refuseChanged: refuse };
  await workspace.begin(opened);
  const delivery = await readDelivery(session, dataset, found, directory);
  if (delivery.files.every(({ rows }) => rows === 0)) throw describeEmpty(dataset, delivery.files);
  const cleaned = await cleanDelivery(session, dataset, delivery, erased);
  const files = [];
  for (const { file, bytes, sha256 } of delivery.files) files.push({ file, sha256: await sha256, bytes });
  await refuse();
  await writeQuarantine(session, dataset, cleaned, directory, quarantineFile);
  const rejected = cleaned.bad + cleaned.broken + cleaned.erased + cleaned.duplicates;
  workspace.know(opened, { accepted: cleaned.received - rejected });
  return {
    files: files.toSorted((left, right) => (left.file < right.file ? -1 : 1)),
    received: cleaned.received,
    rejected,
    rejectedBy: cleaned.rejectedBy,
  };
}

async function count(workspace: Workspace, dataset: PlannedDataset) {
  const delivery = workspace.find(dataset);
  const { histogram, facts } = await countHistogram(delivery.session, dataset);
  await delivery.refuseChanged();
  workspace.know(delivery, { facts });
  return histogram;
}

/** @throws InvalidDelivery */
function findFiles(dataset: PlannedDataset, path: string) {
  const found = listDeliveredFiles(path);
  if (found.kind === 'refused') throw new InvalidDelivery(dataset.id, found.problems);
  return found;
}

/** Columns are read when they are needed: what is wrong inside a file may show late. */
async function blameDelivery<T>({ id }: PlannedDataset, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof DamagedFile)) throw error;
    const { remedy } = error;
    throw new InvalidDelivery(id, [{ where: 'the delivery', problem: 'a file is damaged inside', remedy }], {
      cause: error,
    });
  });
}

function describeEmpty({ id }: PlannedDataset, files: readonly Pick<FoundFile, 'file'>[]): InvalidDelivery {
  const remedy = 'Deliver the data of the round; if there is none, agree on that with the other parties.';
  return new InvalidDelivery(
    id,
    files.map(({ file }) => ({ where: file, problem: 'the file has no rows', remedy })),
  );
}
