import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { valueName, valueNameOf } from './dataset-columns';
import { all, COUNT_ROWS, column, columnOf, named, number, same, table } from './rendering/expressions';
import type { SqlQuery } from './rendering/sql-query';

/**
 * The positions of rows that repeat another by the dedupe columns. Of each such group the row stays that comes first in
 * the order of all columns, whatever the order of the delivery. `accepted`: the rows that broke no rule.
 */
export function findDuplicates(dataset: PlannedDataset, accepted: string): SqlQuery {
  const keys = dataset.clean.dedupe.map((name) => valueNameOf(dataset, name));
  const groups: SqlQuery = {
    columns: [...keys.map((key) => named(key, column(key))), named('rows', COUNT_ROWS)],
    from: table(accepted),
    groupBy: keys.map(column),
  };
  const repeated: SqlQuery = {
    columns: keys.map((key) => named(key, column(key))),
    from: { kind: 'query', query: groups, as: 'groups' },
    where: { kind: 'compare', op: '>', left: column('rows'), right: number(1) },
  };
  const of = (name: string) => columnOf('accepted', name);
  const placed: SqlQuery = {
    columns: [
      named('position', of('position')),
      named('place', {
        kind: 'place',
        within: keys.map(of),
        by: [...dataset.columns.map((_, index) => of(valueName(index))), of('position')],
      }),
    ],
    from: table(accepted, 'accepted'),
    joins: [
      {
        kind: 'inner',
        with: { kind: 'query', query: repeated, as: 'repeated' },
        on: all(keys.map((key) => same(of(key), columnOf('repeated', key)))),
      },
    ],
  };
  return {
    columns: [named('position', column('position'))],
    from: { kind: 'query', query: placed, as: 'placed' },
    where: { kind: 'compare', op: '>', left: column('place'), right: number(0) },
  };
}
