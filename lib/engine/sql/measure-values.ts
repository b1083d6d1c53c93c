import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { SUBJECT_ROWS } from './count-tuples';
import { indexOfColumn } from './dataset-columns';
import { WRITTEN_MEMBERS } from './measure-rows';
import { releasedName, treatRows } from './release-rows';
import {
  all,
  COUNT_ROWS,
  code,
  column,
  columnOf,
  isPresent,
  named,
  number,
  same,
  table,
} from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Relation, SqlQuery } from './rendering/sql-query';
import type { TreatedPart } from './treated-part';

/** The queries that count values of a written release, and who holds them, beside those of the delivery. */

/** How many distinct values a column has. */
export function countDistinct(rows: string, name: string): SqlQuery {
  return { columns: [named('values', COUNT_ROWS)], from: listDistinct(rows, name) };
}

/** As `value`, each once. */
export function listDistinct(rows: string, name: string): Relation {
  const query: SqlQuery = {
    columns: [named('value', column(name))],
    from: table(rows),
    where: isPresent(column(name)),
    distinct: true,
  };
  return { kind: 'query', query, as: 'present' };
}

/** Rows per class and code of a sensitive value; the code is −1 for values that the delivery does not have. */
export function countWrittenValues(dataset: PlannedDataset, sensitive: string, reference: string): SqlQuery {
  const value = releasedName(indexOfColumn(dataset, sensitive));
  const counted: SqlQuery = {
    columns: [
      ...['place', value].map((name) => named(name, column(name))),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: table(WRITTEN_MEMBERS),
    groupBy: ['place', value].map(column),
  };
  return codeValues(value, reference, counted, ['rows']);
}

/**
 * As `countWrittenValues`, the distinct subjects with each value, and their rows and those of nobody. `areHolders`: every
 * member is another subject, class or value.
 */
export function countWrittenHolders(
  dataset: PlannedDataset,
  sensitive: string,
  reference: string,
  members: string,
  areHolders = false,
): SqlQuery {
  const value = releasedName(indexOfColumn(dataset, sensitive));
  const each: SqlQuery = {
    columns: [
      ...['place', value, 'subject'].map((name) => named(name, column(name))),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: table(members),
    groupBy: ['place', value, 'subject'].map(column),
  };
  const counted: SqlQuery = {
    columns: [
      ...['place', value].map((name) => named(name, column(name))),
      named('subjects', { kind: 'count-present', operand: column('subject') }),
      named('rows', { kind: 'sum', operand: column('rows') }),
    ],
    from: areHolders ? table(members) : { kind: 'query', query: each, as: 'each_holder' },
    groupBy: ['place', value].map(column),
  };
  return codeValues(value, reference, counted, ['subjects', 'rows']);
}

/** Sums of `counted` by place and code of the value, in this order. */
export function codeValues(value: string, reference: string, counted: SqlQuery, sums: readonly string[]): SqlQuery {
  const known: SqlExpression = { kind: 'first-present', operands: [columnOf(reference, 'code'), number(-1)] };
  const groups = [columnOf('counted', 'place'), known] as const;
  return {
    columns: [
      named('place', groups[0]),
      named('code', groups[1]),
      ...sums.map((name) => named(name, code({ kind: 'sum', operand: columnOf('counted', name) }))),
    ],
    from: { kind: 'query', query: counted, as: 'counted' },
    joins: [
      { kind: 'left', with: table(reference), on: same(columnOf('counted', value), columnOf(reference, 'value')) },
    ],
    groupBy: groups,
    orderBy: groups.map((by) => ({ by })),
  };
}

/** Per class the distinct subjects with any value of the column. */
export function countKnownSubjects(dataset: PlannedDataset, sensitive: string, members: string): SqlQuery {
  const value = column(releasedName(indexOfColumn(dataset, sensitive)));
  const each: SqlQuery = {
    columns: ['place', 'subject'].map((name) => named(name, column(name))),
    from: table(members),
    where: all([isPresent(column('subject')), isPresent(value)]),
    distinct: true,
  };
  return {
    columns: [named('place', column('place')), named('subjects', code(COUNT_ROWS))],
    from: { kind: 'query', query: each, as: 'each_known' },
    groupBy: [column('place')],
  };
}

/**
 * What `countReferenceValues` reads: where subjects are counted, all values stand in the shorter `SUBJECT_ROWS`, with their
 * `rows`.
 */
export function partOfReference(dataset: PlannedDataset, sensitive: string, accepted: string): TreatedPart {
  const rows = dataset.subject === undefined ? accepted : SUBJECT_ROWS;
  return { dataset, rows, columns: [indexOfColumn(dataset, sensitive)], classes: 'nothing' };
}

/** The values that a sensitive column would be released with if no row were suppressed, their rows and order. */
export function countReferenceValues(part: TreatedPart): SqlQuery {
  const name = releasedName(part.columns[0]!);
  const isCounted = part.rows === SUBJECT_ROWS;
  const grouped: SqlQuery = {
    columns: [
      named('value', column(name)),
      named('rows', isCounted ? { kind: 'sum', operand: column('rows') } : COUNT_ROWS),
    ],
    from: { kind: 'query', query: treatRows(part, isCounted ? ['rows'] : []), as: 'treated' },
    groupBy: [column(name)],
  };
  return {
    columns: [
      named('value', column('value')),
      named('rows', code(column('rows'))),
      named('code', code({ kind: 'place', within: [], by: [column('value')] })),
    ],
    from: { kind: 'query', query: grouped, as: 'grouped' },
  };
}
