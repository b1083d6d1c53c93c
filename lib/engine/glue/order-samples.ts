import type { PlannedDataset } from '../../domain/agreement/plan';
import { listSearched, MOST_SEARCHED } from '../../domain/discovery/search-release';
import { COUNT_ROWS, columnOf, named, number, table } from '../sql/expressions';
import { digitsOfDigest, listWrittenValues, MOST_DIGITS } from '../sql/sample-values';
import { sparkDialect } from '../sql/spark-dialect';
import type { SqlQuery } from '../sql/sql-query';
import type { OrderedTables } from './job-orders';

const { renderQuery } = sparkDialect;
const valuesName = (index: number) => `searched_${index}`;

/** Values of the written release to be searched for identifiers: per column (by place) all, or a sample, and their `total`. */
export function orderSamples(dataset: PlannedDataset): OrderedTables {
  const searched = listSearched(dataset);
  if (searched.length === 0) return { steps: [], tables: [] };
  return {
    steps: searched.map((index) => ({
      do: 'cache',
      name: valuesName(index),
      sql: renderQuery(listWrittenValues(dataset, index)),
    })),
    tables: [{ name: 'samples', sql: searched.map(drawSample).join('\nUNION ALL\n') }],
  };
}

/** How many values there are shows only when the job runs: the share is reckoned in doubles, as JavaScript does. */
function drawSample(index: number): string {
  const values = valuesName(index);
  const count: SqlQuery = { columns: [named('total', COUNT_ROWS)], from: table(values) };
  const counted = renderQuery({
    columns: [
      named('column', number(index)),
      named('total', columnOf('counted', 'total')),
      named('value', columnOf(values, 'value')),
      named('place', digitsOfDigest(columnOf(values, 'value'))),
    ],
    from: table(values),
    joins: [{ kind: 'cross', with: { kind: 'query', query: count, as: 'counted' } }],
  });
  const share = `CAST(${MOST_SEARCHED} AS DOUBLE) / total * CAST(${MOST_DIGITS} AS DOUBLE)`;
  return `SELECT \`column\`, total, value FROM (${counted}) AS drawn WHERE total <= ${MOST_SEARCHED} OR place < floor(${share})`;
}
