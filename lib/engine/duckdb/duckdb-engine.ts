import { chmod, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { version } from '@duckdb/node-api';
import type { PlannedDataset } from '../../domain/agreement/plan';
import type { CleanDelivery, Engine } from '../engine';
import { type FoundFile, listDeliveredFiles } from '../intake/list-delivered-files';
import { InvalidDelivery } from '../invalid-delivery';
import { type AcceptedFacts, UNCOUNTED } from './accepted-facts';
import { cleanDelivery } from './clean-delivery';
import { countHistogram } from './count-histogram';
import { DamagedFile } from './damaged-file';
import { describeInterruption } from './describe-duckdb-error';
import { type DuckDbSession, openDuckDbSession } from './duckdb-session';
import { describeLooks, refuseChanged } from './file-looks';
import { inspectDelivery } from './inspect-delivery';
import { measureRelease } from './measure-release';
import { readDelivery } from './read-delivery';
import { traceExtract } from './trace-extract';
import { writeQuarantine } from './write-quarantine';
import { writeRelease } from './write-release';

interface DuckDbEngineOptions {
  /** A private folder that the engine fills as it likes and leaves empty. */
  readonly directory: string;
  /** For DuckDB's own buffers, as it writes it; the process takes about a gibibyte more. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Share of the running query that is done, 0 to 1, a few times a second. */
  readonly onProgress?: (share: number) => void;
}

/** Leaves a part of 4 GiB for Node and for what DuckDB does not count. */
const MEMORY_LIMIT = '2GiB';

/** The delivery last cleaned. */
interface OpenDelivery {
  readonly dataset: string;
  readonly session: DuckDbSession;
  readonly refuseChanged: () => Promise<void>;
  /** Rows that may be released, once that is known. */
  readonly accepted?: number;
  readonly facts: AcceptedFacts;
}

/** The engine of laptops and tests: DuckDB inside this process, without network, extensions or files it was not given. */
export async function openDuckDbEngine(options: DuckDbEngineOptions): Promise<Engine> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  await chmod(options.directory, 0o700);
  const directory = await realpath(options.directory);
  let closed = false;
  let open: OpenDelivery | undefined;
  /** What is under way when the engine is closed must be over before the folder is emptied. */
  const underWay = new Set<Promise<unknown>>();

  const track = async <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  };

  const closeDelivery = async () => {
    const { session } = open ?? {};
    open = undefined;
    await session?.close();
    await emptyFolder(directory);
  };

  const findOpen = ({ id }: PlannedDataset): OpenDelivery => {
    if (closed) throw describeInterruption();
    if (open?.dataset === id) return open;
    throw new Error(`Dataset ${id} was not cleaned last: clean it before it is counted, released or measured.`);
  };

  const openSession = (files: readonly FoundFile[]) =>
    openDuckDbSession({
      directory,
      readable: files.map((file) => file.path),
      memoryLimit: options.memoryLimit ?? MEMORY_LIMIT,
      threads: options.threads ?? availableParallelism(),
      onProgress: options.onProgress,
    });

  const inspect: Engine['inspect'] = async (dataset, path) => {
    const found = listDeliveredFiles(path);
    if (found.kind === 'refused') throw new InvalidDelivery(dataset.id, found.problems);
    const rows = await inspectDelivery(dataset, found, () => openSession(found.files));
    if (rows === 0) throw describeEmpty(dataset, found.files);
  };

  const clean: Engine['clean'] = async (dataset, path, quarantineFile, erased): Promise<CleanDelivery> => {
    await closeDelivery();
    const found = listDeliveredFiles(path);
    if (found.kind === 'refused') throw new InvalidDelivery(dataset.id, found.problems);
    const looks = await describeLooks(found.files);
    const session = await openSession(found.files);
    const opened = {
      dataset: dataset.id,
      session,
      facts: UNCOUNTED,
      refuseChanged: () => refuseChanged(dataset.id, found.files, looks),
    };
    open = opened;
    // It was closed while the session was being opened.
    if (closed) await session.close();
    const delivery = await readDelivery(session, dataset, found, directory);
    if (delivery.files.every(({ rows }) => rows === 0)) throw describeEmpty(dataset, delivery.files);
    const cleaned = await cleanDelivery(session, dataset, delivery, erased);
    const files = [];
    for (const { file, bytes, sha256 } of delivery.files) files.push({ file, sha256: await sha256, bytes });
    await opened.refuseChanged();
    await writeQuarantine(session, dataset, cleaned, directory, quarantineFile);
    const rejected = cleaned.bad + cleaned.broken + cleaned.erased + cleaned.duplicates;
    if (open === opened) open = { ...opened, accepted: cleaned.received - rejected };
    return {
      files: files.toSorted((left, right) => (left.file < right.file ? -1 : 1)),
      received: cleaned.received,
      rejected,
      rejectedBy: cleaned.rejectedBy,
    };
  };

  const count = async (dataset: PlannedDataset) => {
    const delivery = findOpen(dataset);
    const counted = await countHistogram(delivery.session, dataset);
    await delivery.refuseChanged();
    open = { ...delivery, facts: counted.facts };
    return counted.histogram;
  };

  return {
    name: `DuckDB ${version()}`,
    inspect: (dataset, path) => track(blameDelivery(dataset, inspect(dataset, path))),
    clean: (dataset, ...given) => track(blameDelivery(dataset, clean(dataset, ...given))),
    histogram: (dataset) => track(blameDelivery(dataset, count(dataset))),
    async release(task) {
      const { session, facts, accepted = Number.POSITIVE_INFINITY, refuseChanged } = findOpen(task.dataset);
      const conditions = { facts, accepted, approve: refuseChanged };
      return track(blameDelivery(task.dataset, writeRelease(session, task, directory, conditions)));
    },
    async trace(task, extract) {
      const { session, facts } = findOpen(task.dataset);
      return track(traceExtract(session, task, extract, directory, facts));
    },
    async measure(task) {
      const { session, facts } = findOpen(task.dataset);
      return track(measureRelease(session, task, facts, directory));
    },
    async close() {
      closed = true;
      await open?.session.close();
      await Promise.allSettled(underWay);
      await closeDelivery();
    },
  };
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

async function emptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
