import { DuckDBDataChunk, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { DuckDbSession } from './duckdb-session';

export interface FilledColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly values: ArrayLike<DuckDBValue>;
}

/** Rows of DuckDB's own unit of work. */
const CHUNK_ROWS = 2048;

/** Adds columns of equal length to a table that has just these. */
export async function appendRows(
  session: DuckDbSession,
  name: string,
  columns: readonly FilledColumn[],
): Promise<void> {
  const appender = await session.connection.createAppender(name);
  const chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
  const rows = columns[0]?.values.length ?? 0;
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const end = Math.min(rows, start + CHUNK_ROWS);
    chunk.reset();
    chunk.setColumns(columns.map(({ values }) => sliceValues(values, start, end)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** A chunk reads by index alone, so that a view of numbers will do. */
function sliceValues(values: ArrayLike<DuckDBValue>, start: number, end: number): DuckDBValue[] {
  if (values instanceof Uint32Array) return values.subarray(start, end) as ArrayLike<number> as DuckDBValue[];
  return Array.prototype.slice.call(values, start, end) as DuckDBValue[];
}
