import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { listSearched, MOST_SEARCHED } from '../../domain/discovery/search-release';
import { COUNT_ROWS, column, columnOf, equals, named, table } from '../sql/rendering/expressions';
import { sparkDialect } from '../sql/rendering/spark-dialect';
import type { SqlQuery } from '../sql/rendering/sql-query';
import { digitsOfDigest, listWrittenValues, MOST_DIGITS } from '../sql/sample-values';
import type { OrderedTables } from './job-orders';
import { about, NOTHING } from './short-steps';
import { unite } from './unite';

const SEARCHED = 'searched';

/** Values of the written release to be searched for identifiers: per column (by place) all, or a sample, and their `total`. */
export function orderSamples(dataset: PlannedDataset): OrderedTables {
  const searched = listSearched(dataset);
  if (searched.length === 0) return NOTHING;
  const values = unite(searched.map((index) => about(index, listWrittenValues(dataset, index))));
  return {
    steps: [{ do: 'cache', name: SEARCHED, sql: values }],
    tables: [{ name: 'samples', sql: drawSamples() }],
  };
}

/** How many values there are shows only when the job runs: the share is reckoned in doubles, as JavaScript does. */
function drawSamples(): string {
  const totals: SqlQuery = {
    columns: [named('column', column('column')), named('total', COUNT_ROWS)],
    from: table(SEARCHED),
    groupBy: [column('column')],
  };
  const counted = sparkDialect.renderQuery({
    columns: [
      named('column', columnOf(SEARCHED, 'column')),
      named('total', columnOf('totals', 'total')),
      named('value', columnOf(SEARCHED, 'value')),
      named('place', digitsOfDigest(columnOf(SEARCHED, 'value'))),
    ],
    from: table(SEARCHED),
    joins: [
      {
        kind: 'inner',
        with: { kind: 'query', query: totals, as: 'totals' },
        on: equals(columnOf(SEARCHED, 'column'), columnOf('totals', 'column')),
      },
    ],
  });
  const share = `CAST(${MOST_SEARCHED} AS DOUBLE) / total * CAST(${MOST_DIGITS} AS DOUBLE)`;
  return `SELECT \`column\`, total, value FROM (${counted}) AS drawn WHERE total <= ${MOST_SEARCHED} OR place < floor(${share})`;
}
