import { chmod, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import type { FoundFile } from '../intake/list-delivered-files';
import type { AcceptedFacts } from './accepted-facts';
import { describeInterruption } from './describe-duckdb-error';
import { type DuckDbSession, openDuckDbSession } from './duckdb-session';

export interface DuckDbEngineOptions {
  /** A private folder that the engine fills as it likes and leaves empty. */
  readonly directory: string;
  /** For DuckDB's own buffers, as it writes it; the process takes about a gibibyte more. */
  readonly memoryLimit?: string;
  readonly threads?: number;
}

/** A delivery that was cleaned, or is being so. */
export interface OpenDelivery {
  readonly dataset: string;
  readonly session: DuckDbSession;
  readonly refuseChanged: () => Promise<void>;
  /** Rows that may be released, once that is known. */
  readonly accepted?: number;
  readonly facts: AcceptedFacts;
}

/** The folder of an engine, the delivery last cleaned, and what is under way. */
export class Workspace {
  #closed = false;
  #open: OpenDelivery | undefined;
  /** It must be over before the folder is emptied. */
  readonly #underWay = new Set<Promise<unknown>>();

  private constructor(
    readonly directory: string,
    private readonly options: DuckDbEngineOptions,
  ) {}

  static async open(options: DuckDbEngineOptions): Promise<Workspace> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    await chmod(options.directory, 0o700);
    return new Workspace(await realpath(options.directory), options);
  }

  async track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    return work.finally(() => this.#underWay.delete(work));
  }

  openSession(files: readonly FoundFile[]): Promise<DuckDbSession> {
    const { memoryLimit, threads = availableParallelism() } = this.options;
    const readable = files.map((file) => file.path);
    return openDuckDbSession({ directory: this.directory, readable, memoryLimit, threads });
  }

  /** In place of the one before, which was put away. */
  async begin(delivery: OpenDelivery): Promise<void> {
    this.#open = delivery;
    // It was closed while the session was being opened.
    if (this.#closed) await delivery.session.close();
  }

  /** What is known of it now, where it is still the one that is open. */
  know(delivery: OpenDelivery, known: Partial<Pick<OpenDelivery, 'accepted' | 'facts'>>): void {
    if (this.#open === delivery) this.#open = { ...delivery, ...known };
  }

  find({ id }: PlannedDataset): OpenDelivery {
    if (this.#closed) throw describeInterruption();
    if (this.#open?.dataset === id) return this.#open;
    throw new Error(`Dataset ${id} was not cleaned last: clean it before it is counted, released or measured.`);
  }

  async putAway(): Promise<void> {
    const { session } = this.#open ?? {};
    this.#open = undefined;
    await session?.close();
    await emptyFolder(this.directory);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#open?.session.close();
    await Promise.allSettled(this.#underWay);
    await this.putAway();
  }
}

async function emptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
