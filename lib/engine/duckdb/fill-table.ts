import { appendRows, type FilledColumn } from './append-rows';
import type { DuckDbSession } from './duckdb-session';
import { quoteIdentifier } from './sql-text';

/** Makes a table from columns of equal length, without passing any value through SQL text. */
export async function fillTable(
  session: DuckDbSession,
  name: string,
  columns: readonly FilledColumn[],
  options: { readonly temporary: boolean } = { temporary: false },
): Promise<void> {
  const definitions = columns.map((column) => `${quoteIdentifier(column.name)} ${column.type}`);
  const kind = options.temporary ? 'TEMP TABLE' : 'TABLE';
  await session.run(`CREATE OR REPLACE ${kind} ${quoteIdentifier(name)} (${definitions.join(', ')})`);
  await appendRows(session, name, columns);
}
