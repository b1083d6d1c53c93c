import type { PlannedDataset } from '../../domain/agreement/plan';
import { codeName } from '../../domain/privacy/histogram-layout';
import { keyName } from './count-tuples';
import { code, column, named, table } from './expressions';
import type { SqlExpression } from './sql-expression';
import type { NamedExpression, SqlQuery } from './sql-query';

/**
 * The queries that number tuples and values by sorting what is counted, for an engine to which joins with tables of values
 * are dearer. The numbers are those of `numberTuples` and `listValues`.
 */

/** What is counted per tuple, with the tuple's number and, `asks` it, the codes of its values or of the sensitive `value`. */
export function numberCells(
  dataset: PlannedDataset,
  counted: SqlQuery,
  asks: { readonly codes: boolean; readonly value: boolean },
): SqlQuery {
  const keys = dataset.classColumns.map((_, index) => column(keyName(index)));
  const rank = (by: readonly SqlExpression[]) => code({ kind: 'rank', by });
  return {
    columns: [
      ...keys.map((key, index) => named(keyName(index), key)),
      named('rows', code(column('rows'))),
      named('tuple', rank(keys)),
      ...(asks.codes ? keys.map((key, index) => named(codeName(index), rank([key]))) : []),
      ...(asks.value ? [named('value', column('value')), named('code', rank([column('value')]))] : []),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
  };
}

/** The tuples of `numberCells` with codes. */
export function listNumbered(dataset: PlannedDataset, numbered: string): SqlQuery {
  const names = [...dataset.classColumns.flatMap((_, index) => [keyName(index), codeName(index)]), 'tuple'];
  return {
    columns: [
      ...names.map((name) => named(name, column(name))),
      named('rows', code({ kind: 'sum', operand: column('rows') })),
    ],
    from: table(numbered),
    groupBy: names.map(column),
  };
}

/** What several queries tell of the same places, added up: `codes` are told by one of them, and are -1 in the others. */
export function addUp(
  told: readonly SqlQuery[],
  keys: readonly string[],
  codes: readonly string[],
  counts: readonly string[],
): SqlQuery {
  const each = (names: readonly string[], kind: 'maximum' | 'sum'): readonly NamedExpression[] =>
    names.map((name) => named(name, code({ kind, operand: column(name) })));
  return {
    columns: [...keys.map((name) => named(name, column(name))), ...each(codes, 'maximum'), ...each(counts, 'sum')],
    from: { kind: 'union', queries: told, as: 'told' },
    groupBy: keys.map(column),
  };
}
