import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBMaterializedResult,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { SqlQuery } from '../sql/rendering/sql-query';
import { describeDuckDbError, describeInterruption } from './describe-duckdb-error';
import { escapePattern, listPaths, listTexts, quoteIdentifier, quoteText, renderQuery } from './sql-text';

/** Leaves a part of 4 GiB for Node and for what DuckDB does not count. */
const MEMORY_LIMIT = '2GiB';

interface SessionOptions {
  /** A private folder; the database and what does not fit into memory go there. */
  readonly directory: string;
  /** The only files outside that folder that may be read. */
  readonly readable: readonly string[];
  /** As DuckDB writes it, e.g. `2GiB`. */
  readonly memoryLimit?: string | undefined;
  readonly threads: number;
}

/** One DuckDB database of its own: no network, no extensions, no files but those named, settings locked. */
export interface DuckDbSession {
  readonly connection: DuckDBConnection;
  run(sql: string, values?: DuckDBValue[]): Promise<DuckDBMaterializedResult>;
  createTable(name: string, query: SqlQuery): Promise<void>;
  createView(name: string, query: SqlQuery): Promise<void>;
  dropTable(name: string): Promise<void>;
  /**
   * Keeps the result of a query that is as large as the delivery in a file of its own, in the order in which it comes, as a
   * view whose `position` is each row's place. Tables stay in memory as long as they fit.
   */
  storeRows(name: string, sql: string): Promise<void>;
  /** Rows of a table. */
  countRows(name: string): Promise<number>;
  /** All rows, column by column. */
  read(query: SqlQuery): Promise<readonly (readonly DuckDBValue[])[]>;
  /** Columns of 32-bit whole numbers that are never null. */
  readNumbers(query: SqlQuery): Promise<readonly Uint32Array[]>;
  /** Stops the running query, waits for its end, and closes the database. */
  close(): Promise<void>;
}

export async function openDuckDbSession(options: SessionOptions): Promise<DuckDbSession> {
  const { directory } = options;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: options.memoryLimit ?? MEMORY_LIMIT,
    temp_directory: join(directory, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  const { run, end } = createRunner(connection);
  await confine(run, options);

  return {
    connection,
    run,
    async createTable(name, query) {
      await run(`CREATE OR REPLACE TABLE ${quoteIdentifier(name)} AS ${renderQuery(query)}`);
    },
    async createView(name, query) {
      await run(`CREATE OR REPLACE VIEW ${quoteIdentifier(name)} AS ${renderQuery(query)}`);
    },
    async dropTable(name) {
      await run(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`);
    },
    async storeRows(name, sql) {
      const path = join(directory, `${name}.parquet`);
      // Parquet is written three times as fast as DuckDB's own tables, whose compression pays off when they are kept.
      await run(`COPY (${sql}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION snappy)`);
      await run(
        `CREATE VIEW ${quoteIdentifier(name)} AS SELECT * REPLACE (file_row_number AS position) FROM read_parquet(${listPaths([path])})`,
      );
    },
    async countRows(name) {
      const [[rows] = []] = await (await run(`SELECT count(*) FROM ${name}`)).getColumns();
      return Number(rows);
    },
    async read(query) {
      return await (await run(renderQuery(query))).getColumns();
    },
    async readNumbers(query) {
      return collectNumbers(await run(renderQuery(query)));
    },
    async close() {
      if (!(await end())) return;
      connection.closeSync();
      instance.closeSync();
    },
  };
}

type Run = DuckDbSession['run'];

/** Runs queries as long as nobody ended it. */
function createRunner(connection: DuckDBConnection) {
  const running = new Set<Promise<unknown>>();
  let ended = false;

  const run: Run = async (sql, values) => {
    if (ended) throw describeInterruption();
    const work = connection.run(sql, values);
    running.add(work);
    try {
      return await work;
    } catch (error) {
      throw describeDuckDbError(error);
    } finally {
      running.delete(work);
    }
  };

  /** Stops what runs and waits for its end; false where that was done before. */
  async function end(): Promise<boolean> {
    if (ended) return false;
    ended = true;
    if (running.size > 0) connection.interrupt();
    await Promise.allSettled(running);
    return true;
  }

  return { run, end };
}

/** It reads what it was given, writes to its folder, and nothing changes that. */
async function confine(run: Run, { directory, readable }: SessionOptions): Promise<void> {
  await run("SET TimeZone = 'UTC'");
  // A reader's permission is checked for the pattern, and again for the path that it finds.
  await run(`SET allowed_directories = ${listTexts([directory, escapePattern(directory)])}`);
  await run(`SET allowed_paths = ${listTexts(readable.flatMap((path) => [path, escapePattern(path)]))}`);
  // It makes a join of a long list of constants, and a join keeps no order: rows of text files are numbered by theirs.
  await run("SET disabled_optimizers = 'in_clause'");
  await run('SET enable_external_access = false');
  await run('SET lock_configuration = true');
}

/** By the memory of whole vectors: a call for each value takes several times as long. */
function collectNumbers(result: DuckDBMaterializedResult): readonly Uint32Array[] {
  const columns = Array.from({ length: result.columnCount }, (_, at) => {
    if (result.columnTypeId(at) !== DuckDBTypeId.INTEGER) throw new Error(`Column ${at} is no 32-bit number.`);
    return new Uint32Array(result.rowCount);
  });
  let row = 0;
  for (let index = 0; index < result.chunkCount; index++) {
    const { chunk, rowCount } = result.getChunk(index);
    for (const [at, column] of columns.entries()) {
      const bytes = duckdb.vector_get_data(
        duckdb.data_chunk_get_vector(chunk, at),
        rowCount * column.BYTES_PER_ELEMENT,
      );
      column.set(new Uint32Array(bytes.buffer, bytes.byteOffset, rowCount), row);
    }
    row += rowCount;
  }
  return columns;
}
