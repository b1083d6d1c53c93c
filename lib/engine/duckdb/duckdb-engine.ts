import { chmod, mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { version } from '@duckdb/node-api';
import type { PlannedDataset } from '../../domain/agreement/plan';
import type { RiskMeasures } from '../../domain/privacy/certificate';
import { measureRisk } from '../../domain/privacy/measure-risk';
import type { Engine, ReleaseTask } from '../engine';
import { type FoundFile, listDeliveredFiles } from '../intake/list-delivered-files';
import { InvalidDelivery } from '../invalid-delivery';
import { cleanDelivery } from './clean-delivery';
import { countHistogram } from './count-histogram';
import type { DeliveryRows } from './delivery-rows';
import { type DuckDbSession, openDuckDbSession } from './duckdb-session';
import { measureRelease } from './measure-release';
import { readCsvDelivery } from './read-csv-delivery';
import { readJsonDelivery } from './read-json-delivery';
import { readParquetDelivery } from './read-parquet-delivery';
import { writeQuarantine } from './write-quarantine';
import { writeRelease } from './write-release';

export interface DuckDbEngineOptions {
  /** A private folder that the engine fills as it likes and leaves empty. */
  readonly directory: string;
  /** For DuckDB's own buffers, as it writes it; the process takes about a gibibyte more. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Share of the running query that is done, 0 to 1, a few times a second. */
  readonly onProgress?: (share: number) => void;
}

interface OpenDelivery {
  readonly dataset: string;
  readonly session: DuckDbSession;
  readonly files: readonly FoundFile[];
  /** What the files looked like when they were listed. */
  readonly looks: readonly string[];
  readonly riskBefore?: RiskMeasures;
}

/** Leave a part of the default for Node and for what DuckDB does not count. */
const MEMORY_LIMIT = '2GiB';

/** The engine of laptops and tests: DuckDB inside this process, without network, extensions or files it was not given. */
export async function openDuckDbEngine(options: DuckDbEngineOptions): Promise<Engine> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  await chmod(options.directory, 0o700);
  const directory = await realpath(options.directory);
  let open: OpenDelivery | undefined;

  const closeDelivery = async () => {
    const { session } = open ?? {};
    open = undefined;
    try {
      await session?.close();
    } finally {
      await emptyFolder(directory);
    }
  };
  const opened = ({ id }: PlannedDataset): OpenDelivery => {
    if (open?.dataset === id) return open;
    throw new Error(`Dataset ${id} was not cleaned last: clean it before it is counted, released or measured.`);
  };

  return {
    name: `DuckDB ${version()}`,

    async clean(dataset, path, quarantineFile) {
      await closeDelivery();
      const found = listDeliveredFiles(path);
      if (found.kind === 'refused') throw new InvalidDelivery(dataset.id, found.problems);
      const looks = await describeLooks(found.files);
      const session = await openDuckDbSession({
        directory,
        readable: found.files.map((file) => file.path),
        memoryLimit: options.memoryLimit ?? MEMORY_LIMIT,
        threads: options.threads ?? availableParallelism(),
        onProgress: options.onProgress,
      });
      open = { dataset: dataset.id, session, files: found.files, looks };
      const delivery = await readDelivery(session, dataset, found, directory);
      refuseEmpty(dataset, delivery);
      const cleaned = await cleanDelivery(session, dataset, delivery);
      await writeQuarantine(session, dataset, cleaned, directory, quarantineFile);
      const files = await Promise.all(
        delivery.files.map(async ({ file, bytes, sha256 }) => ({ file, bytes, sha256: await sha256 })),
      );
      await refuseChanged(open);
      return {
        files: files.toSorted((left, right) => (left.file < right.file ? -1 : 1)),
        received: cleaned.received,
        rejected: cleaned.bad + cleaned.broken + cleaned.duplicates,
        rejectedBy: cleaned.rejectedBy,
      };
    },

    async histogram(dataset) {
      const delivery = opened(dataset);
      const { histogram, sizesBefore } = await countHistogram(delivery.session, dataset);
      open = { ...delivery, riskBefore: measureRisk(sizesBefore) };
      await refuseChanged(delivery);
      return histogram;
    },

    async release(task: ReleaseTask) {
      const delivery = opened(task.dataset);
      await writeRelease(delivery.session, task, directory, () => refuseChanged(delivery));
    },

    async measure(task: ReleaseTask) {
      const { session, riskBefore } = opened(task.dataset);
      return measureRelease(session, task, riskBefore, directory);
    },

    close: closeDelivery,
  };
}

async function readDelivery(
  session: DuckDbSession,
  dataset: PlannedDataset,
  found: Extract<ReturnType<typeof listDeliveredFiles>, { kind: 'found' }>,
  directory: string,
): Promise<DeliveryRows> {
  switch (found.format) {
    case 'csv':
      return readCsvDelivery(dataset, found.files, directory);
    case 'json-lines':
      return readJsonDelivery(dataset, found.files, directory, session);
    case 'parquet':
      return readParquetDelivery(dataset, found.files, session);
  }
}

function refuseEmpty(dataset: PlannedDataset, { files }: DeliveryRows): void {
  if (files.some(({ rows }) => rows > 0)) return;
  const remedy = 'Deliver the data of the round; if there is none, agree on that with the other parties.';
  const problems = files.map(({ file }) => ({ where: file, problem: 'the file has no rows', remedy }));
  throw new InvalidDelivery(dataset.id, problems);
}

/** Queries read the files again and again: what was hashed must be what is released. */
async function refuseChanged({ dataset, files, looks }: OpenDelivery): Promise<void> {
  const now = await describeLooks(files);
  const problems = files
    .filter((_, index) => now[index] !== looks[index])
    .map(({ file }) => ({
      where: file,
      problem: 'the file was changed while it was read',
      remedy: 'Deliver it again once it is written to its end.',
    }));
  if (problems.length > 0) throw new InvalidDelivery(dataset, problems);
}

async function describeLooks(files: readonly FoundFile[]): Promise<readonly string[]> {
  return Promise.all(
    files.map(async ({ path }) => {
      const looks = await stat(path, { bigint: true }).catch(() => undefined);
      return looks ? `${looks.ino} ${looks.size} ${looks.mtimeNs}` : 'gone';
    }),
  );
}

async function emptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
