import { code, column, named } from './rendering/expressions';
import type { SqlQuery } from './rendering/sql-query';

/**
 * The rows of an ordered query, numbered as they come. For an engine that keeps a query's order (DuckDB): it sorts on all
 * threads, where a window of all rows is gone through on one.
 */
export function numberInOrder(name: string, ordered: SqlQuery): SqlQuery {
  return {
    columns: [
      ...ordered.columns.map((each) => named(each.name, column(each.name))),
      named(name, code({ kind: 'place', within: [], by: [] })),
    ],
    from: { kind: 'query', query: ordered, as: 'ordered' },
  };
}
