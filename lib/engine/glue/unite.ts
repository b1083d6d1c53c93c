import { sparkDialect } from '../sql/rendering/spark-dialect';
import type { SqlQuery } from '../sql/rendering/sql-query';

/** The rows of all queries, whose columns are alike; of `otherwise` where there is none. */
export function unite(queries: readonly SqlQuery[], otherwise?: SqlQuery): string {
  const all = queries.length > 0 || otherwise === undefined ? queries : [otherwise];
  return all.map(sparkDialect.renderQuery).join('\nUNION ALL\n');
}
