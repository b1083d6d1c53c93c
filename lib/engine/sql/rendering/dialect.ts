import type { SqlQuery } from './sql-query';

/** How one engine writes the queries that both engines share. Names and texts enter SQL here and nowhere else. */
export interface Dialect {
  readonly name: string;
  renderQuery(query: SqlQuery): string;
  quoteIdentifier(name: string): string;
  quoteText(value: string): string;
}
