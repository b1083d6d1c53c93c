import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { codeName } from '../../domain/privacy/histogram/histogram-layout';
import { keyName } from './count-tuples';
import { code, column, named, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { SqlQuery } from './rendering/sql-query';

/**
 * The queries that number tuples and values by sorting what is counted, for an engine to which joins with tables of values
 * are dearer. The numbers are those of `numberTuples` and `listValues`.
 */

/** The `counts` per tuple, with the tuple's number and, `asks` it, the codes of its values or of the sensitive `value`. */
export function numberCells(
  dataset: PlannedDataset,
  counted: SqlQuery,
  counts: readonly string[],
  asks: { readonly codes: boolean; readonly value: boolean },
): SqlQuery {
  const keys = dataset.classColumns.map((_, index) => column(keyName(index)));
  const rank = (by: readonly SqlExpression[]) => code({ kind: 'rank', by });
  return {
    columns: [
      ...keys.map((key, index) => named(keyName(index), key)),
      ...counts.map((name) => named(name, code(column(name)))),
      named('tuple', rank(keys)),
      ...(asks.codes ? keys.map((key, index) => named(codeName(index), rank([key]))) : []),
      ...(asks.value ? [named('value', column('value')), named('code', rank([column('value')]))] : []),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
  };
}

/** The tuples of `numberCells` with codes. */
export function listNumbered(dataset: PlannedDataset, numbered: string, counts: readonly string[]): SqlQuery {
  const names = [...dataset.classColumns.flatMap((_, index) => [keyName(index), codeName(index)]), 'tuple'];
  return {
    columns: [
      ...names.map((name) => named(name, column(name))),
      ...counts.map((name) => named(name, code({ kind: 'sum', operand: column(name) }))),
    ],
    from: table(numbered),
    groupBy: names.map(column),
  };
}

/** What several queries tell of the same places, added up. */
export function addUp(told: readonly SqlQuery[], keys: readonly string[], counts: readonly string[]): SqlQuery {
  return {
    columns: [
      ...keys.map((name) => named(name, column(name))),
      ...counts.map((name) => named(name, code({ kind: 'sum', operand: column(name) }))),
    ],
    from: { kind: 'union', queries: told, as: 'told' },
    groupBy: keys.map(column),
  };
}
