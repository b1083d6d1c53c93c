import { duckDbDialect } from '../sql/rendering/duckdb-dialect';

/** Pieces of DuckDB's own SQL, for what only an engine does: reading and writing files. */

export const { quoteIdentifier, quoteText, renderQuery } = duckDbDialect;

export function listTexts(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(', ')}]`;
}

/** Paths for a reader. */
export function listPaths(paths: readonly string[]): string {
  return listTexts(paths.map(escapePattern));
}

/** Readers take every path for a pattern: what would be one in a name is made to mean itself. */
export function escapePattern(path: string): string {
  return path.replace(/[[*?]/g, '[$&]');
}

export interface NamedSql {
  readonly name: string;
  readonly sql: string;
}

export function selectFrom(columns: readonly NamedSql[], from: string): string {
  return `SELECT ${columns.map(({ name, sql }) => `${sql} AS ${quoteIdentifier(name)}`).join(', ')}\nFROM ${from}`;
}
