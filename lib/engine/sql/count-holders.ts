import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { listSensitive } from '../../domain/privacy/histogram/list-sensitive';
import { placeSubjects, SUBJECT_ROWS, treatAlike } from './count-tuples';
import { all, COUNT_ROWS, code, column, columnOf, equals, named, same, table } from './rendering/expressions';
import type { Relation, SqlQuery } from './rendering/sql-query';

/**
 * Holders: a subject and one value that it has of a sensitive column. The queries are those of subjects per tuple
 * (count-subjects), of holders instead.
 */

/** The sensitive columns whose holders are counted, by their place among all: those of l, where rows are not subjects. */
export function listHeld(dataset: PlannedDataset): readonly number[] {
  if (dataset.subject === undefined) return [];
  const held = new Set(dataset.privacy?.l.map(({ column: name }) => name));
  return listSensitive(dataset.privacy).flatMap((name, index) => (held.has(name) ? [index] : []));
}

/** Every `subject`, each `value` that it has of the column, and the `place` (tuple) where. */
export function placeHolders(dataset: PlannedDataset, subject: string, sensitive: string): Relation {
  const value = named('value', treatAlike(dataset, sensitive));
  return { kind: 'query', query: placeSubjects(dataset, SUBJECT_ROWS, subject, [value]), as: 'placed' };
}

/** Per holder its first and last place. */
export function boundHolders(placed: Relation): SqlQuery {
  const keys = ['subject', 'value'].map((name) => named(name, column(name)));
  return {
    columns: [
      ...keys,
      named('first', { kind: 'minimum', operand: column('place') }),
      named('last', { kind: 'maximum', operand: column('place') }),
    ],
    from: placed,
    groupBy: keys.map(({ expression }) => expression),
  };
}

/** Per place and value, the holders that are nowhere else. `bounded`: a table of `boundHolders`. */
export function countSettledHolders(bounded: string): SqlQuery {
  const groups = [column('first'), column('value')] as const;
  return {
    columns: [named('place', groups[0]), named('value', groups[1]), named('subjects', code(COUNT_ROWS))],
    from: table(bounded),
    where: equals(column('first'), column('last')),
    groupBy: groups,
  };
}

/** Holders that are in several places, numbered in their own order. */
export function numberHolders(bounded: string): SqlQuery {
  const keys = ['subject', 'value'].map((name) => named(name, column(name)));
  const number = code({ kind: 'place', within: [], by: keys.map(({ expression }) => expression) });
  return {
    columns: [...keys, named('number', number)],
    from: table(bounded),
    where: { kind: 'compare', op: '<>', left: column('first'), right: column('last') },
  };
}

/** Number, place and value's code of every place that such a holder is in. `numbered`: of `numberHolders`. */
export function listHolders(placed: Relation, numbered: string, dictionary: string): SqlQuery {
  const columns = [
    named('number', columnOf(numbered, 'number')),
    named('place', columnOf(placed.as, 'place')),
    named('code', columnOf(dictionary, 'code')),
  ];
  const ofHolder = all([
    equals(columnOf(placed.as, 'subject'), columnOf(numbered, 'subject')),
    same(columnOf(placed.as, 'value'), columnOf(numbered, 'value')),
  ]);
  return {
    columns,
    from: placed,
    joins: [
      { kind: 'inner', with: table(numbered), on: ofHolder },
      {
        kind: 'inner',
        with: table(dictionary),
        on: same(columnOf(placed.as, 'value'), columnOf(dictionary, 'value')),
      },
    ],
    distinct: true,
    orderBy: columns.map(({ expression }) => ({ by: expression })),
  };
}
