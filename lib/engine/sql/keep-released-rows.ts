import { matchKeys, readKeys } from './count-tuples';
import { column, columnOf, named, table } from './rendering/expressions';
import type { SqlQuery } from './rendering/sql-query';
import { RELEASED_TUPLES, type TreatedPart } from './treated-part';

/** Columns of the rows that have a class and are no mark. */
export function keepReleasedRows({ dataset, rows, unmarked = rows }: TreatedPart, names: readonly string[]): SqlQuery {
  if (dataset.classColumns.length === 0)
    return { columns: names.map((name) => named(name, column(name))), from: table(unmarked) };
  const others = names.map((name) => named(name, column(name)));
  return {
    columns: names.map((name) => named(name, columnOf('keyed', name))),
    from: readKeys(dataset, unmarked, others),
    joins: [{ kind: 'inner', with: table(RELEASED_TUPLES), on: matchKeys(dataset, 'keyed', RELEASED_TUPLES) }],
  };
}
