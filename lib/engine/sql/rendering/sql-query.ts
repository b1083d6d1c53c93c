import type { SqlExpression } from './sql-expression';

/** A query, before any engine's dialect renders it. */
export interface SqlQuery {
  readonly columns: readonly NamedExpression[];
  readonly from: Relation;
  readonly joins?: readonly Join[];
  readonly where?: SqlExpression;
  readonly groupBy?: readonly SqlExpression[];
  readonly orderBy?: readonly SortKey[];
  readonly distinct?: boolean;
  /** At most so many rows: any, unless they are ordered. */
  readonly limit?: number;
}

export interface NamedExpression {
  readonly name: string;
  readonly expression: SqlExpression;
}

/** A table or view, or the result of a query, under the alias by which its columns are named. */
export type Relation =
  | { readonly kind: 'table'; readonly name: string; readonly as: string }
  | { readonly kind: 'query'; readonly query: SqlQuery; readonly as: string }
  /** The rows of all of them, whose columns are alike. */
  | { readonly kind: 'union'; readonly queries: readonly SqlQuery[]; readonly as: string };

/**
 * `cross`: with every row; `anti`: keeps the rows that have no match, and no column of `with`. `hashed`: `on` compares values of
 * the two one by one (`=`, `same`), of the same types, and each row is looked up: an engine to which that is dear for several
 * values may find what has the same hash of all, and compare these.
 */
export type Join =
  | {
      readonly kind: 'inner' | 'left' | 'anti';
      readonly with: Relation;
      readonly on: SqlExpression;
      readonly hashed?: boolean;
    }
  | { readonly kind: 'cross'; readonly with: Relation };

/** Nulls come last either way. */
export interface SortKey {
  readonly by: SqlExpression;
  readonly descending?: boolean;
}
