import { named, number } from '../sql/rendering/expressions';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import type { SqlQuery } from '../sql/rendering/sql-query';
import type { JobStep, OrderedTable, OrderedTables } from './job-orders';

/* Short forms of steps and tables. */

const { renderQuery } = sparkDialect;

type CacheStep = Extract<JobStep, { readonly do: 'cache' }>;

export function orderTable(name: string, query: SqlQuery): OrderedTable {
  return { name, sql: renderQuery(query) };
}

export function orderView(name: string, query: SqlQuery): JobStep {
  return { do: 'view', name, sql: renderQuery(query) };
}

export function orderCache(name: string, query: SqlQuery, how: Pick<CacheStep, 'by' | 'whole'> = {}): JobStep {
  return { do: 'cache', name, sql: renderQuery(query), ...how };
}

export function orderKeep(name: string, query: SqlQuery): JobStep {
  return { do: 'keep', name, sql: renderQuery(query) };
}

/** Rows of several columns stand in one table, in no order. */
export function about(index: number, { orderBy: _, columns, ...rest }: SqlQuery): SqlQuery {
  return { ...rest, columns: [named('column', number(index)), ...columns] };
}

export const NOTHING: OrderedTables = { steps: [], tables: [] };
